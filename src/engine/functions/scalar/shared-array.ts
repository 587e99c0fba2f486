import { realFromDynamic } from '../../../types/convert.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import { compareDynamic, dynamicTag, isArray } from '../../../types/dynamic.ts'

/** A position that may count from the end, as one from the start. */
export function fromStart(index: bigint, length: number): number {
  const position = Number(index)
  return position < 0 ? length + position : position
}

/** Whether both are of the kinds that sort among themselves. */
function sameKind(a: Dynamic, b: Dynamic): boolean {
  const tag = dynamicTag(a)
  const other = dynamicTag(b)
  return tag === other || (isNumber(tag) && isNumber(other))
}

/** Whether the tag is that of a number. */
export function isNumber(tag: string): boolean {
  return tag === 'long' || tag === 'real'
}

/** Kinds stay in their order in a descending sort too. */
export function compareDescending(a: Dynamic, b: Dynamic): number {
  return sameKind(a, b) ? compareDynamic(b, a) : compareDynamic(a, b)
}

/** An order of values: negative, 0 or positive. */
export type Compare = (a: Dynamic, b: Dynamic) => number

/** The array in the order, nulls last or first; null for what is no array. */
export function sorted(array: Dynamic, compare: Compare, nullsLast: boolean): Dynamic {
  if (!isArray(array)) return null
  const values = array.filter(item => item !== null).sort(compare)
  const nulls = new Array<Dynamic>(array.length - values.length).fill(null)
  return nullsLast ? [...values, ...nulls] : [...nulls, ...values]
}

/** What a condition of `array_iff` chooses: bools and numbers do; others choose nothing. */
export function truth(condition: Dynamic): boolean | undefined {
  if (typeof condition === 'boolean') return condition
  return isNumber(dynamicTag(condition)) ? realFromDynamic(condition) !== 0 : undefined
}

/** The array cut at each of the positions; null for what is no array. */
export function splitAt(array: Dynamic, indexes: readonly bigint[]): Dynamic {
  if (!isArray(array)) return null
  const parts: Dynamic[] = []
  let from = 0
  for (const index of indexes) {
    const to = Math.min(Math.max(fromStart(index, array.length), from), array.length)
    parts.push(array.slice(from, to))
    from = to
  }
  parts.push(array.slice(from))
  return parts
}

/** The array with each element `by` places further to the left, those that fall out at the end. */
export function rotated(array: Dynamic, by: bigint): Dynamic {
  if (!isArray(array)) return null
  if (array.length === 0) return array
  const length = BigInt(array.length)
  const start = Number(((by % length) + length) % length)
  return [...array.slice(start), ...array.slice(0, start)]
}

/** What fills an array from which elements were shifted: the empty string among strings, else null. */
function defaultFill(array: readonly Dynamic[]): Dynamic {
  return array.length > 0 && array.every(item => typeof item === 'string') ? '' : null
}

/** The array shifted to the left, `fill` in the free places; null for what is no array. */
export function shifted(array: Dynamic, by: bigint, fill: Dynamic | undefined): Dynamic {
  if (!isArray(array)) return null
  const { length } = array
  const count = Math.min(Math.max(Number(by), -length), length)
  const filler = fill === undefined ? defaultFill(array) : fill
  const blank = new Array<Dynamic>(Math.abs(count)).fill(filler)
  return count < 0
    ? [...blank, ...array.slice(0, length + count)]
    : [...array.slice(count), ...blank]
}
