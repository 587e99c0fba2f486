/** Lines that are searched for one by one before all are looked over. */
const SEARCHES = 16

/** The columns of tables as a text: few of its lines are ever asked for. */
export class CodedTables {
  readonly #read: () => string
  #text: string | undefined
  /** What was found of tables, undefined where there is none. */
  readonly #found = new Map<string, string | undefined>()
  #lines: ReadonlyMap<string, string> | undefined

  /** `read` gives the line of each table: a line break, its name, a tab, its columns. It is called once. */
  constructor(read: () => string) {
    this.#read = read
  }

  /** What the line of the table says of its columns; undefined where there is no such table. */
  find(table: string): string | undefined {
    if (this.#lines === undefined && this.#found.size < SEARCHES) return this.#search(table)
    return this.#all().get(table)
  }

  /** The names of the tables, in order. */
  names(): Iterable<string> {
    return this.#all().keys()
  }

  #search(table: string): string | undefined {
    if (this.#found.has(table)) return this.#found.get(table)
    const text = this.#whole()
    const line = `\n${table}\t`
    const start = /[\n\t]/.test(table) ? -1 : text.indexOf(line)
    const columns = start < 0 ? undefined : lineFrom(text, start + line.length)
    this.#found.set(table, columns)
    return columns
  }

  #all(): ReadonlyMap<string, string> {
    if (this.#lines === undefined) {
      const lines = this.#whole().split('\n').slice(1)
      this.#lines = new Map(
        lines.map(line => {
          const tab = line.indexOf('\t')
          return [line.slice(0, tab), line.slice(tab + 1)]
        }),
      )
    }
    return this.#lines
  }

  #whole(): string {
    this.#text ??= this.#read()
    return this.#text
  }
}

function lineFrom(text: string, start: number): string {
  const end = text.indexOf('\n', start)
  return text.slice(start, end < 0 ? undefined : end)
}
