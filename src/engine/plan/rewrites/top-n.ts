import type { Plan } from '../nodes.ts'
import { mapOwnInputs } from './map-plan.ts'

/** `sort … | take n` keeps n rows instead of sorting all. */
export function sortAndTake(plan: Plan): Plan {
  const mapped = mapOwnInputs(plan, sortAndTake)
  if (mapped.kind !== 'take' || mapped.input.kind !== 'sort') return mapped
  const { input, keys, schema } = mapped.input
  return { kind: 'top', input, keys, count: mapped.count, schema, span: mapped.span }
}
