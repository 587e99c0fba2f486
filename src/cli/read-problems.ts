import { ProblemGroups } from '../tables/problem-groups.ts'
import type { ReadProblem } from '../tables/source.ts'
import { Unexamined } from '../tables/unexamined.ts'
import { Failure } from './exit.ts'
import { countText } from './formats/table.ts'
import type { FileDiagnostic, Reporter } from './reporter.ts'

/** Thrown at the first problem where all are to be fatal. */
class StrictProblem extends Error {
  override readonly name = 'StrictProblem'
  readonly problem: ReadProblem

  constructor(problem: ReadProblem) {
    super(problem.message)
    this.problem = problem
  }
}

/** Gathers records and values that could not be read. */
export class ReadProblems {
  readonly #strict: boolean
  readonly #groups = new ProblemGroups()
  readonly #unexamined: Unexamined
  /** Whether records that were not looked at are told of elsewhere, for several queries at once. */
  readonly #tellsElsewhere: boolean

  constructor(strict: boolean, unexamined?: Unexamined) {
    this.#strict = strict
    this.#unexamined = unexamined ?? new Unexamined()
    this.#tellsElsewhere = unexamined !== undefined
  }

  /** What a run counts with which records it does not look at: none where all problems are fatal. */
  examining(): { readonly onUnexamined?: Unexamined['add'] } {
    return this.#strict ? {} : { onUnexamined: this.#unexamined.add }
  }

  /** Takes a problem; a file that is scanned twice has each of its problems once. */
  readonly add = (problem: ReadProblem): void => {
    if (this.#strict) throw new StrictProblem(problem)
    this.#groups.add(problem)
  }

  /** Reports what was gathered. */
  async report(reporter: Reporter): Promise<void> {
    for (const { first, count } of this.#groups.all()) {
      for (const problem of first) await reporter.inFile(describe(problem, 'warning'))
      const [example] = first
      const hidden = count - first.length
      if (hidden === 0 || example === undefined) continue
      const { kind, column } = example
      const more =
        kind === 'record'
          ? countText(hidden, 'record')
          : `${countText(hidden, 'value')} of ${column ?? 'a column'}`
      await reporter.inFile({
        code: 'KQL202',
        severity: 'warning',
        message: `${more} more could not be read.`,
        file: example.file,
      })
    }
    this.#groups.clear()
    if (!this.#tellsElsewhere) await reportUnexamined(this.#unexamined, reporter)
  }
}

/** Says how many records were not looked at. */
export async function reportUnexamined(unexamined: Unexamined, reporter: Reporter): Promise<void> {
  for (const { file, message } of unexamined.notes()) {
    const hint = 'Use --strict to read all.'
    await reporter.inFile({ code: 'KQL212', severity: 'info', message, file, hint })
  }
}

/**
 * Reports the problem that ended a strict run.
 * @throws Failure for it, and any other error as it is.
 */
export async function failStrictly(error: unknown, reporter: Reporter): Promise<never> {
  if (!(error instanceof StrictProblem)) throw error
  await reporter.inFile(describe(error.problem, 'error'))
  throw new Failure('strict')
}

function describe(problem: ReadProblem, severity: FileDiagnostic['severity']): FileDiagnostic {
  const { file, line, kind, column, message } = problem
  const fate = severity === 'error' ? 'cannot be read' : kind === 'record' ? 'skipped' : 'made null'
  const what = kind === 'record' ? 'record' : `value of ${column ?? 'a column'}`
  // Without a line it is about the file, which is not read any further.
  const isOfFile = kind === 'record' && line === undefined
  return {
    code: 'KQL202',
    severity,
    message: isOfFile ? message : `${what} ${fate}: ${message}`,
    file,
    ...(line === undefined ? {} : { line }),
  }
}
