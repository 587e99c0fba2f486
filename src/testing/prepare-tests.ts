import { Workspace } from '../api/workspace.ts'
import { didYouMean } from '../engine/binder/suggest.ts'
import { timeColumnOf } from '../replay/replay.ts'
import type { Rule } from '../rules/rule.ts'
import { Catalog } from '../tables/catalog.ts'
import type { TableSource } from '../tables/source.ts'
import { type Diagnostic, DiagnosticBag, hasErrors } from '../text/diagnostic.ts'
import type { Span } from '../text/span.ts'
import type { Schema } from '../types/schema.ts'
import { CompiledRule } from './compiled-rule.ts'
import { type ExpectedRow, expectedRows } from './expected-rows.ts'
import { GivenFiles, tablesGiven } from './given-files.ts'
import type { GivenRow, GivenTable, RuleTest, Stubs, TestFile } from './model.ts'
import { hasStubs, stubbed } from './stubs.ts'
import { type TypedRow, typedRow } from './typed-row.ts'
import { RelativeTime } from './typed-value.ts'

/** The data that a test gives a table: its rows, and those of files. */
export interface TableData {
  readonly rows: readonly TypedRow[]
  readonly files: readonly TableSource[]
}

/** A test that can be run. */
export interface PreparedTest {
  readonly test: RuleTest
  readonly compiled: CompiledRule
  /** The time of its run. */
  readonly now: bigint
  readonly data: ReadonlyMap<string, TableData>
  /** The rows that are expected; undefined where only the run tells the columns, or none are listed. */
  readonly expected: readonly ExpectedRow[] | undefined
}

/** A rule with its tests. */
export interface PreparedTests {
  readonly compiled: CompiledRule | undefined
  readonly tests: readonly PreparedTest[]
  /** Of the file of tests. */
  readonly diagnostics: readonly Diagnostic[]
  /** Of the rule's file. */
  readonly ruleDiagnostics: readonly Diagnostic[]
}

/** What tests are run in. */
export interface TestPlace {
  readonly catalog?: Catalog
  readonly workspace?: Workspace
}

/** 2025-01-01T12:00:00Z: the `now` of tests all of whose times count from it. */
export const DEFAULT_NOW = 638_713_296_000_000_000n

/**
 * Compiles a rule and gives the rows of its tests their types. Faults are reported. Of the tests of the file
 * those that are wanted are prepared: a wildcard of the rule means the tables that any of them gives.
 */
export async function prepareTests(
  rule: Rule,
  file: TestFile,
  place: TestPlace = {},
  wanted: readonly RuleTest[] = file.tests,
): Promise<PreparedTests> {
  const bag = new DiagnosticBag()
  const base = (place.catalog ?? Catalog.builtin()).with(
    Object.fromEntries(
      [...file.schemas].map(([name, columns]) => [name, Object.fromEntries(columns)]),
    ),
  )
  const given = tablesGiven({ ...file, tests: wanted })
  const isKnown = ({ table, files }: GivenTable) => files.length > 0 || base.has(table)
  const known = given.filter(isKnown)
  for (const { table, span } of given) {
    if (known.some(each => each.table === table)) continue
    const hint = didYouMean(table, base.names()) ?? 'Give its columns as `schemas`.'
    bag.error('KQL602', `There is no table \`${table}\`.`, span, hint)
  }
  const files = new GivenFiles()
  await files.read(known, base, bag)
  const catalog = base.with(Object.fromEntries(files.schemas))
  const preparing = new Preparing(file, catalog, files, bag)
  const withData = new Set(
    tablesGiven(file)
      .filter(isKnown)
      .map(({ table }) => table),
  )
  const rulePlace = async (stubs: Stubs, workspace: Workspace | undefined) => ({
    catalog,
    workspace: hasStubs(stubs) ? await stubbed(workspace, stubs, bag) : (workspace ?? NO_WORKSPACE),
    ...(withData.size === 0 ? {} : { withData }),
  })
  const common = await rulePlace(file.stubs, place.workspace)
  const { compiled, diagnostics: ruleDiagnostics } = CompiledRule.compile(rule, common)
  if (compiled === undefined) {
    return { compiled, tests: [], diagnostics: bag.items, ruleDiagnostics }
  }
  const tests: PreparedTest[] = []
  const found = [...ruleDiagnostics]
  for (const test of wanted) {
    let own: CompiledRule | undefined = compiled
    const arrivalDelay = test.runs?.delay
    if (hasStubs(test.stubs) || arrivalDelay !== undefined) {
      const again = CompiledRule.compile(rule, {
        ...(await rulePlace(test.stubs, common.workspace)),
        ...(arrivalDelay === undefined ? {} : { arrivalDelay }),
      })
      own = again.compiled
      if (own === undefined) found.push(...again.diagnostics)
    }
    if (own !== undefined) tests.push(preparing.test(test, own))
  }
  const isSound = !hasErrors(bag.items) && !hasErrors(found)
  return {
    compiled,
    tests: isSound ? tests : [],
    diagnostics: bag.items,
    ruleDiagnostics: found,
  }
}

const NO_WORKSPACE = new Workspace()

type NamedRow = Pick<GivenRow, 'name' | 'span'> & { readonly row: TypedRow }

/** The rows of a table with their names, on the way to those of a test. */
interface Fixture {
  readonly rows: readonly NamedRow[]
  readonly files: readonly TableSource[]
}

class Preparing {
  readonly #file: TestFile
  readonly #catalog: Catalog
  readonly #files: GivenFiles
  readonly #bag: DiagnosticBag
  readonly #fixtures = new Map<string, ReadonlyMap<string, Fixture>>()
  /** Where rows without a time stand that were told of: many tests may have one. */
  readonly #untimed = new Set<Span>()
  /** The tables of fixtures and tests that were looked at: many tests may start from one fixture. */
  readonly #unread = new Set<GivenTable>()

  constructor(file: TestFile, catalog: Catalog, files: GivenFiles, bag: DiagnosticBag) {
    this.#file = file
    this.#catalog = catalog
    this.#files = files
    this.#bag = bag
    for (const [name, tables] of file.fixtures)
      this.#fixtures.set(name, this.#on(new Map(), tables))
  }

  test(test: RuleTest, compiled: CompiledRule): PreparedTest {
    const base = test.base === undefined ? undefined : this.#fixtures.get(test.base.name)
    const tables = this.#on(base ?? new Map(), test.given)
    const fixture = test.base && this.#file.fixtures.get(test.base.name)
    for (const given of [...(fixture ?? []), ...test.given]) {
      const { table, span } = given
      if (compiled.tables.has(table) || !this.#catalog.has(table)) continue
      if (this.#unread.has(given)) continue
      this.#unread.add(given)
      this.#bag.warning('KQL605', `The rule does not read ${table}.`, span)
    }
    const data = new Map<string, TableData>()
    for (const [table, { rows, files }] of tables) {
      data.set(table, { rows: rows.map(({ row }) => row), files })
      if (compiled.tables.has(table)) this.#checkSeen(rows, compiled.schemaOf(table))
    }
    const stated = test.now ?? this.#file.now
    if (stated === undefined) this.#checkTimes(test, data)
    const { schema } = compiled
    const expected = schema && expectedRows(test.expect, schema, this.#bag)
    return { test, compiled, now: stated ?? DEFAULT_NOW, data, expected }
  }

  /** No window has a row without a time: that the rule does not find it is no proof of anything. */
  #checkSeen(rows: readonly NamedRow[], schema: Schema): void {
    const time = timeColumnOf(schema)
    // A time may be the value that has a fault.
    if (time === undefined || hasErrors(this.#bag.items)) return
    for (const { row, span } of rows) {
      if ((row.get(time) ?? null) !== null || this.#untimed.has(span)) continue
      this.#untimed.add(span)
      this.#bag.warning('KQL605', `No run sees the row: it has no ${time}.`, span)
    }
  }

  /** A time of its own says nothing to a run whose time is not known. */
  #checkTimes(test: RuleTest, data: ReadonlyMap<string, TableData>): void {
    const isDated = [...data].some(([table, { rows, files }]) => {
      const times = this.#catalog.schemaOf(table)?.filter(({ type }) => type === 'datetime') ?? []
      const isAbsolute = ({ name }: { name: string }) =>
        rows.some(row => {
          const value = row.get(name)
          return value !== undefined && value !== null && !(value instanceof RelativeTime)
        })
      return files.length > 0 || times.some(isAbsolute)
    })
    const { from, to } = test.runs ?? {}
    if (!isDated && from?.relative !== false && to?.relative !== false) return
    const hint = 'Give `now` in the test or at the top of the file.'
    const message = 'The test has times of their own, but no `now`.'
    this.#bag.error('KQL601', message, test.span, hint)
  }

  /** The tables of a fixture with others on top: rows of one name are changed, the others added. */
  #on(
    base: ReadonlyMap<string, Fixture>,
    tables: readonly GivenTable[],
  ): ReadonlyMap<string, Fixture> {
    const all = new Map(base)
    for (const { table, rows, files } of tables) {
      const schema = this.#catalog.schemaOf(table)
      if (schema === undefined) continue
      const before = all.get(table) ?? { rows: [], files: [] }
      const opened = files.flatMap(({ path }) => this.#files.source(table, path) ?? [])
      const changed = [...before.rows]
      for (const row of rows) {
        const at = row.name === undefined ? -1 : changed.findIndex(({ name }) => name === row.name)
        if (row.removed && at < 0) {
          const message = `There is no row \`${row.name}\` of ${table} to take away.`
          this.#bag.error('KQL601', message, row.span)
        } else if (row.removed) changed.splice(at, 1)
        else {
          const typed = typedRow(row, schema, table, this.#bag, changed[at]?.row)
          const { name, span } = row
          const named = { ...(name === undefined ? {} : { name }), span, row: typed }
          if (at < 0) changed.push(named)
          else changed[at] = named
        }
      }
      all.set(table, { rows: changed, files: [...before.files, ...opened] })
    }
    return all
  }
}
