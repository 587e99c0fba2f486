import {
  type BoolVector,
  type Int64Vector,
  type IntVector,
  type ScalarValue,
  type Vector,
  valueAt,
} from '../../../tables/vector.ts'
import { foldCase, type StringPredicate, termMatcher } from '../../../types/collation.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import { realFromHalves } from '../../../types/number.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { compareToScalar } from './compare-dynamic.ts'
import { int64sBetween } from './compare-vectors.ts'
import { ItemSet, textsOf } from './membership.ts'
import { textKernel } from './text-predicate.ts'

function membership(negated: boolean, caseSensitive: boolean): ScalarOverload {
  return overload({
    params: [caseSensitive ? 'scalar' : 'string', 'scalar'],
    rest: 'scalar',
    returns: 'bool',
    nulls: 'handled',
    prepare([, ...items], _context, [operand, ...types]) {
      const set = new ItemSet(operand!, items, types, caseSensitive)
      if (!set.constant) {
        return {
          kernel: ([values, ...vectors]: readonly Vector[], out: BoolVector, selection) =>
            testItems(set, negated, values!, vectors, out, selection),
        }
      }
      if (operand === 'string') {
        const texts = set.texts
        const test: StringPredicate = caseSensitive
          ? text => texts.has(text)
          : text => texts.has(foldCase(text))
        const kernel = textKernel(test, negated)
        return { kernel: ([text], out, selection) => kernel([text as never], out, selection) }
      }
      const numbers = operand === 'int' || operand === 'long' ? set.numbers : undefined
      return {
        kernel: ([values], out, selection) =>
          testConstant(set, numbers, negated, values, out, selection),
      }
    },
  })
}

function testConstant(
  set: ItemSet,
  numbers: ReadonlySet<unknown> | undefined,
  negated: boolean,
  values: Vector,
  out: BoolVector,
  selection: Uint32Array,
): void {
  if (numbers !== undefined && values.type === 'int') {
    testInts(numbers, negated, values, out, selection)
  } else if (numbers !== undefined && values.type === 'long') {
    testLongs(set, numbers, negated, values, out, selection)
  } else testItems(set, negated, values, [], out, selection)
}

function testInts(
  numbers: ReadonlySet<unknown>,
  negated: boolean,
  vector: IntVector,
  out: BoolVector,
  selection: Uint32Array,
): void {
  const { values, nulls } = vector
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const found = (nulls === undefined || nulls[row] === 0) && numbers.has(values[row])
    out.values[row] = found === negated ? 0 : 1
  }
}

function testLongs(
  set: ItemSet,
  numbers: ReadonlySet<unknown>,
  negated: boolean,
  vector: Int64Vector<'long'>,
  out: BoolVector,
  selection: Uint32Array,
): void {
  const { halves, nulls } = vector
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    let found = false
    if (nulls === undefined || nulls[row] === 0) {
      const number = realFromHalves(halves, row)
      found = Number.isSafeInteger(number) ? numbers.has(number) : set.has(vector.values[row]!, [])
    }
    out.values[row] = found === negated ? 0 : 1
  }
}

function testItems(
  set: ItemSet,
  negated: boolean,
  values: Vector,
  items: readonly Vector[],
  out: BoolVector,
  selection: Uint32Array,
): void {
  const row = new Array<ScalarValue>(items.length)
  for (let k = 0; k < selection.length; k++) {
    const at = selection[k]!
    for (let i = 0; i < items.length; i++) row[i] = valueAt(items[i]!, at)
    out.values[at] = set.has(valueAt(values, at), row) === negated ? 0 : 1
  }
}

/** @see https://learn.microsoft.com/kusto/query/in-cs-operator */
export const isIn = scalar({
  name: 'in',
  doc: 'Whether the operand is equal to one of the items, strings by case; a dynamic array stands for its elements. False for null, but beside strings a dynamic null is the empty text, as for ==.',
  examples: [
    {
      query: 'print a = "abc" in ("123", "abc"), b = 2 in (dynamic([1, 2])), c = "A" in ("a")',
      rows: [{ a: true, b: true, c: false }],
    },
  ],
  overloads: [membership(false, true)],
})

/** @see https://learn.microsoft.com/kusto/query/not-in-cs-operator */
export const isNotIn = scalar({
  name: '!in',
  doc: 'Whether the operand is equal to none of the items, strings by case; a dynamic array stands for its elements. True for null, but beside strings a dynamic null is the empty text, as for !=.',
  examples: [
    {
      query: 'print a = "bca" !in ("123", "abc"), b = int(null) !in (1)',
      rows: [{ a: true, b: true }],
    },
  ],
  overloads: [membership(true, true)],
})

/** @see https://learn.microsoft.com/kusto/query/in-operator */
export const isInFolded = scalar({
  name: 'in~',
  doc: 'Whether the string is equal to one of the items, whatever the case; a dynamic array stands for its elements.',
  examples: [{ query: 'print r = "Abc" in~ ("123", "aBC")', rows: [{ r: true }] }],
  overloads: [membership(false, false)],
})

/** @see https://learn.microsoft.com/kusto/query/not-in-operator */
export const isNotInFolded = scalar({
  name: '!in~',
  doc: 'Whether the string is equal to none of the items, whatever the case; a dynamic array stands for its elements.',
  examples: [{ query: 'print r = "Abc" !in~ ("123", "aBC")', rows: [{ r: false }] }],
  overloads: [membership(true, false)],
})

function anyOf(tests: readonly StringPredicate[]): StringPredicate {
  return text => tests.some(test => test(text))
}

function allOf(tests: readonly StringPredicate[]): StringPredicate {
  return text => tests.every(test => test(text))
}

function termOverload(
  join: (tests: readonly StringPredicate[]) => StringPredicate,
): ScalarOverload {
  const matcher = (items: readonly ScalarValue[], types: readonly ScalarType[]) => {
    const texts = items.flatMap((item, index) => textsOf(item, types[index]!))
    return join(texts.map(text => termMatcher(text, false)))
  }
  return overload({
    params: ['string', 'scalar'],
    rest: 'scalar',
    returns: 'bool',
    nulls: 'handled',
    prepare([, ...items], _context, [, ...types]) {
      const constant = items.filter(item => item !== undefined)
      if (constant.length === items.length) {
        return { kernel: textKernel(matcher(constant, types), false) }
      }
      return {
        each: (text, ...row: ScalarValue[]) => matcher(row, types)(text ?? ''),
      }
    },
  })
}

/** @see https://learn.microsoft.com/kusto/query/has-any-operator */
export const hasAny = scalar({
  name: 'has_any',
  doc: 'Whether the string has one of the items as a whole term, whatever the case; a dynamic array stands for its elements.',
  examples: [
    {
      query:
        'print a = "North America" has_any ("south", "north"), b = "Fabrikam" has_any (dynamic(["fab"]))',
      rows: [{ a: true, b: false }],
    },
  ],
  overloads: [termOverload(anyOf)],
})

/** @see https://learn.microsoft.com/kusto/query/has-all-operator */
export const hasAll = scalar({
  name: 'has_all',
  doc: 'Whether the string has all of the items as whole terms, whatever the case; a dynamic array stands for its elements.',
  examples: [
    {
      query:
        'print a = "North and South America" has_all ("south", "north"), b = "North" has_all ("south", "north")',
      rows: [{ a: true, b: false }],
    },
  ],
  overloads: [termOverload(allOf)],
})

/** Null where the dynamic holds nothing that compares with a number. */
function dynamicBetween(
  value: Dynamic,
  low: ScalarValue,
  high: ScalarValue,
  type: 'long' | 'real' | 'decimal',
  within: (inside: boolean) => boolean,
): boolean | null {
  const fromLow = compareToScalar(value, low, type)
  return Number.isNaN(fromLow)
    ? null
    : within(fromLow >= 0 && compareToScalar(value, high, type) <= 0)
}

function ranges(negated: boolean): readonly ScalarOverload[] {
  const within = (inside: boolean) => inside !== negated
  return [
    overload({
      params: ['long', 'long', 'long'],
      returns: 'bool',
      nulls: 'propagate',
      kernel: ([x, low, high], out, selection) =>
        int64sBetween(x, low, high, out, selection, negated),
    }),
    overload({
      params: ['real', 'real', 'real'],
      returns: 'bool',
      nulls: 'propagate',
      each: (x, low, high) => within(x >= low && x <= high),
    }),
    overload({
      params: ['decimal', 'decimal', 'decimal'],
      returns: 'bool',
      nulls: 'propagate',
      each: (x, low, high) => within(x.gte(low) && x.lte(high)),
    }),
    overload({
      params: ['datetime', 'datetime', 'datetime'],
      returns: 'bool',
      nulls: 'propagate',
      kernel: ([x, low, high], out, selection) =>
        int64sBetween(x, low, high, out, selection, negated),
    }),
    overload({
      params: ['timespan', 'timespan', 'timespan'],
      returns: 'bool',
      nulls: 'propagate',
      kernel: ([x, low, high], out, selection) =>
        int64sBetween(x, low, high, out, selection, negated),
    }),
    // The second bound as a distance from the first.
    overload({
      params: ['datetime', 'datetime', 'timespan'],
      returns: 'bool',
      nulls: 'propagate',
      each: (x, low, span) => within(x >= low && x <= low + span),
    }),
    ...(['long', 'real', 'decimal'] as const).map(type =>
      overload({
        params: ['dynamic', type, type],
        returns: 'bool',
        nulls: 'propagate',
        each: (x, low, high) => dynamicBetween(x, low, high, type, within),
      }),
    ),
  ]
}

/** @see https://learn.microsoft.com/kusto/query/between-operator */
export const between = scalar({
  name: 'between',
  doc: 'Whether a number, datetime or timespan lies in the range, both ends included; null where one is null.',
  examples: [
    {
      query:
        'print a = 55 between (50 .. 55), b = datetime(2007-07-30) between (datetime(2007-07-27) .. 2d)',
      rows: [{ a: true, b: false }],
    },
  ],
  overloads: ranges(false),
})

/** @see https://learn.microsoft.com/kusto/query/not-between-operator */
export const notBetween = scalar({
  name: '!between',
  doc: 'Whether a number, datetime or timespan lies outside the range, both ends being inside; null where one is null.',
  examples: [{ query: 'print a = 56 !between (50 .. 55)', rows: [{ a: true }] }],
  overloads: ranges(true),
})
