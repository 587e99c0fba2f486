import type { Expr } from '../plan/nodes.ts'
import type { Run } from './run.ts'

/** The value of a constant number of rows: null and negative numbers are none. */
export async function rowLimit(expr: Expr, run: Run): Promise<number> {
  const { constant } = await run.compile(expr, [])
  const value = constant?.value
  if (typeof value !== 'bigint' || value < 0n) return 0
  return Number(value)
}
