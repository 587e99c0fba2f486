import type { CompiledResult } from '../engine/query.ts'
import type { Diagnostic } from '../text/diagnostic.ts'

/** An error where the query of a rule has several results: alerts are made of the rows of one. */
export function checkResults([, second]: readonly CompiledResult[]): Diagnostic[] {
  if (second === undefined) return []
  return [
    {
      code: 'KQL101',
      severity: 'error',
      message: 'A rule whose query has several results is not supported.',
      span: second.bound.span,
    },
  ]
}
