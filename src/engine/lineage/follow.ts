import type { Plan } from '../plan/nodes.ts'
import { plansIn } from '../plan/walk.ts'
import type { DropContext } from './drop.ts'
import { refText } from './drop-join.ts'
import { patternFault } from './drop-parse.ts'
import { dropOf, expandedRows } from './drops.ts'
import {
  linklessEnd,
  outsideEnd,
  reachedEnd,
  type TracedResult,
  unfollowed,
  usedEnd,
  valuesOf,
} from './ends.ts'
import type { PathEnd, Place, RowExplanation, Stage } from './explanation.ts'
import { groupText, winnersOf } from './group.ts'
import { lookBack } from './look-back.ts'
import { vectorNamed } from './node-run.ts'
import { operatorName, type Places } from './place.ts'
import { allRows, groupsOf } from './row-links.ts'
import type { SeenRows } from './table-rows.ts'
import { taken } from './taken.ts'
import type { Tracer } from './trace.ts'
import type { Traced } from './traced.ts'
import { byDistance, type Edge, endOf, type Trail, type Way, withStage } from './trail.ts'

/** Ways of one row that are followed; a table that is read in more places is told of so far. */
const MAX_PATHS = 64

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
    if (paths.length >= MAX_PATHS) {
      const place = (paths[0] as Way).place
      const message = `the table is read in more places than the first ${MAX_PATHS} ways lead from`
      paths.push({ place, stages: [], asides: 0, end: unfollowed('scan', place, message) })
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
    return [endOf(trail, outsideEnd(seen, row, this.#tracer.tables.window, place))]
  }

  /** The ways on from rows of a node: to its readers, as a result, and into expressions. */
  async #ascend(node: Traced, rows: readonly number[], trail: Trail): Promise<Way[]> {
    const paths: Way[] = []
    const end = (found: PathEnd): void => {
      paths.push(endOf(trail, found))
    }
    this.#results.forEach((result, index) => {
      if (result.node !== node) return
      end(reachedEnd(result, index, this.#results.length, rows, this.#places))
    })
    for (const user of this.#users.get(node) ?? []) end(usedEnd(user, node, rows, this.#places))
    for (const edge of this.#edges.get(node) ?? []) {
      if (paths.length >= MAX_PATHS) break
      paths.push(...(await this.#step(edge, rows, trail)))
    }
    return paths
  }

  async #step(edge: Edge, rows: readonly number[], before: Trail): Promise<Way[]> {
    const { node, input } = edge
    const trail = isAside(edge) ? { ...before, asides: before.asides + 1 } : before
    const place = this.#places.of(node.plan.span)
    const operator = operatorName(node.plan, place)
    const context: DropContext = { run: this.#tracer.run, places: this.#places, operator }
    const links = node.links[input]
    if (links === undefined) {
      return [endOf(trail, await linklessEnd(edge, rows, place, context))]
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
      stages: isSilent ? trail.stages : withStage(trail.stages, stage),
      ...(node.plan.kind === 'summarize' ? { summarized: { node, rows: new Set(rows) } } : {}),
      parsed: node.plan.kind === 'parse' ? [...trail.parsed, node] : trail.parsed,
    })
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
    const more = await lookBack(edge, drop, trail, context)
    const { row, reason } = drop
    const isOfAll = reason === 'condition' || reason === 'limit'
    const one = isOfAll ? '' : ofSeveral(rows, row)
    const values = row === undefined ? {} : valuesOf(edge.node.inputs[edge.input]?.rows, row)
    const end: PathEnd = {
      kind: 'dropped',
      reason,
      operator: context.operator,
      place: drop.parts[0]?.place ?? place,
      message: one + drop.message + more,
      rows: rows.length,
      ...(row === undefined ? {} : { nearest: { row: rows.indexOf(row) + 1, values } }),
      parts: drop.parts,
      otherRows: drop.otherRows,
    }
    return [endOf(trail, end)]
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
    if (paths.some(({ end }) => end.kind === 'dropped')) {
      return paths.map(path => ({ ...path, end: endOfOne(path.end, rows) }))
    }
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
      const which = rows.length === 1 ? '' : ` the first of the ${rows.length} rows`
      return fault && `the pattern does not match${which}: ${fault.fault}`
    }
    if (plan.kind !== 'summarize') return undefined
    const winners = await winnersOf(node, first, new Set(rows), context.run, this.#places)
    const taken = winners.map(
      ({ call, sources }) => `; ${call} took another row${refText(sources)}`,
    )
    const several = outs.length === 1 ? '' : `${outs.length} groups, first `
    return `folded into ${several}${groupText(node, first)}${taken.join('')}`
  }
}

/** Nodes that say nothing of a row that they hand on. */
const SILENT: ReadonlySet<Plan['kind']> = new Set(['project', 'shared', 'window', 'sort', 'parse'])

/** Whether rows come by the side of a join that decides about those of the other: the second, if both give rows. */
function isAside({ node, input }: Edge): boolean {
  if (node.plan.kind !== 'join' || node.links[1 - input] === undefined) return false
  return input > 0 || node.links[input] === undefined
}

/** Which of several rows the reason is about that follows; nothing of one. */
function ofSeveral(rows: readonly number[], row: number | undefined): string {
  if (rows.length === 1) return ''
  const which = row === undefined ? 'the first' : `number ${rows.indexOf(row) + 1}`
  return `none of the ${rows.length} rows made of it comes through, ${which} because `
}

/** The end inside of a body, into which the first of the rows was followed. */
function endOfOne(end: PathEnd, rows: readonly number[]): PathEnd {
  if (end.kind !== 'dropped') return end
  return { ...end, message: ofSeveral(rows, undefined) + end.message }
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

/** The rows with the key of a row. */
function sameKey(input: Traced, key: string, row: number): number[] {
  const groups = groupsOf([vectorNamed(input.rows, key)], allRows(input.rows.length))
  return groups.find(members => members.includes(row)) ?? []
}

function scansIn(plan: Plan): Plan[] {
  return [...plansIn(plan)].filter(({ kind }) => kind === 'scan')
}
