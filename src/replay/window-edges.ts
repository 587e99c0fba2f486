import type { Plan } from '../engine/plan/nodes.ts'
import { subqueriesOf } from '../engine/plan/rewrites/map-plan.ts'
import { inputsIn } from '../engine/plan/walk.ts'
import type { FedPlan } from './feeds.ts'
import type { ReplayRule } from './records.ts'

const ROW_BY_ROW: ReadonlySet<Plan['kind']> = new Set([
  'scan',
  'where',
  'project',
  'mv-expand',
  'parse',
  'sort',
  'union',
  'shared',
])

const PAIRS: ReadonlySet<string> = new Set(['inner', 'leftsemi', 'rightsemi'])

/**
 * Whether a longer window can only add rows to what the runs of a rule find, because it pairs rows of
 * tables and neither counts them nor tells from absence: what a longer window finds and no run did are
 * pairs across an edge.
 */
export function pairsRows({ rule, settings, period }: ReplayRule, fed: FedPlan): boolean {
  if (rule.kind !== 'Scheduled' || period === undefined || !fed.steady) return false
  if ((rule.triggerOperator ?? 'gt') !== 'gt' || (rule.triggerThreshold ?? 0) !== 0) return false
  if (settings.suppression !== undefined || fed.late !== undefined) return false
  const nodes = [...inputsIn(fed.plan)]
  return nodes.some(({ kind }) => kind === 'join') && nodes.every(isOfPairs)
}

function isOfPairs(node: Plan): boolean {
  const isPair = node.kind === 'join' && PAIRS.has(node.joinKind)
  return (isPair || ROW_BY_ROW.has(node.kind)) && subqueriesOf(node).length === 0
}
