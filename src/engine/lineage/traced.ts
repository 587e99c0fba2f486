import type { ColumnBatch } from '../../tables/batch.ts'
import type { Plan } from '../plan/nodes.ts'
import type { Links } from './links.ts'
import type { SeenRows } from './table-rows.ts'

/** A node of a plan with the rows that it gives, and how each input's rows became them. */
export interface Traced {
  /** The node as bound, and as it ran: with the values of subqueries in place of them. */
  readonly plan: Plan
  readonly ran: Plan
  /** Without a selection. */
  readonly rows: ColumnBatch
  readonly inputs: readonly Traced[]
  /** For each input; undefined where the rows of that input cannot be told in the result. */
  readonly links: readonly (Links | undefined)[]
  /** The subqueries in its expressions. */
  readonly subqueries: readonly Traced[]
  /** Of a scan: the rows that the run sees of the table. */
  readonly seen?: SeenRows
}
