import type { ColumnBatch } from '../../../tables/batch.ts'
import type { Schema } from '../../../types/schema.ts'
import type { Example } from '../../functions/declare.ts'
import type { EvaluatePlan, LatePlan, Plan } from '../../plan/nodes.ts'
import type { Executor } from '../run.ts'
import type { PluginCall } from './call.ts'
import type { PluginSignature } from './signature.ts'

/** Finds the columns of a late result in the rows of its input, batch after batch. */
export interface Discoverer {
  add(batch: ColumnBatch): void
  columns(): Schema
}

/** A plugin of the operator evaluate. Made by {@link plugin}. */
export interface Plugin extends PluginSignature {
  readonly kind: 'plugin'
  /** One sentence on what it gives, then null and error rules. */
  readonly doc: string
  readonly examples: readonly Example[]
  /** Whether it stands at the start of a query, not after rows. */
  readonly isSource?: true
  /** Whether the result has every column of the input. */
  readonly keepsColumns?: true
  /** Whether it takes the schema of its output. */
  readonly takesSchema?: true
  /** The plan of a call; a fault is reported, and gives a failed plan. */
  bind(call: PluginCall): Plan
  /** Runs the `evaluate` nodes that `bind` makes. */
  readonly execute?: Executor<EvaluatePlan>
  /** Finds the columns of the `late` nodes that `bind` asks for. */
  discover?(plan: LatePlan): Discoverer
}

/** Declares a plugin; see {@link Plugin}. */
export function plugin(declaration: Omit<Plugin, 'kind'>): Plugin {
  return { kind: 'plugin', ...declaration }
}
