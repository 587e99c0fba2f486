/** What is to be said of records of a file that were not looked at. */
export interface UnexaminedNote {
  readonly file: string
  readonly message: string
}

/** Counts records that were not looked at, because their bytes show that they cannot matter. */
export class Unexamined {
  readonly #counts = new Map<string, number>()

  /** Takes the number of one scan of a file; of several scans the greatest counts. */
  readonly add = (records: number, file: string): void => {
    if (records > (this.#counts.get(file) ?? 0)) this.#counts.set(file, records)
  }

  /** A note for each file. */
  notes(): UnexaminedNote[] {
    return Array.from(this.#counts, ([file, count]) => ({
      file,
      message:
        `${count} lines lack what the query needs, and were not examined: ` +
        'whether they could be read is not known.',
    }))
  }
}
