import type { ColumnBatch } from '../../tables/batch.ts'

/** For each node the edges that go out of it, or come into it, in order. */
export interface Adjacency {
  /** Where the edges of a node start in `edges`; those of the next node follow. */
  readonly starts: Uint32Array
  readonly edges: Uint32Array
}

/** A graph in memory: nodes and edges by number. */
export interface Graph {
  /** Columns as `nodeSchema` and `edgeSchema` have them. */
  readonly nodes: ColumnBatch
  readonly edges: ColumnBatch
  readonly source: Uint32Array
  readonly target: Uint32Array
  readonly out: Adjacency
  readonly in: Adjacency
}
