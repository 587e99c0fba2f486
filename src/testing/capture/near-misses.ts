import type { Span } from '../../text/span.ts'
import { mutantsOf } from '../mutation/mutants.ts'
import { changedTables, changesToTry, type FixtureChange, literalsIn } from './fixture-changes.ts'
import type { FixtureTables } from './fixture-rows.ts'

/** A fixture that fails one part of a filter, and nothing else of the query. */
export interface NearMiss {
  /** The part, in the query. */
  readonly span: Span
  /** What makes the difference to the fixture that fires. */
  readonly changes: readonly FixtureChange[]
  readonly tables: FixtureTables
}

/** Whether a query fires over tables. */
export type Fires = (tables: FixtureTables) => Promise<boolean>

/** What near misses are looked for of. */
export interface FiringFixture {
  readonly query: string
  readonly tables: FixtureTables
  /** The time that is now, in ticks. */
  readonly now: bigint
  readonly fires: Fires
  /** Whether the column of a change takes the value that it puts there. */
  readonly takes: (change: FixtureChange) => boolean
  /** The same for another query; undefined where it has errors. */
  readonly firesWith: (query: string) => Fires | undefined
}

/** What {@link nearMisses} found, and for which parts of filters it found nothing. */
export interface NearMisses {
  readonly found: readonly NearMiss[]
  readonly unsolved: readonly Span[]
}

/** Changes that are tried for one part. */
const MOST_TRIED = 3000

/**
 * For each part of each filter a change of the tables with which the query does not fire, but would
 * with that part turned round: the part alone keeps it from it.
 */
export async function nearMisses(fixture: FiringFixture): Promise<NearMisses> {
  const found: NearMiss[] = []
  const unsolved: Span[] = []
  const parts = mutantsOf(fixture.query).filter(({ operator }) => operator === 'negate')
  for (const { span, text } of parts) {
    const negated = fixture.firesWith(text)
    const miss = negated && (await nearMiss(fixture, span, negated))
    if (miss === undefined) unsolved.push(span)
    else found.push(miss)
  }
  return { found, unsolved }
}

async function nearMiss(
  { query, tables, now, fires, takes }: FiringFixture,
  span: Span,
  negated: Fires,
): Promise<NearMiss | undefined> {
  let tried = 0
  for (const changes of changesToTry(tables, literalsIn(query, span), now)) {
    if (!changes.every(takes)) continue
    if (tried++ === MOST_TRIED) return undefined
    const changed = changes.reduce(changedTables, tables)
    if (!(await negated(changed)) || (await fires(changed))) continue
    return { span, changes, tables: changed }
  }
  return undefined
}
