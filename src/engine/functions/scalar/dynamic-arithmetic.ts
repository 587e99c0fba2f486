import {
  datetimeFromDynamic,
  decimalFromDynamic,
  longFromDynamic,
  realFromDynamic,
  timespanFromDynamic,
} from '../../../types/convert.ts'
import { isDatetime } from '../../../types/datetime.ts'
import {
  addDecimal,
  type Decimal,
  divideDecimal,
  modDecimal,
  multiplyDecimal,
  subtractDecimal,
} from '../../../types/decimal.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import {
  DynamicScalar,
  dynamicLong,
  dynamicReal,
  longOf,
  WholeReal,
} from '../../../types/dynamic.ts'
import { overload, type ScalarOverload } from '../declare.ts'

/** An arithmetic operator between two operands. */
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%'

/**
 * What the operator gives for two dynamics: long for two longs, real where one is a real, and for
 * timespans and datetimes what it gives for operands of those types; null for any other operands,
 * text that looks like a number included.
 */
export function calculateDynamic(operator: ArithmeticOperator, a: Dynamic, b: Dynamic): Dynamic {
  const left = wholeOf(a)
  const right = wholeOf(b)
  if (left !== undefined && right !== undefined) return ofLongs(operator, left, right)
  const x = numberOf(a)
  const y = numberOf(b)
  if (x !== undefined && y !== undefined) return dynamicReal(ofReals(operator, x, y))
  return ofTimes(operator, a, b)
}

function wholeOf(value: Dynamic): bigint | undefined {
  const whole = longOf(value)
  return typeof whole === 'number' ? BigInt(whole) : whole
}

function numberOf(value: Dynamic): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  return value instanceof WholeReal ? value.value : undefined
}

function ofLongs(operator: ArithmeticOperator, a: bigint, b: bigint): Dynamic {
  const result = calculateLongs(operator, a, b)
  return result === null ? null : dynamicLong(result)
}

function ofReals(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '%': {
      const rest = a % b
      return rest < 0 ? rest + Math.abs(b) : rest
    }
  }
}

function remainder(a: bigint, b: bigint): bigint {
  const rest = a % b
  return rest < 0n ? rest + (b < 0n ? -b : b) : rest
}

function ticksOf(value: Dynamic, type: 'datetime' | 'timespan'): bigint | undefined {
  if (!(value instanceof DynamicScalar) || value.type !== type) return undefined
  return typeof value.value === 'bigint' ? value.value : undefined
}

function ofTimes(operator: ArithmeticOperator, a: Dynamic, b: Dynamic): Dynamic {
  const time = ticksOf(a, 'datetime')
  const span = ticksOf(a, 'timespan')
  const otherTime = ticksOf(b, 'datetime')
  const otherSpan = ticksOf(b, 'timespan')
  if (operator === '+') {
    if (span !== undefined && otherSpan !== undefined) return spanOf(span + otherSpan)
    if (time !== undefined && otherSpan !== undefined) return timeOf(time + otherSpan)
    if (span !== undefined && otherTime !== undefined) return timeOf(span + otherTime)
  }
  if (operator === '-') {
    if (span !== undefined && otherSpan !== undefined) return spanOf(span - otherSpan)
    if (time !== undefined && otherTime !== undefined) return spanOf(time - otherTime)
    if (time !== undefined && otherSpan !== undefined) return timeOf(time - otherSpan)
    if (a === 0 && otherSpan !== undefined) return spanOf(-otherSpan)
  }
  if (operator === '/' && span !== undefined && otherSpan !== undefined) {
    return dynamicReal(Number(span) / Number(otherSpan))
  }
  return null
}

function spanOf(ticks: bigint): Dynamic {
  return new DynamicScalar('timespan', BigInt.asIntN(64, ticks))
}

function timeOf(ticks: bigint): Dynamic {
  return isDatetime(ticks) ? new DynamicScalar('datetime', ticks) : null
}

/** `a + b` and the like of two longs; null for divisor 0. */
function calculateLongs(operator: ArithmeticOperator, a: bigint, b: bigint): bigint | null {
  switch (operator) {
    case '+':
      return BigInt.asIntN(64, a + b)
    case '-':
      return BigInt.asIntN(64, a - b)
    case '*':
      return BigInt.asIntN(64, a * b)
    case '/':
      return b === 0n ? null : BigInt.asIntN(64, a / b)
    case '%':
      return b === 0n ? null : remainder(a, b)
  }
}

function calculateDecimals(operator: ArithmeticOperator, a: Decimal, b: Decimal): Decimal | null {
  switch (operator) {
    case '+':
      return addDecimal(a, b)
    case '-':
      return subtractDecimal(a, b)
    case '*':
      return multiplyDecimal(a, b)
    case '/':
      return divideDecimal(a, b)
    case '%':
      return modDecimal(a, b)
  }
}

/**
 * Overloads for a dynamic and a number: the dynamic is converted to the number's type, an int being
 * a long, and the result is of that type; null where it does not convert.
 */
export function withDynamicNumber(operator: ArithmeticOperator): readonly ScalarOverload[] {
  return [
    overload({
      params: ['dynamic', 'long'],
      returns: 'long',
      nulls: 'propagate',
      each(a, b) {
        const left = longFromDynamic(a)
        return left === null ? null : calculateLongs(operator, left, b)
      },
    }),
    overload({
      params: ['long', 'dynamic'],
      returns: 'long',
      nulls: 'propagate',
      each(a, b) {
        const right = longFromDynamic(b)
        return right === null ? null : calculateLongs(operator, a, right)
      },
    }),
    overload({
      params: ['dynamic', 'real'],
      returns: 'real',
      nulls: 'propagate',
      each(a, b) {
        const left = realFromDynamic(a)
        return left === null ? null : ofReals(operator, left, b)
      },
    }),
    overload({
      params: ['real', 'dynamic'],
      returns: 'real',
      nulls: 'propagate',
      each(a, b) {
        const right = realFromDynamic(b)
        return right === null ? null : ofReals(operator, a, right)
      },
    }),
    overload({
      params: ['dynamic', 'decimal'],
      returns: 'decimal',
      nulls: 'propagate',
      each(a, b) {
        const left = decimalFromDynamic(a)
        return left === null ? null : calculateDecimals(operator, left, b)
      },
    }),
    overload({
      params: ['decimal', 'dynamic'],
      returns: 'decimal',
      nulls: 'propagate',
      each(a, b) {
        const right = decimalFromDynamic(b)
        return right === null ? null : calculateDecimals(operator, a, right)
      },
    }),
  ]
}

/**
 * Overloads for a dynamic and a time. Beside a timespan the dynamic is a timespan; in a sum with a
 * datetime it is a timespan, in a difference a datetime. null where it does not convert.
 */
export function withDynamicTime(operator: '+' | '-'): readonly ScalarOverload[] {
  const sign = operator === '+' ? 1n : -1n
  const withSpans = [
    overload({
      params: ['dynamic', 'timespan'],
      returns: 'timespan',
      nulls: 'propagate',
      each(a, b) {
        const left = timespanFromDynamic(a)
        return left === null ? null : BigInt.asIntN(64, left + sign * b)
      },
    }),
    overload({
      params: ['timespan', 'dynamic'],
      returns: 'timespan',
      nulls: 'propagate',
      each(a, b) {
        const right = timespanFromDynamic(b)
        return right === null ? null : BigInt.asIntN(64, a + sign * right)
      },
    }),
  ]
  return [...withSpans, ...(operator === '+' ? SUMS : DIFFERENCES)]
}

const SUMS = [
  overload({
    params: ['dynamic', 'datetime'],
    returns: 'datetime',
    nulls: 'propagate',
    each: (a, b) => laterBy(b, timespanFromDynamic(a)),
  }),
  overload({
    params: ['datetime', 'dynamic'],
    returns: 'datetime',
    nulls: 'propagate',
    each: (a, b) => laterBy(a, timespanFromDynamic(b)),
  }),
]

const DIFFERENCES = [
  overload({
    params: ['dynamic', 'datetime'],
    returns: 'timespan',
    nulls: 'propagate',
    each(a, b) {
      const left = datetimeFromDynamic(a)
      return left === null ? null : left - b
    },
  }),
  overload({
    params: ['datetime', 'dynamic'],
    returns: 'timespan',
    nulls: 'propagate',
    each(a, b) {
      const right = datetimeFromDynamic(b)
      return right === null ? null : a - right
    },
  }),
]

function laterBy(time: bigint, span: bigint | null): bigint | null {
  if (span === null) return null
  const later = time + span
  return isDatetime(later) ? later : null
}
