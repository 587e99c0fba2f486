import type { Rule } from '../../rules/rule.ts'
import type { Diagnostic } from '../../text/diagnostic.ts'
import { hasErrors } from '../../text/diagnostic.ts'
import type { Span } from '../../text/span.ts'
import type { CompiledRule } from '../compiled-rule.ts'
import type { AcceptedMutant, TestFile } from '../model.ts'
import { type PreparedTests, prepareTests } from '../prepare-tests.ts'
import type { FilePlace } from '../results.ts'
import { placeOf, runSuite, type SuiteOptions, type TestSuite } from '../run-suite.ts'
import { meaningOf } from './meaning.ts'
import { type Mutant, mutantsOf } from './mutants.ts'
import type { MutationOperator } from './operators.ts'
import { witnessOf } from './witness.ts'

/**
 * What became of a mutant. `killed`: a test failed. `survived`: all passed. `accepted`: survived, and
 * the file of tests says why that is well. `equivalent`: proved to mean what the rule means. `invalid`:
 * no rule.
 */
export type MutantStatus = 'killed' | 'survived' | 'accepted' | 'equivalent' | 'invalid'

/** A mutant of a rule, and what became of it. */
export interface MutantResult {
  readonly operator: MutationOperator
  readonly status: MutantStatus
  /** What was changed, in the rule's file. */
  readonly span: Span
  /** Where that begins, and ends. */
  readonly place: FilePlace
  readonly end: FilePlace
  /** What was changed, as it stands there. */
  readonly text: string
  /** What was done: "`has` becomes `contains`", "left out". */
  readonly what: string
  /** The test that failed. */
  readonly killedBy?: string
  /** Why it was accepted. */
  readonly reason?: string
  /** For a survivor, how a test could tell it from the rule, where that was found. */
  readonly witness?: string
}

/** The mutants of a rule. */
export interface MutationResult {
  readonly rule: string
  readonly ruleFile: string
  readonly testFile: string
  readonly mutants: readonly MutantResult[]
  /** Killed mutants of those that were neither equivalent nor invalid; undefined without any. */
  readonly score: number | undefined
  /** Faults and warnings: with errors there are no mutants. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Runs the tests of a rule on each of its mutants. The rule itself has to pass them. */
export async function mutateRule(
  suite: TestSuite,
  options: SuiteOptions = {},
): Promise<MutationResult> {
  const { rule, ruleSource, file } = suite
  const head = { rule: rule.name, ruleFile: ruleSource.name, testFile: file.source.name }
  const whole = await runSuite(suite, { ...options, bail: true })
  const failed = whole.tests.find(({ status }) => status === 'failed')
  const diagnostics = failed === undefined ? whole.diagnostics : [failure(failed.name, suite)]
  if (failed !== undefined || hasErrors(diagnostics)) {
    return { ...head, mutants: [], score: undefined, diagnostics }
  }
  const prepared = await prepareTests(rule, file, options)
  const mutants: MutantResult[] = []
  const accepted = new AcceptedMutants(file)
  for (const mutant of mutantsOf(rule.query.text)) {
    options.signal?.throwIfAborted()
    mutants.push(await resultOf(mutant, suite, prepared, accepted, options))
  }
  const counted = mutants.filter(({ status }) => status !== 'equivalent' && status !== 'invalid')
  const killed = counted.filter(({ status }) => status === 'killed')
  const score = counted.length === 0 ? undefined : killed.length / counted.length
  return { ...head, mutants, score, diagnostics: [...diagnostics, ...accepted.unused()] }
}

function failure(test: string, { file }: TestSuite): Diagnostic {
  return {
    code: 'KQL608',
    severity: 'error',
    message: `The rule itself does not pass the test \`${test}\`.`,
    span: file.tests.find(({ name }) => name === test)?.span ?? { start: 0, end: 0 },
    hint: 'Only tests that pass can tell mutants from the rule.',
    source: file.source,
  }
}

async function resultOf(
  mutant: Mutant,
  suite: TestSuite,
  prepared: PreparedTests,
  accepted: AcceptedMutants,
  options: SuiteOptions,
): Promise<MutantResult> {
  const { rule, ruleSource } = suite
  const span = rule.query.toFile(mutant.span)
  const common = {
    operator: mutant.operator,
    span,
    place: placeOf(ruleSource, span),
    end: placeOf(ruleSource, { start: span.end, end: span.end }),
    text: rule.query.text.slice(mutant.span.start, mutant.span.end),
    what: mutant.what,
  }
  const other = mutatedRule(rule, mutant.text)
  const changed = await prepareTests(other, suite.file, options)
  if (hasErrors(changed.ruleDiagnostics) || hasErrors(changed.diagnostics)) {
    return { ...common, status: 'invalid' }
  }
  if (sameMeaning(prepared, changed)) return { ...common, status: 'equivalent' }
  const changedSuite = { ...suite, rule: other }
  const { tests, diagnostics } = await runSuite(changedSuite, { ...options, bail: true })
  if (hasErrors(diagnostics)) return { ...common, status: 'invalid' }
  const failed = tests.find(({ status }) => status === 'failed')
  if (failed !== undefined) return { ...common, status: 'killed', killedBy: failed.name }
  const reason = accepted.reasonFor(common)
  if (reason !== undefined) return { ...common, status: 'accepted', reason }
  const witness = await witnessOf(prepared, changed, mutant.span)
  return { ...common, status: 'survived', ...(witness === undefined ? {} : { witness }) }
}

/** The rule with another query, whose places are those of the whole query in the file. */
function mutatedRule(rule: Rule, text: string): Rule {
  const { query } = rule
  const whole = { start: 0, end: query.text.length }
  return { ...rule, query: { text, toFile: () => query.toFile(whole) } }
}

/** Whether, for every test, the queries give the same rows over any data that its runs see. */
function sameMeaning(prepared: PreparedTests, changed: PreparedTests): boolean {
  // Tests without stubs of their own share what is compiled.
  const pairs = new Map(
    prepared.tests.map(({ compiled }, at) => [compiled, changed.tests[at]?.compiled]),
  )
  return [...pairs].every(([one, other]) => {
    const meaning = meaningOfRule(one)
    return meaning !== undefined && other !== undefined && meaning === meaningOfRule(other)
  })
}

const meanings = new WeakMap<CompiledRule, string | undefined>()

/** What the query of a rule means in the window of its runs; worked out once. */
function meaningOfRule(compiled: CompiledRule): string | undefined {
  if (!meanings.has(compiled)) {
    const window = compiled.rule.period
    meanings.set(compiled, meaningOf(compiled.asWritten, { window }))
  }
  return meanings.get(compiled)
}

/** The survivors that a file of tests accepts. */
class AcceptedMutants {
  readonly #file: TestFile
  readonly #used = new Set<AcceptedMutant>()

  constructor(file: TestFile) {
    this.#file = file
  }

  reasonFor(mutant: Pick<MutantResult, 'operator' | 'text' | 'what'>): string | undefined {
    const found = this.#file.accepted.find(
      ({ operator, at, becomes }) =>
        operator === mutant.operator &&
        plain(at) === plain(mutant.text) &&
        (becomes === undefined || mutant.what.endsWith(`becomes \`${becomes}\``)),
    )
    if (found !== undefined) this.#used.add(found)
    return found?.reason
  }

  unused(): Diagnostic[] {
    return this.#file.accepted
      .filter(accepted => !this.#used.has(accepted))
      .map(({ span }) => ({
        code: 'KQL609',
        severity: 'warning',
        message: 'No mutant survives that is like this.',
        span,
        source: this.#file.source,
      }))
  }
}

/** Without differences in blanks. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
