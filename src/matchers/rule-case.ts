import { stringify } from 'yaml'
import { didYouMean } from '../engine/binder/suggest.ts'
import type { RuleTestsOptions } from '../testing/library.ts'
import type { ScalarType } from '../types/scalar-type.ts'

/** A rule as matchers take it. */
export interface RuleText {
  /** The text of the rule's file. */
  readonly rule: string
  /** Its name, for what is told of faults. */
  readonly ruleFile?: string
}

/** A row, or what is expected of one: values by column, or by path into a dynamic one. */
export type RowValues = Readonly<Record<string, unknown>>

/** Where a rule is run: what `runRuleTests` takes for all its tests. */
export type RulePlaceOptions = Pick<
  RuleTestsOptions,
  'catalog' | 'workspace' | 'externalData' | 'geoip' | 'signal'
>

/** What a rule is given: a test of a file of tests, without its name and what it expects. */
export interface RuleCase extends RulePlaceOptions {
  /** Rows by table. Times may count from `now`: `-25m`. */
  readonly given?: Readonly<Record<string, readonly RowValues[]>>
  readonly now?: string | Date
  /** Lets the rule run on its schedule: times as text, `delay` as a duration. */
  readonly runs?: {
    readonly from?: string
    readonly to?: string
    readonly anchor?: string
    readonly delay?: string
  }
  /** Columns of tables that are not built in. */
  readonly schemas?: Readonly<Record<string, Readonly<Record<string, ScalarType>>>>
  readonly watchlists?: Readonly<
    Record<
      string,
      readonly RowValues[] | { readonly rows: readonly RowValues[]; readonly searchKey?: string }
    >
  >
  readonly functions?: Readonly<Record<string, string>>
}

/** How listed rows are compared with those that came. */
export interface RowComparison {
  /** Whether there may be rows that are not listed. */
  readonly others?: boolean
  /** Whether the columns that a listed row does not name are empty. */
  readonly exact?: boolean
  /** Whether the rows come in the order of the list. */
  readonly ordered?: boolean
}

/** An alert that is expected: what of it matters. */
export interface AlertValues {
  readonly title?: string
  readonly description?: string
  readonly severity?: string
  readonly tactics?: readonly string[]
  readonly techniques?: readonly string[]
  /** All of its entities: the type of each, and those of its identifiers that matter. */
  readonly entities?: readonly Readonly<Record<string, Readonly<Record<string, string>>>>[]
  readonly customDetails?: Readonly<Record<string, readonly string[]>>
  /** How many rows it is about. */
  readonly rows?: number
  /** When the run was. */
  readonly run?: string
}

const CASE_NAMES: Readonly<Record<keyof RuleCase, true>> = {
  given: true,
  now: true,
  runs: true,
  schemas: true,
  watchlists: true,
  functions: true,
  catalog: true,
  workspace: true,
  externalData: true,
  geoip: true,
  signal: true,
}

/**
 * Refuses what a case does not have: rows under a name of their own would be left out in silence.
 * @throws TypeError for the first such name.
 */
export function checkCase(matcher: string, given: RuleCase): void {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(CASE_NAMES, name)) continue
    const hint = didYouMean(name, Object.keys(CASE_NAMES)) ?? 'Rows by table are its `given`.'
    throw new TypeError(`${matcher} takes no \`${name}\`. ${hint}`)
  }
}

/**
 * Refuses a listed row or alert of which a value is undefined: it would be left out, and hold for every other.
 * @throws TypeError for the first such value.
 */
export function checkListed(matcher: string, items: unknown): void {
  for (const [index, item] of (Array.isArray(items) ? items : []).entries()) {
    for (const [name, value] of Object.entries(item ?? {})) {
      if (value !== undefined) continue
      throw new TypeError(`${matcher}: \`${name}\` of number ${index + 1} is undefined.`)
    }
  }
}

/** The text of a file with one test of a case. Long numbers may be bigints, times Dates. */
export function testsText(name: string, given: RuleCase, expect: unknown): string {
  const { schemas, now, runs, watchlists, functions, given: tables = {} } = given
  const test = { name, now, runs, watchlists, functions, given: tables, expect }
  return yamlText({ schemas, tests: [test] })
}

/** The text of a file with one test that gives nothing. */
export function expectationText(name: string, expect: unknown): string {
  return yamlText({ tests: [{ name, expect }] })
}

function yamlText(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })
}
