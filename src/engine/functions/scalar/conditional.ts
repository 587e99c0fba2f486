import { RawJson } from '../../../tables/raw-json.ts'
import type { DynamicCell, ScalarValue, Vector } from '../../../tables/vector.ts'
import { compareStrings } from '../../../types/collation.ts'
import { commonType } from '../../../types/common-type.ts'
import { isDecimal } from '../../../types/decimal.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { QueryError } from '../query-error.ts'
import { copyRows } from './copy-rows.ts'
import { takeTrue } from './take-true.ts'

/** The type of a choice: what the branches have in common, else a dynamic that holds either. */
function typeOfChoice(branches: readonly ScalarType[]): ScalarType {
  return commonType(branches) ?? 'dynamic'
}

/** @see https://learn.microsoft.com/kusto/query/iff-function */
export const iff = scalar({
  name: 'iff',
  aliases: ['iif'],
  doc: 'The second argument where the first is true, else the third, also where the first is null.',
  examples: [
    {
      query: 'print a = iff(1 < 2, "yes", "no"), b = iff(bool(null), 1, 2)',
      rows: [{ a: 'yes', b: 2 }],
    },
  ],
  overloads: [
    overload({
      params: ['bool', 'scalar', 'scalar'],
      returns: ([, then, otherwise]) => typeOfChoice([then!, otherwise!]),
      nulls: 'handled',
      kernel([condition, then, otherwise], out, selection) {
        const [taken, left] = takeTrue(condition, selection)
        copyRows(out, then, taken)
        copyRows(out, otherwise, left)
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/case-function */
export const caseFunction = scalar({
  name: 'case',
  doc: 'The value after the first predicate that is true, else the last argument. A predicate that is null is not true.',
  examples: [
    {
      query:
        'range size from 1 to 9 step 4 | extend r = case(size <= 3, "small", size <= 5, "medium", "large")',
      rows: [
        { size: 1, r: 'small' },
        { size: 5, r: 'medium' },
        { size: 9, r: 'large' },
      ],
    },
  ],
  overloads: [
    overload({
      repeated: ['bool', 'scalar'],
      params: ['scalar'],
      returns: types =>
        typeOfChoice(types.filter((_, at) => at % 2 === 1 || at === types.length - 1)),
      nulls: 'handled',
      kernel(args: readonly Vector[], out: Vector, selection) {
        let rows = selection
        for (let at = 0; at + 1 < args.length; at += 2) {
          const [taken, left] = takeTrue(args[at]!, rows)
          copyRows(out, args[at + 1]!, taken)
          rows = left
        }
        copyRows(out, args[args.length - 1]!, rows)
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/coalesce-function */
export const coalesce = scalar({
  name: 'coalesce',
  doc: 'The first argument that is not null, nor the empty string; null where all are.',
  examples: [
    {
      query: 'print a = coalesce(tolong("none"), tolong("42"), 33), b = coalesce("", "x")',
      rows: [{ a: 42, b: 'x' }],
    },
  ],
  overloads: [
    overload({
      params: ['common', 'common'],
      rest: 'common',
      most: 64,
      returns: 'common',
      nulls: 'handled',
      kernel(args: readonly Vector[], out: Vector, selection) {
        let rows = selection
        for (let at = 0; at + 1 < args.length && rows.length > 0; at++) {
          const vector = args[at]!
          const missing = isMissing(vector)
          copyRows(
            out,
            vector,
            rows.filter(row => !missing(row)),
          )
          rows = rows.filter(missing)
        }
        copyRows(out, args[args.length - 1]!, rows)
      },
    }),
  ],
})

/** Whether a row is null or the empty string. */
function isMissing(vector: Vector): (row: number) => boolean {
  if (vector.type === 'string') return row => vector.at(row) === ''
  const { nulls } = vector
  return nulls === undefined ? () => false : row => nulls[row] === 1
}

/** @see https://learn.microsoft.com/kusto/query/isnull-function */
export const isnull = scalar({
  name: 'isnull',
  doc: 'Whether the value is null; a string never is.',
  examples: [
    {
      query: 'print a = isnull(int(null)), b = isnull(""), c = isnull(parse_json("null"))',
      rows: [{ a: true, b: false, c: true }],
    },
  ],
  overloads: [nullTest(1)],
})

/** @see https://learn.microsoft.com/kusto/query/isnotnull-function */
export const isnotnull = scalar({
  name: 'isnotnull',
  aliases: ['notnull'],
  doc: 'Whether the value is not null; a string never is.',
  examples: [{ query: 'print a = isnotnull(1), b = isnotnull("")', rows: [{ a: true, b: true }] }],
  overloads: [nullTest(0)],
})

function nullTest(whenNull: 0 | 1): ScalarOverload {
  return overload({
    params: ['scalar'],
    returns: 'bool',
    nulls: 'handled',
    kernel([x], out, selection) {
      const nulls = x.type === 'string' ? undefined : x.nulls
      for (let k = 0; k < selection.length; k++) {
        const row = selection[k]!
        const isNull = nulls !== undefined && nulls[row] === 1 ? 1 : 0
        out.values[row] = isNull === whenNull ? 1 : 0
      }
    },
  })
}

/** @see https://learn.microsoft.com/kusto/query/isempty-function */
export const isempty = scalar({
  name: 'isempty',
  doc: 'Whether the value is null or the empty string.',
  examples: [
    {
      query:
        'print a = isempty(""), b = isempty(int(null)), c = isempty("x"), d = isempty(dynamic([]))',
      rows: [{ a: true, b: true, c: false, d: false }],
    },
  ],
  overloads: [emptyTest(true)],
})

/** @see https://learn.microsoft.com/kusto/query/isnotempty-function */
export const isnotempty = scalar({
  name: 'isnotempty',
  aliases: ['notempty'],
  doc: 'Whether the value is neither null nor the empty string.',
  examples: [
    {
      query: 'print a = isnotempty(""), b = isnotempty(0), c = isnotempty("x")',
      rows: [{ a: false, b: true, c: true }],
    },
  ],
  overloads: [emptyTest(false)],
})

function emptyTest(whenEmpty: boolean): ScalarOverload {
  return overload({
    params: ['scalar'],
    returns: 'bool',
    nulls: 'handled',
    kernel([x], out, selection) {
      if (x.type === 'dynamic') {
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          out.values[row] = isEmptyCell(x.values[row]!) === whenEmpty ? 1 : 0
        }
        return
      }
      const missing = isMissing(x)
      for (let k = 0; k < selection.length; k++) {
        const row = selection[k]!
        out.values[row] = missing(row) === whenEmpty ? 1 : 0
      }
    },
  })
}

/** Text not parsed yet is looked at as it stands: only `""` is the empty string. */
function isEmptyCell(cell: DynamicCell): boolean {
  return cell === null || cell === '' || (cell instanceof RawJson && cell.text === '""')
}

/** @see https://learn.microsoft.com/kusto/query/isnan-function */
export const isnan = scalar({
  name: 'isnan',
  doc: 'Whether the number is NaN; null for null.',
  examples: [{ query: 'print a = isnan(0.0 / 0), b = isnan(1)', rows: [{ a: true, b: false }] }],
  overloads: [realTest(Number.isNaN)],
})

/** @see https://learn.microsoft.com/kusto/query/isinf-function */
export const isinf = scalar({
  name: 'isinf',
  doc: 'Whether the number is an infinity; null for null.',
  examples: [
    { query: 'print a = isinf(-1.0 / 0), b = isinf(0.0 / 0)', rows: [{ a: true, b: false }] },
  ],
  overloads: [realTest(value => Math.abs(value) === Number.POSITIVE_INFINITY)],
})

/** @see https://learn.microsoft.com/kusto/query/isfinite-function */
export const isfinite = scalar({
  name: 'isfinite',
  doc: 'Whether the number is neither NaN nor an infinity; null for null.',
  examples: [
    { query: 'print a = isfinite(1.5), b = isfinite(1.0 / 0)', rows: [{ a: true, b: false }] },
  ],
  overloads: [realTest(Number.isFinite)],
})

function realTest(test: (value: number) => boolean): ScalarOverload {
  return overload({ params: ['real'], returns: 'bool', nulls: 'propagate', each: test })
}

/** @see https://learn.microsoft.com/kusto/query/max-of-function */
export const maxOf = scalar({
  name: 'max_of',
  doc: 'The largest of the arguments; nulls do not count, NaN is the result where one is NaN. null where all are null.',
  examples: [
    {
      query: 'print a = max_of(10, 1, -3, 17), b = max_of(int(null), 2)',
      rows: [{ a: 17, b: 2 }],
    },
  ],
  overloads: [extreme(1)],
})

/** @see https://learn.microsoft.com/kusto/query/min-of-function */
export const minOf = scalar({
  name: 'min_of',
  doc: 'The smallest of the arguments; nulls do not count, NaN is the result where one is NaN. null where all are null.',
  examples: [
    {
      query: 'print a = min_of(10, 1, -3, 17), b = min_of(int(null), 2)',
      rows: [{ a: -3, b: 2 }],
    },
  ],
  overloads: [extreme(-1)],
})

/** The argument that stands last in the order, with `sign` 1, or first, with -1. */
function extreme(sign: 1 | -1): ScalarOverload {
  return overload({
    params: ['common', 'common'],
    rest: 'common',
    most: 64,
    returns: 'common',
    nulls: 'handled',
    refusesTypes: true,
    prepare(_constants, _context, [type]) {
      if (type === 'dynamic') {
        throw new QueryError(
          'KS106',
          'Dynamic values have no order: convert them to one type first.',
        )
      }
      if (type === 'guid') {
        throw new QueryError('KS106', 'GUIDs have no order: compare their texts.')
      }
      return { each: (...values: ScalarValue[]) => extremeOf(values, sign) }
    },
  })
}

function extremeOf(values: readonly ScalarValue[], sign: 1 | -1): ScalarValue {
  let best: ScalarValue = null
  for (const value of values) {
    if (value === null) continue
    if (Number.isNaN(value)) return value
    if (best === null || order(value, best) * sign > 0) best = value
  }
  return best
}

function order(a: ScalarValue, b: ScalarValue): number {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b)
  if (isDecimal(a) && isDecimal(b)) return a.cmp(b)
  const left = a as number
  const right = b as number
  return left < right ? -1 : left > right ? 1 : 0
}
