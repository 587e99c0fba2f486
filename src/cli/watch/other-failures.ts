import type { SuiteResult } from '../../testing/results.ts'
import { visible } from '../../text/visible.ts'
import { countText } from '../formats/table.ts'

/** Remembers the rules whose tests failed when they were run last. */
export class OtherFailures {
  /** How many tests of a file failed. */
  readonly #failed = new Map<string, number>()

  /** Takes the results of a pass; `known` are the files of tests that there are now. */
  take(results: readonly SuiteResult[], known: ReadonlySet<string>): void {
    for (const { testFile, tests } of results) {
      this.#failed.set(testFile, tests.filter(({ status }) => status === 'failed').length)
    }
    for (const file of this.#failed.keys()) if (!known.has(file)) this.#failed.delete(file)
  }

  /** How many tests fail, those of earlier passes included. */
  get count(): number {
    return [...this.#failed.values()].reduce((sum, count) => sum + count, 0)
  }

  /** A line about tests that failed and were not run in the pass; empty where there are none. */
  textBeside(results: readonly SuiteResult[]): string {
    const run = new Set(results.map(({ testFile }) => testFile))
    const others = [...this.#failed].filter(([file, count]) => count > 0 && !run.has(file))
    if (others.length === 0) return ''
    const count = others.reduce((sum, [, failed]) => sum + failed, 0)
    const files = others.map(([file]) => visible(file)).join(', ')
    return `${countText(count, 'test')} not run now failed before: ${files}\n`
  }
}
