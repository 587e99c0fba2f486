import type { RecordPath } from '../json/record-columns.ts'
import type { FramesContainer } from './container.ts'
import { chooseFrame } from './container.ts'
import type { FrameAction, FrameSink } from './json-framer.ts'
import type { RecordSink } from './record-sink.ts'

/**
 * Hands on the rows of the primary table of a query's response: of several, the first, or the one
 * that says that it is. The others hold statistics. Rows of a primary table that has other columns than the
 * first one, in a further response, are reported.
 */
export class TabularFrames implements FrameSink {
  readonly #container: FramesContainer
  readonly #sink: RecordSink
  /** Where a table begins. */
  readonly #tableDepth: number
  #tables = 0
  #isPrimary = true
  /** The columns of the first table, and whether the table has them. */
  #first: string | undefined
  #isLikeFirst = false

  constructor(container: FramesContainer, sink: RecordSink) {
    this.#container = container
    this.#sink = sink
    this.#tableDepth = (container.records[0]?.length ?? 0) - 2
  }

  choose(path: RecordPath, opening: 'object' | 'array' | 'scalar', line: number): FrameAction {
    const action = chooseFrame(this.#container, path, opening)
    if (path.length === 0) this.#tables = 0
    // A frame of v2 says what it is, or goes on with the one before; elsewhere the first table is the result.
    const isTable = opening === 'object' && path.length === this.#tableDepth && path.length > 1
    if (action === 'enter' && isTable) {
      this.#tables++
      this.#isLikeFirst = false
      this.#isPrimary = this.#tables === 1
    }
    if (action !== 'record') return action
    if (this.#isPrimary && this.#isLikeFirst) return 'record'
    if (this.#isPrimary) this.#sink.broken(line, 'Its table has other columns than the first one.')
    return 'skip'
  }

  record(bytes: Uint8Array, start: number, end: number, line: number): void {
    this.#sink.record(bytes, start, end, line)
  }

  value(bytes: Uint8Array, start: number, end: number, line: number): number {
    return this.#sink.value(bytes, start, end, line)
  }

  capture(path: RecordPath, text: string): void {
    switch (path.at(-1)) {
      case 'TableKind':
        this.#isPrimary = text === '"PrimaryResult"'
        break
      case 'columns':
      case 'Columns':
        if (this.#isPrimary) this.#columns(text)
        break
      default:
        this.#sink.note(path, text)
    }
  }

  broken(line: number, message: string): void {
    this.#sink.broken(line, message)
  }

  #columns(text: string): void {
    const columns = columnsIn(text)
    const written = JSON.stringify(columns)
    this.#first ??= written
    this.#isLikeFirst = written === this.#first
    if (!this.#isLikeFirst) return
    this.#sink.columns(
      columns.map(column => column.name),
      columns.map(column => column.type),
    )
  }
}

/** The columns that a response declares, under any of the names that its parts have there. */
export function columnsIn(text: string): { name: string; type: string }[] {
  const columns: { name: string; type: string }[] = []
  for (const member of jsonArray(text)) {
    if (typeof member !== 'object' || member === null) continue
    const of = (...names: string[]) => {
      for (const name of names) {
        const value: unknown = Object.getOwnPropertyDescriptor(member, name)?.value
        if (typeof value === 'string') return value
      }
      return ''
    }
    const name = of('name', 'Name', 'ColumnName')
    columns.push({ name, type: of('type', 'Type', 'ColumnType', 'DataType') })
  }
  return columns
}

function jsonArray(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
