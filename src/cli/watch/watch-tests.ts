import { resolve } from 'node:path'
import { runTests, type TestOptions, type TestPass } from '../commands/test.ts'
import { coverageFiles } from '../coverage-files.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import type { Environment } from '../session.ts'
import { findConfig } from '../settings.ts'
import { fixedPart, sharedFiles } from '../shared-files.ts'
import { reportFiles } from '../test-reports.ts'
import { type Affected, affectedBy, isAffected, type TestInputs } from './affected.ts'
import { ChangeBatches } from './change-batches.ts'
import { FolderWatch } from './folder-watch.ts'
import { type KeyCommand, listenToKeys } from './keys.ts'
import { OtherFailures } from './other-failures.ts'

/** Milliseconds without a change after which tests are run again. */
const QUIET_MS = 40
/** Clears the screen and what was scrolled away, and goes to its corner. */
const CLEAR = '\u001b[2J\u001b[3J\u001b[H'

/**
 * Runs tests, and again those that a change of files touches, until the user ends it. Gives 1 where
 * tests fail then.
 */
export async function watchTests(
  paths: readonly string[],
  options: TestOptions,
  environment: Environment,
): Promise<ExitCode> {
  const watching = new Watching(paths, options, environment)
  const stopKeys = listenToKeys(process.stdin, command => watching.take(command))
  try {
    return await watching.run()
  } finally {
    stopKeys()
    watching.close()
  }
}

class Watching {
  readonly #paths: readonly string[]
  readonly #options: TestOptions
  readonly #environment: Environment
  readonly #changes = new ChangeBatches(callback => {
    const timer = setTimeout(callback, QUIET_MS)
    return () => clearTimeout(timer)
  })
  readonly #end = Promise.withResolvers<'quit' | 'interrupt'>()
  readonly #folders = new FolderWatch(
    path => this.#changes.add(path),
    error => this.#end.reject(error),
  )
  readonly #failures = new OtherFailures()
  /** Whether a key asked for all tests. */
  #wantsAll = false
  #inputs: TestInputs

  constructor(paths: readonly string[], options: TestOptions, environment: Environment) {
    this.#paths = paths.length === 0 ? ['.'] : paths
    this.#options = options
    this.#environment = environment
    this.#inputs = { suites: [], shared: [], written: reportsOf(options) }
    // A fault during a pass is told after it.
    this.#end.promise.catch(() => undefined)
    const { signal } = environment
    signal.addEventListener('abort', () => this.#end.resolve('interrupt'), { once: true })
  }

  take(command: KeyCommand): void {
    if (command !== 'all') {
      this.#end.resolve(command)
      return
    }
    this.#wantsAll = true
    this.#changes.add('')
  }

  close(): void {
    this.#folders.close()
    this.#changes.close()
  }

  async run(): Promise<ExitCode> {
    for (const path of this.#paths) await this.#folders.add(path)
    let affected: Affected = 'all'
    let code: ExitCode = EXIT.ok
    for (;;) {
      if (affected !== 'none') code = await this.#pass(affected)
      const next = await Promise.race([this.#changes.next(), this.#end.promise])
      if (next === 'interrupt') return EXIT.interrupted
      if (next === 'quit') return code === EXIT.ok && this.#failures.count > 0 ? EXIT.failed : code
      affected = this.#wantsAll ? 'all' : affectedBy(next, this.#inputs)
      this.#wantsAll = false
    }
  }

  async #pass(affected: Affected): Promise<ExitCode> {
    const { out, err } = this.#environment.terminal
    if (out.isTerminal) await out.write(CLEAR)
    const isWanted = (files: readonly string[]): boolean => isAffected(files, affected)
    const pass = await runTests(
      this.#paths,
      this.#options,
      this.#environment,
      affected === 'all' ? undefined : isWanted,
    )
    await this.#learn(pass)
    this.#failures.take(pass.results, new Set(pass.suites.flat()))
    await err.write(this.#failures.textBeside(pass.results))
    await err.write(process.stdin.isTTY ? 'Watching: a runs all, q ends it.\n' : 'Watching.\n')
    return pass.code
  }

  /** Remembers what bears on the tests, and watches it. */
  async #learn({ suites, settings }: TestPass): Promise<void> {
    const { config: given } = this.#options
    const config = given === false ? undefined : (given ?? (await findConfig(process.cwd())))
    const shared =
      settings === undefined ? this.#inputs.shared : sharedFiles(settings, this.#options)
    this.#inputs = {
      ...this.#inputs,
      // Without a configuration nothing was looked for: what was known still is.
      suites:
        settings === undefined ? this.#inputs.suites : suites.map(files => files.map(fixedPart)),
      shared: [...new Set([...shared, ...(config === undefined ? [] : [resolve(config)])])],
    }
    // What was asked for may have gone since: its parent tells when it is there again.
    for (const path of [...this.#paths, ...this.#inputs.shared, ...this.#inputs.suites.flat()]) {
      await this.#folders.add(path)
    }
  }
}

/** The reports that the options ask for. */
function reportsOf({ report = [], coverageReport = [] }: TestOptions): string[] {
  return [...reportFiles(report), ...coverageFiles(coverageReport)].map(({ path }) => resolve(path))
}
