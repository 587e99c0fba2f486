import type { DropReason, FailedPart } from './explanation.ts'
import type { NodeRun } from './node-run.ts'
import type { RowRef } from './origins.ts'
import type { Places } from './place.ts'

/** Why an operator leaves out rows. */
export interface Drop {
  readonly reason: DropReason
  /** In one sentence without a full stop. */
  readonly message: string
  readonly parts: readonly FailedPart[]
  readonly otherRows: readonly RowRef[]
  /** Of several rows the one that the message is about. */
  readonly row?: number
}

/** What it takes to say why. */
export interface DropContext {
  readonly run: NodeRun
  readonly places: Places
  /** The operator as the query calls it. */
  readonly operator: string
}
