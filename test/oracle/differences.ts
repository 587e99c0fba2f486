/** Why kqlab and the analyzer disagree about some queries, and how exactly they do. */
export interface Difference {
  /** What kqlab does and why that is right. */
  readonly reason: string
  /** The disagreement as `disagreement` puts it, by the query's text or its identifier. */
  readonly cases: Readonly<Record<string, string>>
}

/** For the queries of this project, by their text. */
export const OWN_QUERIES: readonly Difference[] = []

/** For the public queries, by their identifier. */
export const CORPUS: readonly Difference[] = []

/** For the conformance suites, by the identifier of the case. */
export const CONFORMANCE_SUITES: readonly Difference[] = []

/** Every listed disagreement of a list. */
export function listed(differences: readonly Difference[]): Record<string, string> {
  const all = differences.flatMap(({ cases }) => Object.entries(cases))
  const names = new Set(all.map(([name]) => name))
  if (names.size !== all.length) throw new Error('a query is listed twice')
  return Object.fromEntries(all)
}
