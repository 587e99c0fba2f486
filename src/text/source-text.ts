/** A place in a text as people count: both from 1. */
export interface Position {
  readonly line: number
  /** In UTF-16 units. */
  readonly column: number
}

const LINE_BREAK = /\r\n|\n|\r/g

/** A text with its name, and where its lines start. Lines end with LF, CRLF or CR. */
export class SourceText {
  readonly text: string
  readonly name: string
  #lineStarts: number[] | undefined

  constructor(text: string, name = 'query') {
    this.text = text
    this.name = name
  }

  /** How many lines the text has: at least one. */
  get lineCount(): number {
    return this.#starts().length
  }

  /** Where the offset stands; an offset outside of the text is taken as the nearest one inside. */
  positionAt(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.text.length))
    const starts = this.#starts()
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] as number) <= at) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: at - (starts[low] as number) + 1 }
  }

  /** The line without its line break; empty when there is no such line. */
  lineText(line: number): string {
    const starts = this.#starts()
    const start = starts[line - 1]
    if (start === undefined) return ''
    const end = starts[line] ?? this.text.length
    return this.text.slice(start, end).replace(/[\r\n]+$/, '')
  }

  #starts(): number[] {
    if (this.#lineStarts === undefined) {
      this.#lineStarts = [0]
      for (const match of this.text.matchAll(LINE_BREAK)) {
        this.#lineStarts.push(match.index + match[0].length)
      }
    }
    return this.#lineStarts
  }
}
