import { LineSet } from './line-set.ts'
import type { ReadProblem } from './source.ts'

/** Of problems of one kind in one file, so many are kept to be told one by one. */
const KEPT = 3

/** What could not be read of one kind, in one file, of one column. */
export interface ProblemGroup {
  /** The first of them; never none. */
  readonly first: readonly ReadProblem[]
  /** How many there are in all. */
  readonly count: number
}

interface Gathered extends ProblemGroup {
  readonly first: ReadProblem[]
  readonly lines: LineSet
  /** What is said without a line: of a whole file, or of a row by its number. */
  readonly messages: Set<string>
  count: number
}

/** Records and values that could not be read, by kind, file and column. */
export class ProblemGroups {
  readonly #groups = new Map<string, Gathered>()

  /** Takes a problem; a file that is scanned twice has each of its problems once. */
  add(problem: ReadProblem): void {
    const { kind, file, column = '', line, nth, message } = problem
    const key = `${kind}\0${file}\0${column}`
    const group = this.#groups.get(key) ?? {
      first: [],
      lines: new LineSet(),
      messages: new Set(),
      count: 0,
    }
    this.#groups.set(key, group)
    if (line !== undefined) {
      if (!group.lines.add(line, nth)) return
    } else if (group.messages.has(message)) return
    else group.messages.add(message)
    group.count++
    if (group.first.length < KEPT) group.first.push(problem)
  }

  /** The groups, in the order of their first problems. */
  all(): readonly ProblemGroup[] {
    return [...this.#groups.values()]
  }

  clear(): void {
    this.#groups.clear()
  }
}
