import { readsNow } from '../engine/plan/expression.ts'
import type { Plan } from '../engine/plan/nodes.ts'
import { expressionsOf } from '../engine/plan/rewrites/map-plan.ts'
import { plansIn } from '../engine/plan/walk.ts'
import { findColumn, type Schema } from '../types/schema.ts'

/** The column by which a table's rows have their time; undefined where there is none. */
export function timeColumnOf(schema: Schema): string | undefined {
  return ['TimeGenerated', 'Timestamp'].find(name => findColumn(schema, name)?.type === 'datetime')
}

/** What plans have to do with the time at which it runs. */
export interface NowUse {
  /** Whether `now()` or `ago()` is anywhere in them. */
  readonly anywhere: boolean
  /** The tables of which they ask for a range of time that depends on now. */
  readonly ranges: ReadonlySet<string>
}

/** Where plans, as rewritten, use the time at which they run. */
export function useOfNow(plans: readonly Plan[]): NowUse {
  const ranges = new Set<string>()
  let anywhere = false
  for (const node of plansIn(...plans)) {
    anywhere ||= expressionsOf(node).some(readsNow)
    if (node.kind === 'scan' && node.timeRange !== undefined) {
      const { from, to } = node.timeRange
      if ([from, to].some(bound => bound !== undefined && readsNow(bound))) ranges.add(node.table)
    }
  }
  return { anywhere, ranges }
}
