import { sharedFile, sharedLines } from '../oracle/shared-data.ts'
import type { SuiteResult, SuiteTable } from './run-case.ts'

/** A case of the reference suites: a query with the table that it gives, where one is known. */
export interface SuiteCase {
  readonly id: string
  readonly query: string
  readonly notes: readonly string[]
  /** Sample tables that the query names. */
  readonly tables?: readonly string[]
  /** The official analyzer's columns; null where it refuses the query or was not asked. */
  readonly schema: readonly { readonly name: string; readonly type: string }[] | null
}

/** What came of a case: `lax` is a pass but for the order within an array. */
export interface Judgement {
  readonly status: 'pass' | 'lax' | 'fail' | 'error' | 'timeout'
  readonly why?: string
}

/** The comparison library of the reference suites. */
export interface SuiteLibrary {
  /** `check`: the expected table is known; `run`: it only has to run; `skip`: not for this runner. */
  kindOf(item: SuiteCase): readonly ['check' | 'run' | 'skip', string?]
  judge(
    item: SuiteCase,
    outcome: { readonly result?: SuiteResult; readonly error?: string },
    options: { readonly strictTypes: boolean },
  ): Judgement
  tablesFor(item: SuiteCase): Readonly<Record<string, SuiteTable>>
}

/** The suites, the strongest evidence first. */
export const SUITES = ['kql2sql-dev', 'duckdbkql-dev', 'docs-dev', 'kustoloco-dev'] as const

/** The cases of a suite. */
export function suiteCases(suite: (typeof SUITES)[number]): SuiteCase[] {
  return sharedLines(`conformance/${suite}.jsonl`) as SuiteCase[]
}

const library = sharedFile('conformance/lib.mjs')

/** The comparison library; undefined where the reference data are absent. */
export const SUITE_LIBRARY: SuiteLibrary | undefined =
  library === undefined ? undefined : await import(/* @vite-ignore */ library.href)
