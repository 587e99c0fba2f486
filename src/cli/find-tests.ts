import { stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join } from 'node:path'
import type { Rule } from '../rules/rule.ts'
import { tablesGiven } from '../testing/given-files.ts'
import { loadRuleTests, loadTests } from '../testing/load-tests.ts'
import type { TestFile } from '../testing/model.ts'
import type { TestSuite } from '../testing/run-suite.ts'
import { hasErrors } from '../text/diagnostic.ts'
import { SourceText } from '../text/source-text.ts'
import { filesAt, filesOfText, type QueryFile, RULE_NAME } from './query-files.ts'
import { readDecoded, readText } from './query-text.ts'
import type { Reporter } from './reporter.ts'

/** Rules and their tests, as they were found. */
export interface FoundTests {
  readonly suites: readonly TestSuite[]
  /** The same with those that are not wanted. */
  readonly all: readonly TestSuite[]
  /** Rules that have no tests. */
  readonly untested: readonly { readonly rule: Rule; readonly source: SourceText }[]
}

/** Which of the rules are wanted. */
export interface FindTestsOptions {
  /**
   * Whether a rule is wanted, by all files that decide about its tests: its own, that of its tests, and
   * the data that they name. All are where it is missing.
   */
  readonly isChanged?: (files: readonly string[]) => boolean
}

const TESTS_NAME = /\.tests\.ya?ml$/i
const RULE_ENDINGS = ['.yaml', '.yml', '.json']

/**
 * The rules at the paths, and files of tests, each with its rule: that beside it, or the one that it
 * names. What cannot be used is reported.
 */
export async function findTests(
  paths: readonly string[],
  reporter: Reporter,
  { isChanged }: FindTestsOptions = {},
): Promise<FoundTests> {
  const finder = new TestFinder(reporter)
  for (const path of paths) {
    const isWanted = (name: string) => RULE_NAME.test(name) || TESTS_NAME.test(name)
    for (const { path: file, isNamed } of await filesAt(path, isWanted, reporter)) {
      if (TESTS_NAME.test(file)) await finder.addTests(file)
      else await finder.addRule(file, isNamed)
    }
  }
  const { suites, untested } = finder
  if (isChanged === undefined) return { suites, all: suites, untested: untested() }
  return {
    all: suites,
    suites: suites.filter(suite => isChanged(filesOf(suite))),
    untested: untested().filter(({ source }) => isChanged([source.name])),
  }
}

/** The files that decide about the tests of a rule. */
export function filesOf({ ruleSource, file }: TestSuite): string[] {
  const data = tablesGiven(file).flatMap(({ files }) => files.map(({ path }) => path))
  return [...new Set([ruleSource.name, file.source.name, ...data])]
}

class TestFinder {
  readonly suites: TestSuite[] = []
  readonly #reporter: Reporter
  readonly #rules = new Map<string, readonly QueryFile[]>()
  readonly #files = new Set<string>()
  readonly #tested = new Set<Rule>()

  constructor(reporter: Reporter) {
    this.#reporter = reporter
  }

  readonly untested = () =>
    [...this.#rules.values()].flat().flatMap(({ rule, source }) => {
      return rule === undefined || this.#tested.has(rule) ? [] : [{ rule, source }]
    })

  async addTests(path: string): Promise<void> {
    if (this.#files.has(path)) return
    this.#files.add(path)
    const source = new SourceText(await readText(path, this.#reporter), path)
    const { file, diagnostics } = loadTests(source, each => besides(path, each))
    for (const diagnostic of diagnostics) await this.#reporter.inSource(source, diagnostic)
    if (file === undefined) return
    const rulePath = file.rule?.path ?? (await ruleBeside(path))
    const span = file.rule?.span ?? { start: 0, end: 0 }
    const refuse = (message: string, hint?: string) =>
      this.#reporter.inSource(source, {
        code: 'KQL604',
        severity: 'error',
        message,
        span,
        ...(hint === undefined ? {} : { hint }),
      })
    if (rulePath === undefined) {
      await refuse('There is no rule beside the file.', 'Name it: `rule: path/of/the-rule.yaml`.')
      return
    }
    const errors = this.#reporter.errors
    const rules = await this.#rulesOf(rulePath)
    const [only] = rules
    if (rules.length > 1) await refuse(`${rulePath} holds several rules.`)
    else if (only?.rule !== undefined) this.#add(only.rule, only.source, file)
    else if (this.#reporter.errors === errors) await refuse(`${rulePath} is no rule.`)
  }

  async addRule(path: string, isNamed: boolean): Promise<void> {
    const files = await this.#rulesOf(path)
    const rules = files.filter(({ rule }) => rule !== undefined)
    if (isNamed) {
      const beside = await firstFile(
        ['.yaml', '.yml'].map(end => `${withoutEnding(path)}.tests${end}`),
      )
      if (beside !== undefined) await this.addTests(beside)
    }
    for (const { rule, source } of rules) {
      if (rule === undefined || this.#files.has(path)) continue
      this.#files.add(path)
      const { file, diagnostics } = loadRuleTests(source, each => besides(path, each))
      for (const diagnostic of diagnostics) await this.#reporter.inSource(source, diagnostic)
      if (file !== undefined) this.#add(rule, source, file)
      else if (hasErrors(diagnostics)) this.#tested.add(rule)
    }
  }

  #add(rule: Rule, ruleSource: SourceText, file: TestFile): void {
    this.#tested.add(rule)
    this.suites.push({ rule, ruleSource, file })
  }

  async #rulesOf(path: string): Promise<readonly QueryFile[]> {
    const known = this.#rules.get(path)
    if (known !== undefined) return known
    const files = filesOfText(path, await readDecoded(path, this.#reporter), false)
    for (const { source, diagnostics } of files) {
      for (const diagnostic of diagnostics) await this.#reporter.inSource(source, diagnostic)
    }
    this.#rules.set(path, files)
    return files
  }
}

/** A path as a file names it, from the working directory. */
function besides(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path)
}

function withoutEnding(path: string): string {
  return path.replace(/\.[^./\\]+$/, '')
}

/** The rule that a file of tests is named after. */
function ruleBeside(path: string): Promise<string | undefined> {
  const name = basename(path).replace(TESTS_NAME, '')
  return firstFile(RULE_ENDINGS.map(ending => join(dirname(path), name + ending)))
}

async function firstFile(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const isFile = await stat(path).then(
      found => found.isFile(),
      () => false,
    )
    if (isFile) return path
  }
  return undefined
}
