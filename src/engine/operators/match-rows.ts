import { ColumnBatch, gather } from '../../tables/batch.ts'
import type { Vector } from '../../tables/vector.ts'
import { identityRows } from '../../tables/vector.ts'
import { vectorOf } from '../../tables/vector-builder.ts'
import type { Dynamic } from '../../types/dynamic.ts'
import { dynamicAt } from '../functions/dynamic-value.ts'
import type { GraphMatchPlan, GraphPathsPlan, MatchColumn, PatternElement } from '../plan/nodes.ts'
import type { Graph } from './graph-data.ts'
import type { Run } from './run.ts'

export interface Path {
  readonly edges: readonly number[]
  readonly inner: readonly number[]
}

/** What of a match stands for an element: a node or edge by number, or a path. */
export type Matched = number | Path

/** Makes batches of matches, with the columns that a plan asks for. */
export class MatchRows {
  readonly #plan: GraphMatchPlan | GraphPathsPlan
  readonly #values: readonly Vector[]
  #matches: Matched[][] = []

  static async of(plan: GraphMatchPlan | GraphPathsPlan, graph: Graph, run: Run) {
    const values: Vector[] = []
    for (const column of plan.columns) {
      const batch = isOfNodes(plan.elements, column) ? graph.nodes : graph.edges
      const evaluator = await run.compile(column.expr, batch.schema)
      values.push(evaluator.evaluate(batch, identityRows(batch.length)))
    }
    return new MatchRows(plan, values)
  }

  /** `values`: what each column's expression gives for all nodes or edges. */
  private constructor(plan: GraphMatchPlan | GraphPathsPlan, values: readonly Vector[]) {
    this.#plan = plan
    this.#values = values
  }

  get count(): number {
    return this.#matches.length
  }

  add(match: Matched[]): void {
    this.#matches.push(match)
  }

  /** The matches that were added, and forgets them. */
  take(): ColumnBatch {
    const matches = this.#matches
    this.#matches = []
    const columns = this.#plan.columns.map((column, index) => {
      const found = matches.map(match => match[column.element]!)
      const values = this.#values[index]!
      if (column.value === 'property') return gather(values, Uint32Array.from(found as number[]))
      return pathColumn(column, values, found as Path[])
    })
    return new ColumnBatch(this.#plan.schema, columns, matches.length)
  }
}

function isOfNodes(elements: readonly PatternElement[], { element, inner }: MatchColumn): boolean {
  return inner || elements[element]?.kind === 'node'
}

function pathColumn({ value, inner }: MatchColumn, values: Vector, paths: readonly Path[]): Vector {
  const membersOf = (path: Path): readonly number[] => (inner ? path.inner : path.edges)
  const isTrue = (row: number): boolean => dynamicAt(values, row) === true
  switch (value) {
    case 'length':
      return vectorOf(
        'long',
        paths.map(({ edges }) => BigInt(edges.length)),
      )
    case 'all':
      return vectorOf(
        'bool',
        paths.map(path => membersOf(path).every(isTrue)),
      )
    case 'any':
      return vectorOf(
        'bool',
        paths.map(path => membersOf(path).some(isTrue)),
      )
    default:
      return vectorOf(
        'dynamic',
        paths.map((path): Dynamic => membersOf(path).map(row => dynamicAt(values, row))),
      )
  }
}
