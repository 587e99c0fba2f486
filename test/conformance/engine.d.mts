import type { Column } from '../../src/types/schema.ts'

/** A table of a case of the reference suites. */
export interface SuiteTable {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly unknown[])[]
}

/** What the reference runner compares with the expected table. */
export interface SuiteResult {
  readonly columns: readonly Column[]
  readonly rows: readonly unknown[][]
}

export function run(
  text: string,
  options: { readonly tables?: Readonly<Record<string, SuiteTable>> },
): Promise<SuiteResult>
