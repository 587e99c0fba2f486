import { type Decimal, decimalOf, ROUND_HALF_UP } from '../../../types/decimal.ts'
import { roundReal } from '../../../types/number.ts'
import { overload, scalar } from '../declare.ts'
import { gamma as gammaOf, logGamma } from './shared-gamma.ts'
import { ofReal, ofReals } from './shared-real.ts'

/** @see https://learn.microsoft.com/kusto/query/abs-function */
export const abs = scalar({
  name: 'abs',
  naming: 'argument',
  doc: 'The number or timespan without its sign; an int becomes a long. null where it is null.',
  examples: [
    { query: 'print r = abs(-5)', rows: [{ r: 5 }] },
    { query: 'print r = abs(-2.5)', rows: [{ r: 2.5 }] },
    { query: 'print r = abs(-1h)', rows: [{ r: '01:00:00' }] },
  ],
  overloads: [
    overload({
      params: ['long'],
      returns: 'long',
      nulls: 'propagate',
      kernel([x], out, selection) {
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          const value = x.values[row]!
          out.values[row] = value < 0n ? BigInt.asIntN(64, -value) : value
        }
      },
    }),
    overload({ params: ['real'], returns: 'real', nulls: 'propagate', each: x => Math.abs(x) }),
    overload({ params: ['decimal'], returns: 'decimal', nulls: 'propagate', each: x => x.abs() }),
    overload({
      params: ['timespan'],
      returns: 'timespan',
      nulls: 'propagate',
      kernel([x], out, selection) {
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          const value = x.values[row]!
          out.values[row] = value < 0n ? BigInt.asIntN(64, -value) : value
        }
      },
    }),
  ],
})

/** The long rounded to a power of ten, halves away from zero; wraps. */
function roundLong(value: bigint, precision: bigint): bigint {
  if (precision >= 0n) return value
  if (precision < -19n) return 0n
  const unit = 10n ** -precision
  const half = value < 0n ? -unit / 2n : unit / 2n
  return BigInt.asIntN(64, ((value + half) / unit) * unit)
}

/** Digits beyond these change no real and no decimal. */
function digitsOf(precision: bigint): number {
  return Number(precision < -400n ? -400n : precision > 400n ? 400n : precision)
}

function roundDecimal(value: Decimal, precision: bigint): Decimal {
  const digits = digitsOf(precision)
  if (digits >= 0) return value.toDecimalPlaces(digits, ROUND_HALF_UP)
  const unit = decimalOf(10).pow(-digits)
  return value.div(unit).toDecimalPlaces(0, ROUND_HALF_UP).mul(unit)
}

/** @see https://learn.microsoft.com/kusto/query/round-function */
export const round = scalar({
  name: 'round',
  naming: 'argument',
  doc: 'The number rounded to some digits after the point, none by default, halves away from zero; a negative precision rounds to tens and more. null where an argument is null.',
  examples: [
    { query: 'print r = round(2.98765, 3)', rows: [{ r: 2.988 }] },
    { query: 'print r = round(2.15, 1)', rows: [{ r: 2.2 }] },
    { query: 'print r = round(-50.55, -2)', rows: [{ r: -100 }] },
    { query: 'print r = round(1234, -2)', rows: [{ r: 1200 }] },
  ],
  overloads: [
    overload({
      params: ['int', 'long'],
      required: 1,
      constants: [1],
      returns: 'int',
      nulls: 'propagate',
      each: (value: number, precision = 0n) => Number(roundLong(BigInt(value), precision)) | 0,
    }),
    overload({
      params: ['long', 'long'],
      required: 1,
      constants: [1],
      returns: 'long',
      nulls: 'propagate',
      each: (value: bigint, precision = 0n) => roundLong(value, precision),
    }),
    overload({
      params: ['real', 'long'],
      required: 1,
      constants: [1],
      returns: 'real',
      nulls: 'propagate',
      prepare([, precision]) {
        const digits = typeof precision === 'bigint' ? digitsOf(precision) : 0
        return {
          kernel([x], out, selection) {
            for (let k = 0; k < selection.length; k++) {
              const row = selection[k]!
              out.values[row] = roundReal(x.values[row]!, digits)
            }
          },
        }
      },
    }),
    overload({
      params: ['decimal', 'long'],
      required: 1,
      constants: [1],
      returns: 'decimal',
      nulls: 'propagate',
      each: (value: Decimal, precision = 0n) => roundDecimal(value, precision),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/ceiling-function */
export const ceiling = scalar({
  name: 'ceiling',
  naming: 'argument',
  doc: 'The smallest whole number that is not below the number, of the same type. null where it is null.',
  examples: [
    {
      query: 'print a = ceiling(-1.1), b = ceiling(0), c = ceiling(0.9)',
      rows: [{ a: -1, b: 0, c: 1 }],
    },
  ],
  overloads: [
    overload({ params: ['int'], returns: 'int', nulls: 'propagate', each: x => x }),
    overload({ params: ['long'], returns: 'long', nulls: 'propagate', each: x => x }),
    overload({ params: ['real'], returns: 'real', nulls: 'propagate', each: x => Math.ceil(x) }),
    overload({ params: ['decimal'], returns: 'decimal', nulls: 'propagate', each: x => x.ceil() }),
  ],
})

/** Negative numbers have no logarithm: null, as measured, where a square root is NaN. */
function nullBelowZero(x: number, logarithm: (x: number) => number): number | null {
  return x < 0 ? null : logarithm(x)
}

/** @see https://learn.microsoft.com/kusto/query/rand-function */
export const rand = scalar({
  name: 'rand',
  naming: 'argument',
  deterministic: false,
  doc: 'A random real, at least 0 and less than 1; with a number N, a random whole one of 0 to N - 1, null where N is null or less than 1.',
  examples: [{ query: 'print r = rand() < 1 and rand(1) == 0', rows: [{ r: true }] }],
  overloads: [
    overload({
      params: [],
      returns: 'real',
      nulls: 'propagate',
      prepare: (_constants, context) => ({ each: () => context.random() }),
    }),
    overload({
      params: ['long'],
      returns: 'real',
      nulls: 'propagate',
      prepare: (_constants, context) => ({
        each: count => (count < 1n ? null : Math.floor(context.random() * Number(count))),
      }),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/sign-function */
export const sign = scalar({
  name: 'sign',
  doc: 'The sign of the number as a real: 1, 0 or -1. null where the number is null.',
  examples: [
    { query: 'print r = sign(-42)', rows: [{ r: -1 }] },
    { query: 'print r = sign(0)', rows: [{ r: 0 }] },
  ],
  overloads: ofReal(x => (x === 0 ? 0 : Math.sign(x))),
})

/** @see https://learn.microsoft.com/kusto/query/sqrt-function */
export const sqrt = scalar({
  name: 'sqrt',
  naming: 'argument',
  doc: 'Square root; NaN of a negative number. null where the number is null.',
  examples: [{ query: 'print r = sqrt(16)', rows: [{ r: 4 }] }],
  overloads: ofReal(x => Math.sqrt(x)),
})

/** @see https://learn.microsoft.com/kusto/query/exp-function */
export const exp = scalar({
  name: 'exp',
  naming: 'argument',
  doc: 'e to the power of the number. null where the number is null.',
  examples: [{ query: 'print r = exp(0)', rows: [{ r: 1 }] }],
  overloads: ofReal(x => Math.exp(x)),
})

/** @see https://learn.microsoft.com/kusto/query/exp2-function */
export const exp2 = scalar({
  name: 'exp2',
  naming: 'argument',
  doc: '2 to the power of the number. null where the number is null.',
  examples: [{ query: 'print r = exp2(10)', rows: [{ r: 1024 }] }],
  overloads: ofReal(x => 2 ** x),
})

/** @see https://learn.microsoft.com/kusto/query/exp10-function */
export const exp10 = scalar({
  name: 'exp10',
  naming: 'argument',
  doc: '10 to the power of the number. null where the number is null.',
  examples: [{ query: 'print r = exp10(3)', rows: [{ r: 1000 }] }],
  overloads: ofReal(x => 10 ** x),
})

/** @see https://learn.microsoft.com/kusto/query/log-function */
export const log = scalar({
  name: 'log',
  naming: 'argument',
  doc: 'Natural logarithm; minus infinity of 0. null where the number is null or negative.',
  examples: [
    { query: 'print r = log(5)', rows: [{ r: 1.6094379124341003 }] },
    { query: 'print r = log(-1.0)', rows: [{ r: null }] },
  ],
  overloads: ofReal(x => nullBelowZero(x, Math.log)),
})

/** @see https://learn.microsoft.com/kusto/query/log2-function */
export const log2 = scalar({
  name: 'log2',
  naming: 'argument',
  doc: 'Logarithm to base 2; minus infinity of 0. null where the number is null or negative.',
  examples: [{ query: 'print r = log2(8)', rows: [{ r: 3 }] }],
  overloads: ofReal(x => nullBelowZero(x, Math.log2)),
})

/** @see https://learn.microsoft.com/kusto/query/log10-function */
export const log10 = scalar({
  name: 'log10',
  naming: 'argument',
  doc: 'Logarithm to base 10; minus infinity of 0. null where the number is null or negative.',
  examples: [{ query: 'print r = log10(1000)', rows: [{ r: 3 }] }],
  overloads: ofReal(x => nullBelowZero(x, Math.log10)),
})

/** @see https://learn.microsoft.com/kusto/query/gamma-function */
export const gamma = scalar({
  name: 'gamma',
  naming: 'argument',
  doc: 'The gamma function. null where the number is null.',
  examples: [{ query: 'print r = gamma(5)', rows: [{ r: 24 }] }],
  overloads: ofReal(gammaOf),
})

/** @see https://learn.microsoft.com/kusto/query/loggamma-function */
export const loggamma = scalar({
  name: 'loggamma',
  naming: 'argument',
  doc: 'Natural logarithm of the absolute value of the gamma function. null where the number is null.',
  examples: [{ query: 'print r = loggamma(1)', rows: [{ r: 0 }] }],
  overloads: ofReal(logGamma),
})

/** As IEEE 754 has it: JavaScript's powers of 1 and -1 are NaN where they are 1 everywhere else. */
function power(x: number, y: number): number {
  if (x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY)) return 1
  return x ** y
}

/** @see https://learn.microsoft.com/kusto/query/pow-function */
export const pow = scalar({
  name: 'pow',
  naming: 'argument',
  doc: 'The first number to the power of the second, as a real. null where an argument is null.',
  examples: [
    { query: 'print r = pow(2, 10)', rows: [{ r: 1024 }] },
    { query: 'print r = pow(2, -1)', rows: [{ r: 0.5 }] },
  ],
  overloads: ofReals(power),
})
