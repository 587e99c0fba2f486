import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as binary from '../../../src/engine/functions/aggregate/binary.ts'
import * as count from '../../../src/engine/functions/aggregate/count.ts'
import * as distinct from '../../../src/engine/functions/aggregate/distinct.ts'
import * as extremes from '../../../src/engine/functions/aggregate/extremes.ts'
import * as lists from '../../../src/engine/functions/aggregate/lists.ts'
import * as percentiles from '../../../src/engine/functions/aggregate/percentiles.ts'
import * as rows from '../../../src/engine/functions/aggregate/rows.ts'
import * as schema from '../../../src/engine/functions/aggregate/schema.ts'
import * as statistics from '../../../src/engine/functions/aggregate/statistics.ts'
import * as sum from '../../../src/engine/functions/aggregate/sum.ts'
import type { AggregateFunction } from '../../../src/engine/functions/declare.ts'
import type { ScalarValue } from '../../../src/tables/vector.ts'
import { decimalOf } from '../../../src/types/decimal.ts'
import { type Dynamic, WholeReal } from '../../../src/types/dynamic.ts'
import type { ScalarType } from '../../../src/types/scalar-type.ts'
import { type Argument, constant, grow, Run, typesOf } from './aggregate-harness.ts'

const ALL: readonly AggregateFunction[] = [
  binary,
  count,
  distinct,
  extremes,
  lists,
  percentiles,
  rows,
  schema,
  statistics,
  sum,
].flatMap(family => Object.values(family))

const LONGS = [0n, 1n, -1n, 7n, 2n ** 62n, -(2n ** 63n), 2n ** 63n - 1n]

const DYNAMICS: readonly Dynamic[] = [
  1,
  new WholeReal(1),
  'a',
  true,
  ['a', 'b', null],
  [['a'], 1],
  new Map<string, Dynamic>([['x', 1]]),
  new Map<string, Dynamic>([
    ['x', 'a'],
    ['y', [1.5]],
  ]),
]

/** Few distinct values, so that groups meet them again; sums of the reals are exact. */
const VALUES: Readonly<Record<ScalarType, readonly ScalarValue[]>> = {
  bool: [true, false],
  int: [0, 1, -5, 2_147_483_647],
  long: LONGS,
  real: [0, -0, 1.5, -2.25, 1024, Number.NaN, Number.POSITIVE_INFINITY],
  decimal: ['0', '1.5', '-2', '10.25'].map(text => decimalOf(text)),
  datetime: [0n, 638_000_000_000_000_001n, 638_000_000_000_000_000n],
  timespan: LONGS,
  string: ['', 'a', 'B', 'b', '\u{10000}', '\ue000'],
  guid: ['00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-00000000000a'],
  dynamic: DYNAMICS,
}

/** Values whose moments keep their digits. */
function isModerate(value: ScalarValue): boolean {
  if (typeof value !== 'bigint' && typeof value !== 'number') return true
  return !(value > 2000 || value < -2000)
}

interface Input {
  readonly groups: readonly number[]
  readonly args: readonly Argument[]
  readonly cuts: readonly number[]
}

function inputs(
  types: readonly ScalarType[],
  constants: readonly number[],
  approximate: boolean,
): fc.Arbitrary<Input> {
  return fc.nat(24).chain(size =>
    fc.record({
      groups: fc.array(fc.nat(3), { minLength: size, maxLength: size }),
      args: fc.tuple(
        ...types.map((type, position): fc.Arbitrary<Argument> => {
          if (constants.includes(position)) return constantsOf(type)
          const values = approximate ? VALUES[type].filter(isModerate) : VALUES[type]
          const finite = values.filter(value => typeof value !== 'number' || Number.isFinite(value))
          const value = fc.constantFrom(null, ...values, ...finite, ...finite)
          return fc
            .array(value, { minLength: size, maxLength: size })
            .map(values => ({ type, values }))
        }),
      ),
      cuts: fc.array(fc.nat(size), { maxLength: 4 }),
    }),
  )
}

function constantsOf(type: ScalarType): fc.Arbitrary<Argument> {
  if (type === 'dynamic') return fc.constant(constant('dynamic', [0, 12.5, 100]))
  const value = fc.constantFrom(0, 1, 2, 50, 100)
  if (type === 'long') return value.map(n => constant(type, BigInt(n)))
  if (type === 'decimal') return value.map(n => constant(type, decimalOf(n)))
  return value.map(n => constant(type, n))
}

function onePass(fn: AggregateFunction, { groups, args }: Input): unknown[] {
  const run = new Run(fn, args)
  const state = run.start()
  grow(state, 4)
  run.add(state, groups, 0, groups.length)
  return [0, 1, 2, 3].map(group => run.finish(state, group))
}

function bounds({ cuts, groups }: Input): number[] {
  return [0, ...cuts.toSorted((a, b) => a - b), groups.length]
}

/** One state, several batches. */
function batches(fn: AggregateFunction, input: Input): unknown[] {
  const run = new Run(fn, input.args)
  const state = run.start()
  const ends = bounds(input)
  for (let k = 1; k < ends.length; k++) run.add(state, input.groups, ends[k - 1]!, ends[k]!)
  grow(state, 4)
  return [0, 1, 2, 3].map(group => run.finish(state, group))
}

/** A state for each part, with group numbers of its own, merged in order. */
function merged(fn: AggregateFunction, input: Input): unknown[] {
  const run = new Run(fn, input.args)
  const whole = run.start()
  grow(whole, 4)
  const ends = bounds(input)
  for (let k = 1; k < ends.length; k++) {
    const known = [...new Set(input.groups.slice(ends[k - 1], ends[k]))]
    const local = input.groups.map(group => Math.max(known.indexOf(group), 0))
    const part = run.start()
    run.add(part, local, ends[k - 1]!, ends[k]!)
    grow(part, known.length)
    run.accumulator.merge(whole, part, Uint32Array.from(known))
  }
  return [0, 1, 2, 3].map(group => run.finish(whole, group))
}

/** Equal but for the last digits, where the order of the additions may show. */
function expectClose(actual: readonly unknown[], expected: readonly unknown[]): void {
  for (const [k, value] of expected.entries()) {
    if (Number.isNaN(value)) expect(actual[k]).toBeNaN()
    else expect(actual[k]).toBeCloseTo(value as number, 6)
  }
}

describe('an aggregate gives the same however its rows are split', () => {
  for (const fn of ALL) {
    const approximate = fn.name.startsWith('covariance') || /^(stdev|variance)/.test(fn.name)
    for (const overload of fn.overloads) {
      for (const type of typesOf(overload.params[0] ?? 'bool')) {
        const rest = overload.rest === undefined ? [] : [typesOf(overload.rest)[2] ?? 'long']
        const others = overload.params.slice(1).map(param => typesOf(param)[0]!)
        const types = overload.params.length === 0 ? [] : [type, ...others, ...rest]
        it(`${fn.name}(${types.join(', ')})`, () => {
          const constants = [...(overload.constants ?? [])]
          if (rest.length > 0 && constants.length > 0) constants.push(types.length - 1)
          fc.assert(
            fc.property(inputs(types, constants, approximate), input => {
              const expected = onePass(fn, input)
              if (!approximate) {
                expect(batches(fn, input)).toEqual(expected)
                expect(merged(fn, input)).toEqual(expected)
                return
              }
              expectClose(batches(fn, input), expected)
              expectClose(merged(fn, input), expected)
            }),
            { numRuns: 60 },
          )
        })
      }
    }
  }
})
