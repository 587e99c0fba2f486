import { NO_ROW } from '../../tables/batch.ts'
import type { RequiredText, ScanFilter, TimeRange } from '../../tables/source.ts'
import type { TextVector, Vector } from '../../tables/vector.ts'
import { MAX_DATETIME } from '../../types/datetime.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { indexOfColumn } from '../../types/schema.ts'
import { varies } from '../plan/expression.ts'
import type { ColumnExpr, Expr, Plan, ScanPlan } from '../plan/nodes.ts'
import { longestWord } from '../plan/rewrites/longest-word.ts'
import { isTimeOfRows } from '../plan/rewrites/time-range.ts'
import { DelegatingRun } from './delegating-run.ts'
import { KeyIndex } from './key-index.ts'
import type { Run, ScanKeys } from './run.ts'

/** Keys with more words than this are not looked for in the bytes of records. */
const MOST_WORDS = 6

/** A key of a join's side that is a column of a scan. */
interface ScanKey {
  /** The position among the keys. */
  readonly key: number
  readonly type: ScalarType
  /** The name of the scan's column. */
  readonly column: string
}

/**
 * The run for the side of a join whose rows without a partner do not count: its scan leaves out rows
 * whose keys the other side lacks, and whose times are outside of what that leaves. `columns` has the other
 * side's keys, of the rows from 0 on.
 */
export function runWithKeys(
  plan: Plan,
  keys: readonly Expr[],
  columns: readonly Vector[],
  rows: Uint32Array,
  run: Run,
  near?: NearTimes,
): Run {
  if (run.without.includes('runtime-filters')) return run
  const found = keys.map((key, index) => keyOfScan(plan, key, index))
  const timed = near && timesInScan(plan, near)
  const scan = found.find(each => each !== undefined)?.scan ?? timed?.scan
  if (scan === undefined) return run
  if (rows.length === 0) return new KeyedRun(run, scan, { filter: NEVER, texts: [] })
  const times = timed?.scan === scan ? { times: timed.times } : {}
  const own = found.flatMap(each => (each?.scan === scan ? [each.key] : []))
  if (own.length === 0) return new KeyedRun(run, scan, { texts: [], ...times })
  const index = new KeyIndex(own.map(({ type }) => type))
  const vectors = own.map(({ key }) => columns[key]!)
  index.assign(vectors, rows, new Uint32Array(columns[0]?.length ?? 0))
  const texts = own.flatMap(({ column }, position) =>
    textOfKeys(scan, column, vectors[position]!, rows),
  )
  return new KeyedRun(run, scan, { filter: filterBy(index, own), texts, ...times })
}

/** Of a side without rows no row of the other one has a partner. */
const NEVER: ScanFilter = { columns: [], select: () => new Uint32Array(0), isNever: true }

/** The scan whose rows the keys of the other side leave out, where they are columns of one. */
export function scanOfKeys(plan: Plan, keys: readonly Expr[]): ScanPlan | undefined {
  return keys.map((key, index) => keyOfScan(plan, key, index)).find(each => each !== undefined)
    ?.scan
}

function filterBy(index: KeyIndex, keys: readonly ScanKey[]): ScanFilter {
  return {
    columns: [...new Set(keys.map(({ column }) => column))],
    select: batch => {
      const vectors = keys.map(({ column }) => batch.columns[indexOfColumn(batch.schema, column)]!)
      const groups = new Uint32Array(batch.length)
      index.find(vectors, batch.rows, groups)
      return batch.rows.filter(row => groups[row] !== NO_ROW)
    },
  }
}

/** The times that rows of a plan with a partner have in one of its columns: both ends count. */
export interface NearTimes {
  readonly column: string
  readonly from?: bigint
  readonly to?: bigint
}

/** The scan that a column of times is of, and what it is to be asked for; undefined where that says nothing. */
function timesInScan(
  plan: Plan,
  { column, from, to }: NearTimes,
): { readonly scan: ScanPlan; readonly times: TimeRange } | undefined {
  const found = scanOfTimes(plan, column)
  if (found === undefined) return undefined
  const times = {
    column: found.column,
    ...(from === undefined || from <= 0n ? {} : { from }),
    ...(to === undefined || to >= MAX_DATETIME ? {} : { to: to + 1n }),
  }
  const saysNothing = times.from === undefined && times.to === undefined
  return saysNothing ? undefined : { scan: found.scan, times }
}

/** The scan, and its column of the time of its rows, that a column of a plan is. */
export function scanOfTimes(
  plan: Plan,
  name: string,
): { readonly scan: ScanPlan; readonly column: string } | undefined {
  const found = keyOfScan(plan, { kind: 'column', name, type: 'datetime' }, 0)
  const source = found?.scan.columns.find(column => column.name === found.key.column)
  if (found === undefined || source === undefined || source.path !== undefined) return undefined
  return isTimeOfRows(source.column) ? { scan: found.scan, column: source.column } : undefined
}

/** The column of a scan that an expression over a plan's rows is, where nothing in between depends on which rows there are. */
function keyOfScan(
  plan: Plan,
  expr: Expr | Pick<ColumnExpr, 'kind' | 'name' | 'type'> | undefined,
  key: number,
): { readonly scan: ScanPlan; readonly key: ScanKey } | undefined {
  if (expr?.kind !== 'column') return undefined
  const { name, type } = expr
  switch (plan.kind) {
    case 'scan':
      return { scan: plan, key: { key, type, column: name } }
    case 'where':
      return varies(plan.predicate) ? undefined : keyOfScan(plan.input, expr, key)
    case 'sort':
      return keyOfScan(plan.input, expr, key)
    case 'project': {
      if (plan.columns.some(column => varies(column.expr))) return undefined
      const from = plan.columns.find(column => column.name === name)?.expr
      return from?.type === type ? keyOfScan(plan.input, from, key) : undefined
    }
    case 'mv-expand': {
      const made = plan.columns.some(column => column.name === name) || plan.itemIndex === name
      return made ? undefined : keyOfScan(plan.input, expr, key)
    }
    default:
      return undefined
  }
}

/** The words that rows with one of the keys have, where these are few texts. */
function textOfKeys(
  { columns }: ScanPlan,
  name: string,
  vector: Vector,
  rows: Uint32Array,
): RequiredText[] {
  const source = columns.find(column => column.name === name)
  if (vector.type !== 'string' || source === undefined) return []
  const words = new Set<string>()
  for (const row of rows) {
    const word = longestWord((vector as TextVector).at(row))
    if (word === undefined) return []
    words.add(word)
    if (words.size > MOST_WORDS) return []
  }
  return words.size === 0 ? [] : [{ columns: [source.column], words: [...words], inFilter: true }]
}

/** A run in which one scan leaves out rows by their keys. */
class KeyedRun extends DelegatingRun {
  readonly #scan: ScanPlan
  readonly #keys: ScanKeys

  constructor(outer: Run, scan: ScanPlan, keys: ScanKeys) {
    super(outer)
    this.#scan = scan
    this.#keys = keys
  }

  override keysOf(scan: ScanPlan): readonly ScanKeys[] {
    const outer = super.keysOf(scan)
    return scan === this.#scan ? [this.#keys, ...outer] : outer
  }
}
