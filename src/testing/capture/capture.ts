import { Prepared, type RunOptions } from '../../api/prepare.ts'
import type { Workspace } from '../../api/workspace.ts'
import type { Plan } from '../../engine/plan/nodes.ts'
import { plansIn } from '../../engine/plan/walk.ts'
import { compileQuery } from '../../engine/query.ts'
import { ResultTable } from '../../engine/result.ts'
import { parseQuery } from '../../parser/parse.ts'
import type { LiteralSyntax } from '../../parser/syntax.ts'
import type { Catalog } from '../../tables/catalog.ts'
import { rowsSource } from '../../tables/rows-source.ts'
import type { PathStep, TableSource } from '../../tables/source.ts'
import { type Diagnostic, DiagnosticBag } from '../../text/diagnostic.ts'
import { parseDatetime } from '../../types/datetime.ts'
import type { Dynamic } from '../../types/dynamic.ts'
import { dynamicToJs } from '../../types/dynamic-json.ts'
import { findColumn, type Schema } from '../../types/schema.ts'
import { nodesOf } from '../mutation/syntax-tree.ts'
import { typedValue } from '../typed-value.ts'
import type { FixtureChange } from './fixture-changes.ts'
import {
  type FixtureRow,
  type FixtureTables,
  keptOnly,
  leavesOf,
  mapTexts,
  rowsOf,
  valueAtPath,
  withoutEmpty,
} from './fixture-rows.ts'
import { type NearMisses, nearMisses } from './near-misses.ts'
import { Pseudonyms } from './pseudonyms.ts'
import { keptColumns, RecordedTable, TIME_COLUMN, type Window } from './recorded-table.ts'
import { reduced } from './reduce.ts'

/** What a fixture is made of. */
export interface CaptureInput {
  readonly query: string
  readonly catalog: Catalog
  readonly workspace: Workspace
  /** The data, by table. */
  readonly sources: ReadonlyMap<string, TableSource>
  /** Everything else about a run, with the time that is now. */
  readonly run: RunOptions & { readonly now: bigint }
  /** What a run sees of tables with TimeGenerated; all where missing. */
  readonly window?: Window
  /** Whether so many rows of a result are what is to be kept; one or more where missing. */
  readonly isEnough?: (rows: number) => boolean
  /** What pseudonyms are made with; without it the values stay as they are. */
  readonly salt?: string
}

/** A fixture: the least of the data with which a query still fires. */
export interface Capture {
  readonly tables: FixtureTables
  readonly misses: NearMisses
  /** Rows that the query looked at past the filters on its tables. */
  readonly rowsRead: number
  /** The values that pseudonyms stand for, and these. */
  readonly pseudonyms: ReadonlyMap<string, string>
}

/** Why there is no fixture. */
export type CaptureFailure = 'errors' | 'fires not' | 'needs originals'

/**
 * The least of the rows, and of the fields of these, with which the query still gives enough rows, and
 * what is closest to them and does not. Rows that the query leaves out by a filter right on a table are
 * never part of it.
 */
export async function capture(
  input: CaptureInput,
): Promise<
  Capture | { readonly failure: CaptureFailure; readonly diagnostics: readonly Diagnostic[] }
> {
  const { compiled, diagnostics } = compiledQuery(input.query, input)
  if (compiled === undefined) return { failure: 'errors', diagnostics }
  const query = new Runner(input, compiled)
  const recorded = new Map(
    [...input.sources].map(([name, source]) => [
      name,
      new RecordedTable(name, source, query.columnsOf(name), input.window),
    ]),
  )
  if (!(await query.fires(recorded))) return { failure: 'fires not', diagnostics: [] }
  const rowsRead = [...recorded.values()].reduce(
    (sum, { scans }) => sum + scans.reduce((rows, scan) => rows + scan.rows.rowCount, 0),
    0,
  )
  const objects = await fewestObjects(query, await fewestRows(query, recorded))
  const fields = await compacted(query, await fewestFields(query, objects, recorded))
  const pseudonyms = new Pseudonyms({ salt: input.salt ?? '', keep: textsOf(input.query) })
  const tables = input.salt === undefined ? fields : pseudonymised(fields, pseudonyms)
  if (!(await query.firesOver(tables))) return { failure: 'needs originals', diagnostics: [] }
  const misses = await nearMisses({
    query: input.query,
    tables,
    now: input.run.now,
    fires: changed => query.firesOver(changed),
    takes: change => takes(input.sources.get(change.table)?.schema ?? [], change),
    firesWith: text => {
      const other = compiledQuery(text, input).compiled
      const runner = other && new Runner(input, other)
      return runner && (changed => runner.firesOver(changed))
    },
  })
  return { tables, misses, rowsRead, pseudonyms: pseudonyms.given }
}

/** Whether a value is one of its column: another text in place of a GUID is none. */
function takes(schema: Schema, { path: [column, ...steps], to }: FixtureChange): boolean {
  const type = findColumn(schema, String(column))?.type
  if (type === undefined || steps.length > 0 || typeof to !== 'string') return true
  const span = { start: 0, end: 0 }
  return typedValue(type, { value: to, span }, String(column), new DiagnosticBag()) !== undefined
}

interface CompiledInput {
  readonly prepared: Prepared
  readonly plans: readonly Plan[]
}

function compiledQuery(
  text: string,
  { catalog, workspace, sources }: CaptureInput,
): { readonly compiled: CompiledInput | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const withData = new Set(sources.keys())
  const compiled = compileQuery(text, { catalog, workspace, withData, arrivalDelay: 0n })
  const { diagnostics, results } = compiled
  if (results.length === 0) return { compiled: undefined, diagnostics }
  const prepared = new Prepared(compiled, catalog, workspace)
  return { compiled: { prepared, plans: results.map(({ plan }) => plan) }, diagnostics }
}

/** Runs one query over more or less of the data. */
class Runner {
  readonly #input: CaptureInput
  readonly #compiled: CompiledInput

  constructor(input: CaptureInput, compiled: CompiledInput) {
    this.#input = input
    this.#compiled = compiled
  }

  /** The columns of a table that the query reads, all where that follows from the data. */
  columnsOf(table: string): ReadonlySet<string> {
    const { prepared, plans } = this.#compiled
    const schema = this.#input.sources.get(table)?.schema ?? []
    if (prepared.hasLateColumns) return new Set(schema.map(({ name }) => name))
    const read = [...plansIn(...plans)].flatMap(node =>
      node.kind === 'scan' && node.table === table ? node.columns.map(({ column }) => column) : [],
    )
    return new Set(this.#input.window === undefined ? read : [...read, TIME_COLUMN])
  }

  async fires(sources: ReadonlyMap<string, TableSource>): Promise<boolean> {
    const { run, isEnough = rows => rows > 0 } = this.#input
    const { rowCount } = await this.#compiled.prepared.runOver(sources, run)
    return isEnough(rowCount)
  }

  firesOver(tables: FixtureTables): Promise<boolean> {
    const sources = [...this.#input.sources].map(([name, { schema }]): [string, TableSource] => [
      name,
      rowsSource(name, this.#seen(rowsOf(tables, name), schema), schema),
    ])
    return this.fires(new Map(sources))
  }

  /** The rows in the window of the run. */
  #seen(rows: readonly FixtureRow[], schema: Schema): readonly FixtureRow[] {
    const { window } = this.#input
    if (window === undefined || findColumn(schema, TIME_COLUMN) === undefined) return rows
    return rows.filter(({ [TIME_COLUMN]: text }) => {
      const time = typeof text === 'string' ? parseDatetime(text) : null
      return time !== null && time >= window.from && time <= window.to
    })
  }
}

/** A row of a scan of a table. */
interface RecordedRow {
  readonly table: string
  readonly scan: number
  readonly row: number
}

async function fewestRows(
  query: Runner,
  recorded: ReadonlyMap<string, RecordedTable>,
): Promise<FixtureTables> {
  const items = [...recorded].flatMap(([table, { scans }]) =>
    scans.flatMap(({ rows }, scan) =>
      Array.from(rows.rows, (row): RecordedRow => ({ table, scan, row })),
    ),
  )
  const chosen = (kept: readonly RecordedRow[], table: string, scan: number) =>
    Uint32Array.from(
      kept.filter(item => item.table === table && item.scan === scan).map(({ row }) => row),
    )
  const kept = await reduced(items, part =>
    query.fires(
      new Map(
        [...recorded].map(([name, table]) => [name, table.only(scan => chosen(part, name, scan))]),
      ),
    ),
  )
  const tables = [...recorded].map(([name, { scans }]): [string, FixtureRow[]] => [
    name,
    scans.flatMap(({ rows }, scan) => {
      const { schema, columns, length } = keptColumns(rows)
      const own = keptColumns(rows.select(chosen(kept, name, scan)))
      return length === 0 ? [] : new ResultTable(schema, [own], `${columns.length}`).toObjects()
    }),
  ])
  return Object.fromEntries(tables.filter(([, rows]) => rows.length > 0))
}

/** A row that several scans gave is there several times: each is tried to be left out. */
async function fewestObjects(query: Runner, tables: FixtureTables): Promise<FixtureTables> {
  const items = Object.entries(tables).flatMap(([table, rows]) => rows.map(row => ({ table, row })))
  const tablesOf = (kept: typeof items): FixtureTables =>
    Object.fromEntries(
      [...Map.groupBy(kept, ({ table }) => table)].map(([table, rows]) => [
        table,
        rows.map(({ row }) => row),
      ]),
    )
  return tablesOf([...(await reduced(items, part => query.firesOver(tablesOf([...part]))))])
}

/** What a filter right on a table looks at stays: that it is null could be what passes it. */
async function fewestFields(
  query: Runner,
  tables: FixtureTables,
  recorded: ReadonlyMap<string, RecordedTable>,
): Promise<FixtureTables> {
  const leaves = Object.entries(tables).flatMap(([table, rows]) =>
    rows.flatMap((object, row) =>
      leavesOf(object)
        .filter(path => valueAtPath(object, path) !== '')
        .map(path => ({ table, row, path })),
    ),
  )
  const isKept = ({ table, path: [column] }: (typeof leaves)[number]) =>
    recorded.get(table)?.filtered.has(String(column)) === true
  const kept = leaves.filter(isKept)
  const tablesOf = (fields: readonly (typeof leaves)[number][]): FixtureTables =>
    Object.fromEntries(
      Object.entries(tables).map(([table, rows]) => [
        table,
        rows.map((object, row) => {
          const own = [...kept, ...fields].filter(item => item.table === table && item.row === row)
          return keptOnly(
            object,
            own.map(({ path }) => path),
          ) as FixtureRow
        }),
      ]),
    )
  const others = leaves.filter(leaf => !isKept(leaf))
  return tablesOf(await reduced(others, part => query.firesOver(tablesOf(part))))
}

/** Without the empty elements before those that matter, unless their positions do. */
async function compacted(query: Runner, tables: FixtureTables): Promise<FixtureTables> {
  const compact = Object.fromEntries(
    Object.entries(tables).map(([table, rows]) => [
      table,
      rows.map(row => withoutEmpty(row) as FixtureRow),
    ]),
  )
  return (await query.firesOver(compact)) ? compact : tables
}

function pseudonymised(tables: FixtureTables, pseudonyms: Pseudonyms): FixtureTables {
  return Object.fromEntries(
    Object.entries(tables).map(([table, rows]) => [
      table,
      rows.map(
        row =>
          mapTexts(row, (text, path: readonly PathStep[]) =>
            pseudonyms.replace(text, path),
          ) as FixtureRow,
      ),
    ]),
  )
}

/** The texts that a query has in it. */
function textsOf(query: string): string[] {
  return [...nodesOf(parseQuery(query).syntax)].flatMap(({ node }) => {
    if (node.kind !== 'literal') return []
    const { type, value } = node as LiteralSyntax
    const texts: string[] = []
    mapTexts(type === 'dynamic' ? dynamicToJs(value as Dynamic) : value, text => {
      texts.push(text)
      return text
    })
    return texts
  })
}
