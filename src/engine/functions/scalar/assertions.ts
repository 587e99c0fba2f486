import type { ScalarType } from '../../../types/scalar-type.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { QueryError } from '../query-error.ts'

/** @see https://learn.microsoft.com/kusto/query/assert-function */
export const assert = scalar({
  name: 'assert',
  doc: 'true; an error with the message where the condition, which must be constant, is false or null.',
  examples: [{ query: 'print r = assert(1 < 2, "one is not less than two")', rows: [{ r: true }] }],
  overloads: [
    overload({
      params: ['bool', 'string'],
      constants: [0, 1],
      returns: 'bool',
      nulls: 'handled',
      prepare([condition, message]) {
        // undefined: it is known only in the run, which prepares it again.
        if (condition === false || condition === null) {
          throw new QueryError('KQL108', `assert() has failed with message: '${message}'`, 0)
        }
        return { each: () => true }
      },
    }),
  ],
})

function aroundTicks(type: 'datetime' | 'timespan' | 'long', delta: ScalarType): ScalarOverload {
  return overload({
    params: [type, type, delta as 'timespan' | 'long'],
    returns: 'bool',
    nulls: 'propagate',
    each: (value: bigint, center: bigint, distance: bigint) =>
      value >= center - distance && value <= center + distance,
  })
}

/** @see https://learn.microsoft.com/kusto/query/around-function */
export const around = scalar({
  name: 'around',
  doc: 'Whether the value is no further from the center than the third argument, ends included; for datetimes that is a timespan. null where an argument is null.',
  examples: [
    {
      query:
        'print a = around(5, 4, 1), b = around(5.5, 4, 1), c = around(datetime(2021-01-01 01:31), datetime(2021-01-01 01:30), 1m)',
      rows: [{ a: true, b: false, c: true }],
    },
  ],
  overloads: [
    aroundTicks('long', 'long'),
    overload({
      params: ['real', 'real', 'real'],
      returns: 'bool',
      nulls: 'propagate',
      each: (value, center, distance) => value >= center - distance && value <= center + distance,
    }),
    overload({
      params: ['decimal', 'decimal', 'decimal'],
      returns: 'bool',
      nulls: 'propagate',
      each: (value, center, distance) =>
        value.gte(center.minus(distance)) && value.lte(center.plus(distance)),
    }),
    aroundTicks('datetime', 'timespan'),
    aroundTicks('timespan', 'timespan'),
  ],
})
