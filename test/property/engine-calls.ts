import type fc from 'fast-check'
import type { ScalarOverload } from '../../src/engine/functions/declare.ts'
import { everyFunction } from '../../src/engine/functions/library.ts'
import { Choices, expression, KEYS, randomNumbers, TYPES } from './engine-expressions.ts'
import { TABLE_SCHEMAS } from './engine-tables.ts'

/** An expression over the columns of T. */
export const randomExpression: fc.Arbitrary<string> = randomNumbers.map(numbers => {
  const c = new Choices(numbers)
  return expression(c, c.of(TYPES), TABLE_SCHEMAS.T ?? [], 3)
})

/** Functions that make a million values where they are asked for too many. */
const LONG: ReadonlySet<string> = new Set(['range', 'repeat'])

const NAMED = everyFunction()
  .filter(({ kind, name }) => kind === 'scalar' && /^\w+$/.test(name))
  .filter(
    declared =>
      declared.kind === 'scalar' && declared.deterministic !== false && !LONG.has(declared.name),
  )
const NUMBERS = ['long', 'real', 'int'] as const
const OF_NUMBERS: ReadonlySet<string> = new Set(['number', 'summable'])

/** A call of any function with arguments over the columns of T. */
export const randomCall: fc.Arbitrary<string> = randomNumbers.map(numbers => {
  const c = new Choices(numbers)
  const declared = c.of(NAMED)
  const { params, rest, required, constants } = c.of(
    declared.overloads as readonly ScalarOverload[],
  )
  const count = required ?? params.length
  const optional = c.below(params.length - count + 1)
  const more = rest === undefined ? [] : Array.from({ length: c.below(3) }, () => rest)
  const common = c.of(KEYS)
  const given = [...params.slice(0, count + optional), ...more].map((param, position) => {
    const type =
      TYPES.find(known => known === param) ??
      (param === 'common' ? common : OF_NUMBERS.has(param) ? c.of(NUMBERS) : c.of(TYPES))
    const schema = constants?.includes(position) === true ? [] : (TABLE_SCHEMAS.T ?? [])
    return expression(c, type, schema, 1)
  })
  return `${declared.name}(${given.join(', ')})`
})
