import type { ColumnBatch } from '../../tables/batch.ts'
import { valueAt } from '../../tables/vector.ts'
import { formatDatetime } from '../../types/datetime.ts'
import { collectColumns } from '../plan/expression.ts'
import type { Plan } from '../plan/nodes.ts'
import { parsedColumns } from '../plan/parse-method.ts'
import { inputsOf } from '../plan/plan.ts'
import { expressionsOf, subqueriesOf } from '../plan/rewrites/map-plan.ts'
import { resultValue } from '../result.ts'
import type { Drop, DropContext } from './drop.ts'
import { partnersOf, refText } from './drop-join.ts'
import { patternFault } from './drop-parse.ts'
import { dropOf, expandedRows } from './drops.ts'
import type { PathEnd, Place, RowExplanation, RowPath, Stage } from './explanation.ts'
import { groupText, winnersOf } from './group.ts'
import { operatorName, type Places } from './place.ts'
import { type SeenRows, timesOf } from './table-rows.ts'
import { taken } from './taken.ts'
import type { Tracer } from './trace.ts'
import type { Traced } from './traced.ts'

/** A result of the query, traced. */
export interface TracedResult {
  readonly name: string | undefined
  readonly node: Traced
}

/** The way so far. */
interface Trail {
  readonly place: Place
  readonly stages: readonly Stage[]
  /** How often it came by the second side of a join: what decides about the rows of the query. */
  readonly asides: number
  /** The nodes that it came through which later ones look back at, of a group with its members. */
  readonly summarized?: { readonly node: Traced; readonly rows: ReadonlySet<number> }
  readonly parsed: readonly Traced[]
}

/** A way with what it is put in order by. */
interface Way extends RowPath {
  readonly asides: number
}

interface Edge {
  readonly node: Traced
  readonly input: number
}

/** Ways of one row that are followed; a table that is read in more places is told of so far. */
const MAX_PATHS = 64
const MAX_RESULT_ROWS = 20

/** Follows rows of tables up through the nodes of a traced query. */
export class Follower {
  readonly #results: readonly TracedResult[]
  readonly #tracer: Tracer
  readonly #places: Places
  readonly #edges = new Map<Traced, Edge[]>()
  readonly #users = new Map<Traced, Traced[]>()
  readonly #scans: Traced[] = []
  /** Places inside bodies, which run once a row: rows of tables are not followed in there. */
  readonly #inBodies: Plan[] = []

  constructor(results: readonly TracedResult[], tracer: Tracer, places: Places) {
    this.#results = results
    this.#tracer = tracer
    this.#places = places
    const seen = new Set<Traced>()
    const visit = (node: Traced): void => {
      if (seen.has(node)) return
      seen.add(node)
      if (node.seen !== undefined) this.#scans.push(node)
      if (node.plan.kind === 'mv-apply' || node.plan.kind === 'partition') {
        this.#inBodies.push(...scansIn(node.plan.body))
      }
      node.inputs.forEach((input, index) => {
        add(this.#edges, input, { node, input: index })
        visit(input)
      })
      for (const subquery of node.subqueries) {
        add(this.#users, subquery, node)
        visit(subquery)
      }
    }
    for (const { node } of results) visit(node)
  }

  /** The rows of a table as the query reads it; undefined where it does not. */
  table(name: string): SeenRows | undefined {
    return this.#scans.find(({ seen }) => seen?.table === name)?.seen
  }

  /** What became of a row, counted from 0. */
  async explain(table: string, row: number): Promise<RowExplanation> {
    const paths: Way[] = []
    for (const scan of this.#scans) {
      if (scan.seen?.table !== table || paths.length >= MAX_PATHS) continue
      paths.push(...(await this.#fromScan(scan, scan.seen, row)))
    }
    for (const plan of this.#inBodies) {
      if (plan.kind !== 'scan' || plan.table !== table) continue
      const place = this.#places.of(plan.span)
      const message = 'rows of a table are not followed inside a subquery that runs for each row'
      paths.push({ place, stages: [], asides: 0, end: unfollowed('scan', place, message) })
    }
    const ordered = paths.toSorted(byDistance).map(({ asides: _, ...path }) => path)
    return {
      table,
      row: row + 1,
      values: valuesOf(this.table(table)?.all, row),
      outcome: ordered[0]?.end.kind ?? 'unfollowed',
      paths: ordered,
    }
  }

  /** The ways of a row at hand in a traced body. */
  async fromContext(id: number, rows: readonly number[], trail: Trail): Promise<Way[]> {
    const paths: Way[] = []
    for (const node of this.#edges.keys()) {
      if (node.plan.kind !== 'context' || node.plan.id !== id) continue
      paths.push(...(await this.#ascend(node, rows, trail)))
    }
    return paths
  }

  async #fromScan(scan: Traced, seen: SeenRows, row: number): Promise<Way[]> {
    const place = this.#places.of(scan.plan.span)
    const trail: Trail = { place, stages: [], asides: 0, parsed: [] }
    const position = seen.places[row]
    if (position !== undefined && position >= 0) return this.#ascend(scan, [position], trail)
    return [endOf(trail, this.#outside(seen, row, place))]
  }

  #outside(seen: SeenRows, row: number, place: Place): PathEnd {
    const { name, times } = timesOf(seen.all) ?? {}
    const { from, to } = this.#tracer.tables.window
    const time = times === undefined || times.isNull(row) ? 'null' : textOfTime(times.values[row])
    const message = `${name} is ${time}, outside of the window of the run: ${textOfTime(from)} to ${textOfTime(to)}`
    return {
      kind: 'dropped',
      reason: 'window',
      operator: 'window',
      place,
      message,
      rows: 1,
      parts: [],
      otherRows: [],
    }
  }

  /** The ways on from rows of a node: to its readers, as a result, and into expressions. */
  async #ascend(node: Traced, rows: readonly number[], trail: Trail): Promise<Way[]> {
    const paths: Way[] = []
    const end = (found: PathEnd): void => {
      paths.push(endOf(trail, found))
    }
    this.#results.forEach((result, index) => {
      if (result.node === node) end(this.#reached(result, index, rows))
    })
    for (const user of this.#users.get(node) ?? []) end(this.#usedBy(user, node, rows))
    for (const edge of this.#edges.get(node) ?? []) {
      if (paths.length >= MAX_PATHS) break
      paths.push(...(await this.#step(edge, rows, trail)))
    }
    return paths
  }

  #reached({ name, node }: TracedResult, index: number, rows: readonly number[]): PathEnd {
    const numbers = rows.slice(0, MAX_RESULT_ROWS).map(row => row + 1)
    const list = numbers.join(', ') + (rows.length > numbers.length ? ', …' : '')
    const many = this.#results.length > 1 ? ` ${name ?? index + 1}` : ''
    return {
      kind: 'result',
      result: index + 1,
      ...(name === undefined ? {} : { name }),
      rows: rows.map(row => row + 1),
      values: valuesOf(node.rows, rows[0] as number),
      place: this.#places.of(node.plan.span),
      message: `it is in ${rows.length === 1 ? 'row' : 'rows'} ${list} of the result${many}`,
    }
  }

  #usedBy(user: Traced, subquery: Traced, rows: readonly number[]): PathEnd {
    const place = this.#places.of(subquery.plan.span)
    const operator = operatorName(user.plan, this.#places.of(user.plan.span))
    const line = this.#places.of(user.plan.span).line
    const made = rows.length === 1 ? 'a row' : `${rows.length} rows`
    const message = `it is in ${made} of a subquery, whose value ${operator} in line ${line} uses`
    return { kind: 'used', operator, place, message }
  }

  async #step(edge: Edge, rows: readonly number[], before: Trail): Promise<Way[]> {
    const { node, input } = edge
    const isAside = node.plan.kind === 'join' && input > 0
    const trail = isAside ? { ...before, asides: before.asides + 1 } : before
    const place = this.#places.of(node.plan.span)
    const operator = operatorName(node.plan, place)
    const context: DropContext = { run: this.#tracer.run, places: this.#places, operator }
    const links = node.links[input]
    if (links === undefined) {
      const end = await this.#linkless(edge, rows, place, context)
      return [endOf(trail, end)]
    }
    const alive = new Set<number>()
    let passed = 0
    for (const row of rows) {
      const outs = links.outputsOf(row)
      if (outs.length > 0) passed++
      for (const out of outs) alive.add(out)
    }
    if (alive.size === 0) return this.#dropped(edge, rows, trail, place, context)
    const outs = [...alive].sort((a, b) => a - b)
    const note = await this.#noteOf(edge, rows, outs, context)
    const stage: Stage = {
      operator,
      place,
      rowsIn: rows.length,
      rowsOut: outs.length,
      ...(note === undefined ? {} : { note }),
    }
    const isSilent = SILENT.has(node.plan.kind) && note === undefined && passed === rows.length
    return this.#ascend(node, outs, {
      ...trail,
      stages: isSilent ? trail.stages : [...trail.stages, stage],
      ...(node.plan.kind === 'summarize' ? { summarized: { node, rows: new Set(rows) } } : {}),
      parsed: node.plan.kind === 'parse' ? [...trail.parsed, node] : trail.parsed,
    })
  }

  /** The end at a node of which nothing says what rows of the input became. */
  async #linkless(
    { node, input }: Edge,
    rows: readonly number[],
    place: Place,
    context: DropContext,
  ): Promise<PathEnd> {
    const plan = node.ran
    const { operator } = context
    if (plan.kind !== 'join') {
      const message = `rows cannot be followed through ${place.text || plan.kind}`
      return unfollowed(operator, place, message)
    }
    const [own, other] = input === 0 ? ['left', 'right'] : ['right', 'left']
    const count = await partnersOf(node, plan, input, rows, context)
    const what = plan.joinKind.endsWith('anti') ? 'takes away' : 'lets through'
    const message = `it is on the ${own} side of kind=${plan.joinKind}, where its key ${what} ${count} of the rows of the ${other} side`
    return { kind: 'used', operator, place, message }
  }

  async #dropped(
    edge: Edge,
    rows: readonly number[],
    trail: Trail,
    place: Place,
    context: DropContext,
  ): Promise<Way[]> {
    const drop = await dropOf(edge.node, edge.input, rows, context)
    if (drop === undefined) return this.#inBody(edge, rows, trail, place, context)
    const more = await this.#lookBack(edge, drop, trail)
    const { row } = drop
    const values = row === undefined ? {} : valuesOf(edge.node.inputs[edge.input]?.rows, row)
    const end: PathEnd = {
      kind: 'dropped',
      reason: drop.reason,
      operator: context.operator,
      place: drop.parts[0]?.place ?? place,
      message: drop.message + more,
      rows: rows.length,
      ...(row === undefined ? {} : { nearest: { row: rows.indexOf(row) + 1, values } }),
      parts: drop.parts,
      otherRows: drop.otherRows,
    }
    return [endOf(trail, end)]
  }

  /** What came before that explains a condition: the group, a pattern that did not match. */
  async #lookBack({ node }: Edge, { reason, row }: Drop, trail: Trail): Promise<string> {
    const [input] = node.inputs
    if (reason !== 'condition' || row === undefined || input === undefined) return ''
    const read = new Set<string>()
    for (const expr of expressionsOf(node.ran)) collectColumns(expr, read)
    const texts: string[] = []
    const { summarized } = trail
    const group = summarized && backTo(input, row, summarized.node)
    if (summarized !== undefined && group !== undefined) {
      texts.push(`, in ${groupText(summarized.node, group)}`)
      const { run } = this.#tracer
      for (const each of await winnersOf(
        summarized.node,
        group,
        summarized.rows,
        run,
        this.#places,
      )) {
        if (!each.columns.some(name => read.has(name))) continue
        texts.push(`; ${each.call} took another row of it${refText(each.sources)}`)
      }
    }
    for (const parsed of trail.parsed) {
      if (parsed.ran.kind !== 'parse') continue
      if (!parsedColumns(parsed.ran.method).some(({ name }) => read.has(name))) continue
      const at = backTo(input, row, parsed)
      const before = at === undefined ? undefined : parsed.links[0]?.inputsOf(at)[0]
      if (before === undefined) continue
      const place = this.#places.of(parsed.plan.span)
      const operator = operatorName(parsed.plan, place)
      const context = { run: this.#tracer.run, places: this.#places, operator }
      const fault = await patternFault(parsed, before, context)
      if (fault === undefined) continue
      texts.push(
        `; the pattern of ${operator} in line ${place.line} does not match: ${fault.fault}`,
      )
    }
    return texts.join('')
  }

  /** The operators of a body say why nothing comes of the rows. */
  async #inBody(
    edge: Edge,
    rows: readonly number[],
    trail: Trail,
    place: Place,
    context: DropContext,
  ): Promise<Way[]> {
    const { node } = edge
    const plan = node.ran
    const [input] = node.inputs
    const [row] = rows
    if (input === undefined || row === undefined) return []
    const paths: Way[] = []
    if (plan.kind === 'mv-apply' || plan.kind === 'partition') {
      const isApply = plan.kind === 'mv-apply'
      const at = isApply
        ? await expandedRows(node, plan, row, context.run)
        : taken(input.rows, sameKey(input, plan.key, row))
      const tracer = this.#tracer.inside(plan.id, at)
      const body = await tracer.trace(plan.body)
      const followed = isApply
        ? Array.from({ length: at.length }, (_, each) => each)
        : [sameKey(input, plan.key, row).indexOf(row)]
      const inner = new Follower([{ name: undefined, node: body }], tracer, this.#places)
      paths.push(...(await inner.fromContext(plan.id, followed, trail)))
    }
    if (paths.some(({ end }) => end.kind === 'dropped')) return paths
    const end = unfollowed(context.operator, place, `its subquery gives no row for it`)
    return [endOf(trail, end)]
  }

  async #noteOf(
    { node, input }: Edge,
    rows: readonly number[],
    outs: readonly number[],
    context: DropContext,
  ): Promise<string | undefined> {
    const { plan } = node
    const [first] = outs
    if (first === undefined) return undefined
    if (plan.kind === 'union') return `source ${input + 1} of ${plan.inputs.length}`
    if (plan.kind === 'parse') {
      const fault = await patternFault(node, rows[0] as number, context)
      return fault && `the pattern does not match: ${fault.fault}`
    }
    if (plan.kind !== 'summarize') return undefined
    const winners = await winnersOf(node, first, new Set(rows), context.run, this.#places)
    const taken = winners.map(
      ({ call, sources }) => `; ${call} took another row${refText(sources)}`,
    )
    return `folded into ${groupText(node, first)}${taken.join('')}`
  }
}

/** What reaches a result comes first, then what came by the query's own pipe, then the farthest. */
function byDistance(a: Way, b: Way): number {
  const isResult = (way: Way) => (way.end.kind === 'result' ? 0 : 1)
  return (
    isResult(a) - isResult(b) ||
    a.asides - b.asides ||
    RANK.indexOf(a.end.kind) - RANK.indexOf(b.end.kind) ||
    b.stages.length - a.stages.length
  )
}

function endOf({ place, stages, asides }: Trail, end: PathEnd): Way {
  return { place, stages, end, asides }
}

const RANK: readonly PathEnd['kind'][] = ['result', 'unfollowed', 'used', 'dropped']

/** Nodes that say nothing of a row that they hand on. */
const SILENT: ReadonlySet<Plan['kind']> = new Set(['project', 'shared', 'window', 'sort', 'parse'])

function unfollowed(operator: string, place: Place, message: string): PathEnd {
  return { kind: 'unfollowed', operator, place, message }
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

/** The row of a node below that a row came from, the first of several. */
function backTo(node: Traced, row: number, target: Traced): number | undefined {
  if (node === target) return row
  for (const [index, input] of node.inputs.entries()) {
    for (const origin of node.links[index]?.inputsOf(row) ?? []) {
      const found = backTo(input, origin, target)
      if (found !== undefined) return found
    }
  }
  return undefined
}

/** The rows with the key of a row. */
function sameKey(input: Traced, key: string, row: number): number[] {
  const index = input.rows.schema.findIndex(({ name }) => name === key)
  const vector = input.rows.columns[index]
  if (vector === undefined) return []
  const value = valueAt(vector, row)
  return Array.from({ length: input.rows.length }, (_, each) => each).filter(
    each => valueAt(vector, each) === value,
  )
}

function scansIn(plan: Plan): Plan[] {
  const own = plan.kind === 'scan' ? [plan] : []
  return [...own, ...[...inputsOf(plan), ...subqueriesOf(plan)].flatMap(scansIn)]
}

/** The values of a row that are not null or empty. */
function valuesOf(rows: ColumnBatch | undefined, row: number): Record<string, unknown> {
  if (rows === undefined) return {}
  const entries = rows.schema.flatMap(({ name, type }, index) => {
    const vector = rows.columns[index]
    const value = vector === undefined ? null : resultValue(type, valueAt(vector, row))
    return value === null || value === '' ? [] : [[name, value] as const]
  })
  return Object.fromEntries(entries)
}

function textOfTime(ticks: bigint | undefined): string {
  return ticks === undefined ? '…' : formatDatetime(ticks)
}
