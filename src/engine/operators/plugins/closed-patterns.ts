import type { Run } from '../run.ts'
import type { Attributes } from './attributes.ts'

/** Values that combinations share: all that they do. */
export interface ClosedPattern {
  /** The number of each attribute's value, -1 for any. */
  readonly pattern: Int32Array
  /** The combinations that have the values, in order. */
  readonly combinations: Uint32Array
}

/**
 * Every pattern of combinations among those of `start` that are enough, with all values that they share, found by adding one
 * value after the other, up to `most`; values that follow from those are not counted. The pattern
 * without values is left out.
 */
export async function closedPatterns(
  attributes: Attributes,
  start: Uint32Array,
  most: number,
  isEnough: (combinations: Uint32Array) => boolean,
  run: Run,
  what: string,
): Promise<ClosedPattern[]> {
  if (start.length === 0 || !isEnough(start)) return []
  const seen = new Set<string>()
  const found: ClosedPattern[] = []
  let level: ClosedPattern[] = []
  const add = (combinations: Uint32Array): void => {
    const pattern = sharedBy(attributes, combinations)
    const key = pattern.join()
    if (seen.has(key)) return
    seen.add(key)
    run.keep(1, combinations.byteLength + pattern.byteLength + key.length, what)
    const closed = { pattern, combinations }
    level.push(closed)
    if (pattern.some(code => code >= 0)) found.push(closed)
  }
  add(start)
  for (let depth = 0; depth < most && level.length > 0; depth++) {
    const before = level
    level = []
    for (const { pattern, combinations } of before) {
      for (const [attribute, codes] of attributes.codes.entries()) {
        if (pattern[attribute]! >= 0) continue
        await run.pause(combinations.length)
        for (const part of byValue(codes, combinations)) if (isEnough(part)) add(part)
      }
    }
  }
  return found
}

/** The values that the combinations share. */
function sharedBy({ codes }: Attributes, combinations: Uint32Array): Int32Array {
  const pattern = new Int32Array(codes.length)
  codes.forEach((column, attribute) => {
    const first = column[combinations[0]!]!
    pattern[attribute] = combinations.every(index => column[index] === first) ? first : -1
  })
  return pattern
}

/** The combinations with each value of an attribute. */
function byValue(codes: Uint32Array, combinations: Uint32Array): Uint32Array[] {
  const parts = new Map<number, number[]>()
  for (const combination of combinations) {
    const code = codes[combination]!
    const part = parts.get(code)
    if (part === undefined) parts.set(code, [combination])
    else part.push(combination)
  }
  return [...parts.values()].map(part => Uint32Array.from(part))
}

/** How many values a pattern has. */
export function valuesIn(pattern: Int32Array): number {
  return pattern.reduce((count, code) => (code < 0 ? count : count + 1), 0)
}

/** Orders patterns: by their values, from the first attribute on, any value last. */
export function comparePatterns(a: Int32Array, b: Int32Array): number {
  const at = a.findIndex((code, attribute) => code !== b[attribute])
  if (at < 0) return 0
  const [x, y] = [a[at]!, b[at]!]
  return x < 0 ? 1 : y < 0 ? -1 : x - y
}
