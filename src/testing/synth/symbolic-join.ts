import { literal } from '../../engine/plan/expression.ts'
import type { JoinPlan } from '../../engine/plan/nodes.ts'
import type { RowMaker, SymbolicRow } from './rows.ts'

/** A row of each side with equal keys, or a row of one side where that is what the join is for. */
export function joined(plan: JoinPlan, maker: RowMaker): SymbolicRow {
  const { joinKind } = plan
  if (joinKind === 'leftanti') return maker.row(plan.left)
  if (joinKind === 'rightanti') return maker.row(plan.right)
  const outer = joinKind === 'leftouter' || joinKind === 'rightouter' || joinKind === 'fullouter'
  const side = outer ? maker.choices.next(joinKind === 'fullouter' ? 3 : 2) : 0
  const hasLeft = side === 0 || joinKind === 'leftouter' || (joinKind === 'fullouter' && side === 1)
  const hasRight = side === 0 || !hasLeft
  const left = hasLeft ? maker.row(plan.left) : undefined
  const right = hasRight ? maker.row(plan.right) : undefined
  if (left !== undefined && right !== undefined) matched(plan, left, right, maker)
  const columns = plan.columns.map(({ name, side: from, column }) => {
    const row = from === 'left' ? left : right
    const type = plan.schema.find(each => each.name === name)?.type ?? 'dynamic'
    const missing = literal(type, type === 'string' ? '' : null, plan.span)
    return [name, row?.columns.get(column) ?? missing] as const
  })
  const groupKeys = [...(left?.groupKeys ?? []), ...(right?.groupKeys ?? [])]
  return { columns: new Map(columns), sources: repeatable(plan, left, right), groupKeys }
}

function matched({ keys }: JoinPlan, left: SymbolicRow, right: SymbolicRow, maker: RowMaker): void {
  for (const key of keys) {
    maker.constraints.push({
      kind: 'equal',
      left: maker.within(key.left, left),
      right: maker.within(key.right, right),
    })
  }
}

/** The rows of tables which, given once more, give one more row of the join. */
function repeatable(
  { joinKind }: JoinPlan,
  left: SymbolicRow | undefined,
  right: SymbolicRow | undefined,
): SymbolicRow['sources'] {
  if (joinKind === 'innerunique' || joinKind === 'rightsemi') return right?.sources
  if (joinKind === 'leftsemi') return left?.sources
  return left?.sources ?? right?.sources
}
