import type { ScalarValue } from '../../../tables/vector.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { compareScalars, compareToScalar } from './compare-dynamic.ts'
import {
  equalBools,
  equalInt64s,
  equalInts,
  equalReals,
  lessBools,
  lessInt64s,
  lessInts,
  lessOrEqualReals,
  lessReals,
} from './compare-vectors.ts'
import { textPredicate } from './text-predicate.ts'

/** The overloads of `==`, or of `!=` with `flip`. */
function equality(flip: 0 | 1): readonly ScalarOverload[] {
  const verdict = (equal: boolean) => equal !== (flip === 1)
  const nullable = (a: ScalarValue, b: ScalarValue, compare: () => boolean): boolean | null =>
    a === null && b === null ? null : verdict(a !== null && b !== null && compare())
  const withDynamic = (value: ScalarValue, other: ScalarValue, type: ScalarType) =>
    // Beside a string the null is the empty text, as in tostring(): a string is never null.
    type === 'string'
      ? verdict(compareToScalar(value as never, other, type) === 0)
      : nullable(value, other, () => compareToScalar(value as never, other, type) === 0)
  return [
    textPredicate(needle => text => text === needle, flip === 1),
    overload({
      params: ['bool', 'bool'],
      returns: 'bool',
      nulls: 'handled',
      kernel: ([x, y], out, selection) => equalBools(x, y, out, selection, flip),
    }),
    overload({
      params: ['int', 'int'],
      returns: 'bool',
      nulls: 'handled',
      kernel: ([x, y], out, selection) => equalInts(x, y, out, selection, flip),
    }),
    overload({
      params: ['long', 'long'],
      returns: 'bool',
      nulls: 'handled',
      kernel: ([x, y], out, selection) => equalInt64s(x, y, out, selection, flip),
    }),
    overload({
      params: ['real', 'real'],
      returns: 'bool',
      nulls: 'handled',
      kernel: ([x, y], out, selection) => equalReals(x, y, out, selection, flip),
    }),
    overload({
      params: ['decimal', 'decimal'],
      returns: 'bool',
      nulls: 'handled',
      each: (a, b) => nullable(a, b, () => compareScalars(a, b) === 0),
    }),
    overload({
      params: ['datetime', 'datetime'],
      returns: 'bool',
      nulls: 'handled',
      kernel: ([x, y], out, selection) => equalInt64s(x, y, out, selection, flip),
    }),
    overload({
      params: ['timespan', 'timespan'],
      returns: 'bool',
      nulls: 'handled',
      kernel: ([x, y], out, selection) => equalInt64s(x, y, out, selection, flip),
    }),
    overload({
      params: ['guid', 'guid'],
      returns: 'bool',
      nulls: 'handled',
      each: (a, b) => nullable(a, b, () => a === b),
    }),
    overload({
      params: ['dynamic', 'scalar'],
      returns: 'bool',
      nulls: 'handled',
      prepare: (_constants, _context, types) => {
        const type = types[1] as ScalarType
        return { each: (a, b) => withDynamic(a, b, type) }
      },
    }),
    overload({
      params: ['scalar', 'dynamic'],
      returns: 'bool',
      nulls: 'handled',
      prepare: (_constants, _context, types) => {
        const type = types[0] as ScalarType
        return { each: (a, b) => withDynamic(b, a, type) }
      },
    }),
  ]
}

/**
 * @see https://learn.microsoft.com/kusto/query/equals-cs-operator
 * @see https://learn.microsoft.com/kusto/query/scalar-data-types/null-values#equality-and-inequality-of-null-values
 */
export const equal = scalar({
  name: '==',
  doc: 'Whether the operands are equal; strings by case. False where one is null, null where both are.',
  examples: [
    { query: 'print a = "x" == "X", b = 1 == 1.0', rows: [{ a: false, b: true }] },
    {
      query: 'print one = int(null) == 5, both = int(null) == int(null)',
      rows: [{ one: false, both: null }],
    },
  ],
  overloads: equality(0),
})

/**
 * @see https://learn.microsoft.com/kusto/query/not-equals-cs-operator
 * @see https://learn.microsoft.com/kusto/query/scalar-data-types/null-values#equality-and-inequality-of-null-values
 */
export const notEqual = scalar({
  name: '!=',
  aliases: ['<>'],
  doc: 'Whether the operands differ; strings by case. True where one is null, null where both are.',
  examples: [
    { query: 'print a = "x" != "X", b = 1 != 1.0', rows: [{ a: true, b: false }] },
    {
      query: 'print one = int(null) != 5, both = int(null) != int(null)',
      rows: [{ one: true, both: null }],
    },
  ],
  overloads: equality(1),
})

type Order = '<' | '<=' | '>' | '>='

/** Whether an order, as the sign of a comparison, satisfies the operator; NaN does not. */
function satisfies(operator: Order, comparison: number): boolean {
  switch (operator) {
    case '<':
      return comparison < 0
    case '<=':
      return comparison <= 0
    case '>':
      return comparison > 0
    case '>=':
      return comparison >= 0
  }
}

/** The overloads of an operator that orders; null where an operand is null. */
function ordering(operator: Order): readonly ScalarOverload[] {
  // a > b is b < a, and of whole numbers a <= b is not (b < a).
  const swapped = operator === '>' || operator === '<='
  const flip = operator === '<=' || operator === '>=' ? 1 : 0
  const strict = operator === '<' || operator === '>'
  const reversed = operator === '>' || operator === '>='
  return [
    overload({
      params: ['bool', 'bool'],
      returns: 'bool',
      nulls: 'propagate',
      kernel: ([x, y], out, selection) =>
        swapped ? lessBools(y, x, out, selection, flip) : lessBools(x, y, out, selection, flip),
    }),
    overload({
      params: ['int', 'int'],
      returns: 'bool',
      nulls: 'propagate',
      kernel: ([x, y], out, selection) =>
        swapped ? lessInts(y, x, out, selection, flip) : lessInts(x, y, out, selection, flip),
    }),
    overload({
      params: ['long', 'long'],
      returns: 'bool',
      nulls: 'propagate',
      kernel: ([x, y], out, selection) =>
        swapped ? lessInt64s(y, x, out, selection, flip) : lessInt64s(x, y, out, selection, flip),
    }),
    overload({
      params: ['real', 'real'],
      returns: 'bool',
      nulls: 'propagate',
      kernel: ([x, y], out, selection) => {
        const [a, b] = reversed ? [y, x] : [x, y]
        if (strict) lessReals(a, b, out, selection)
        else lessOrEqualReals(a, b, out, selection)
      },
    }),
    overload({
      params: ['decimal', 'decimal'],
      returns: 'bool',
      nulls: 'propagate',
      each: (a, b) => satisfies(operator, compareScalars(a, b)),
    }),
    overload({
      params: ['datetime', 'datetime'],
      returns: 'bool',
      nulls: 'propagate',
      kernel: ([x, y], out, selection) =>
        swapped ? lessInt64s(y, x, out, selection, flip) : lessInt64s(x, y, out, selection, flip),
    }),
    overload({
      params: ['timespan', 'timespan'],
      returns: 'bool',
      nulls: 'propagate',
      kernel: ([x, y], out, selection) =>
        swapped ? lessInt64s(y, x, out, selection, flip) : lessInt64s(x, y, out, selection, flip),
    }),
    overload({
      params: ['bool', 'long'],
      returns: 'bool',
      nulls: 'propagate',
      each: (a, b) => satisfies(operator, compareScalars(a ? 1n : 0n, b)),
    }),
    overload({
      params: ['long', 'bool'],
      returns: 'bool',
      nulls: 'propagate',
      each: (a, b) => satisfies(operator, compareScalars(a, b ? 1n : 0n)),
    }),
    overload({
      params: ['dynamic', 'number'],
      returns: 'bool',
      nulls: 'propagate',
      prepare: (_constants, _context, types) => {
        const type = types[1] as ScalarType
        return { each: (a, b) => ordered(operator, compareToScalar(a, b, type)) }
      },
    }),
    overload({
      params: ['number', 'dynamic'],
      returns: 'bool',
      nulls: 'propagate',
      prepare: (_constants, _context, types) => {
        const type = types[0] as ScalarType
        return { each: (a, b) => ordered(operator, -compareToScalar(b, a, type)) }
      },
    }),
    overload({
      params: ['dynamic', 'dynamic'],
      returns: 'bool',
      nulls: 'propagate',
      each: (a, b) => ordered(operator, compareToScalar(a, b, 'dynamic')),
    }),
  ]
}

/** Null where a dynamic holds something that has no order beside the other operand. */
function ordered(operator: Order, comparison: number): boolean | null {
  return Number.isNaN(comparison) ? null : satisfies(operator, comparison)
}

/** @see https://learn.microsoft.com/kusto/query/numerical-operators */
export const less = scalar({
  name: '<',
  doc: 'Whether the first of two numbers, bools, datetimes or timespans is less; null where one is null.',
  examples: [
    {
      query: 'print a = 1 < 1.5, b = 10s < 1h, c = int(null) < 1',
      rows: [{ a: true, b: true, c: null }],
    },
  ],
  overloads: ordering('<'),
})

/** @see https://learn.microsoft.com/kusto/query/numerical-operators */
export const lessOrEqual = scalar({
  name: '<=',
  doc: 'Whether the first of two numbers, bools, datetimes or timespans is less or equal; null where one is null.',
  examples: [{ query: 'print a = 4 <= 4, b = 5 <= 4', rows: [{ a: true, b: false }] }],
  overloads: ordering('<='),
})

/** @see https://learn.microsoft.com/kusto/query/numerical-operators */
export const greater = scalar({
  name: '>',
  doc: 'Whether the first of two numbers, bools, datetimes or timespans is greater; null where one is null.',
  examples: [
    {
      query: 'print a = datetime(2024-01-02) > datetime(2024-01-01), b = 1 > 1',
      rows: [{ a: true, b: false }],
    },
  ],
  overloads: ordering('>'),
})

/** @see https://learn.microsoft.com/kusto/query/numerical-operators */
export const greaterOrEqual = scalar({
  name: '>=',
  doc: 'Whether the first of two numbers, bools, datetimes or timespans is greater or equal; null where one is null.',
  examples: [{ query: 'print a = 4 >= 4, b = 4 >= 5', rows: [{ a: true, b: false }] }],
  overloads: ordering('>='),
})
