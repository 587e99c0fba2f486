import type { Dynamic } from '../types/dynamic.ts'
import { elementAt, memberOf } from '../types/dynamic.ts'
import type { PathStep } from './source.ts'

/** What is at the path in the value; null where the path leads nowhere. */
export function followPath(value: Dynamic, path: readonly PathStep[]): Dynamic {
  let at = value
  for (const step of path) {
    at = typeof step === 'string' ? memberOf(at, step) : elementAt(at, step)
  }
  return at
}
