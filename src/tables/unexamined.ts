import { exportRoot } from './formats/folder-times.ts'
import { UNREAD, UNWANTED } from './source.ts'

/** What is to be said of records of a file that were not looked at. */
export interface UnexaminedNote {
  readonly file: string
  readonly message: string
}

/** Counts records that were not looked at, because their bytes, or folders, show that they cannot matter. */
export class Unexamined {
  readonly #counts = new Map<string, number>()

  /** Takes the number of one scan of a file; of several scans the greatest counts. */
  readonly add = (records: number, file: string): void => {
    if (records > (this.#counts.get(file) ?? 0)) this.#counts.set(file, records)
  }

  /** A note for each file; of files that were not read, for each export, or for all that nothing wanted. */
  notes(): UnexaminedNote[] {
    const unread = new Map<string, number>()
    const unwanted: string[] = []
    const notes: UnexaminedNote[] = []
    for (const [file, count] of this.#counts) {
      if (count === UNREAD) {
        const root = exportRoot(file)
        unread.set(root, (unread.get(root) ?? 0) + 1)
        continue
      }
      if (count === UNWANTED) {
        unwanted.push(file)
        continue
      }
      const message =
        `${count} lines lack what the query needs, and were not examined: ` +
        'whether they could be read is not known.'
      notes.push({ file, message })
    }
    for (const [file, count] of unread) {
      const what = count === 1 ? '1 file lies' : `${count} files lie`
      const were = count === 1 ? 'was' : 'were'
      const message = `${what} in folders outside of the time that the query needs, and ${were} not read.`
      notes.push({ file, message })
    }
    const [file] = unwanted
    if (file !== undefined) {
      const rest = unwanted.length - 1
      const what =
        rest === 0 ? 'It was' : `It and ${rest} more ${rest === 1 ? 'file' : 'files'} were`
      const message = `${what} not read: what it is joined with has no rows.`
      notes.push({ file, message })
    }
    return notes
  }
}
