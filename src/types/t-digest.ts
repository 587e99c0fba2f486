import { convertScalar } from './convert.ts'
import { type Dynamic, DynamicScalar, dynamicLong, dynamicReal, isArray } from './dynamic.ts'

/** The types of values that a digest holds. */
export type DigestType = 'long' | 'real' | 'datetime' | 'timespan'

const CODES: Readonly<Record<DigestType, number>> = { long: 7, real: 8, datetime: 9, timespan: 10 }

/** So many different values are kept as they are, each with its weight. */
const EXACT_LIMIT = 2048
/** Centroids beyond which values are drawn together: about as many are left. */
const COMPRESSION = 2000

type Value = number | bigint

/**
 * A t-digest: values in ascending order, each with the weight of those that it stands for. Up to 2048
 * different values it is exact; of more, neighbours are drawn together to their mean, so few that the
 * rank of what is asked for is off by less than 0.2 % of the weight. The least and the greatest value
 * stay.
 * @see Dunning, Ertl, Computing extremely accurate quantiles using t-digests, 2019
 */
export class TDigest {
  readonly type: DigestType
  readonly values: readonly Value[]
  readonly weights: readonly number[]
  readonly total: number

  private constructor(type: DigestType, values: readonly Value[], weights: readonly number[]) {
    this.type = type
    this.values = values
    this.weights = weights
    this.total = weights.reduce((sum, weight) => sum + weight, 0)
  }

  /** Bytes in memory, roughly. */
  get bytes(): number {
    return 128 + this.values.length * 32
  }

  /** Of values in ascending order, each of weight 1 where none are given. */
  static of(type: DigestType, values: ArrayLike<Value>, weights?: ArrayLike<number>): TDigest {
    const distinct: Value[] = []
    const sums: number[] = []
    for (let k = 0; k < values.length; k++) {
      const value = values[k]!
      const weight = weights?.[k] ?? 1
      if (weight <= 0) continue
      const last = distinct.length - 1
      if (last >= 0 && distinct[last] === value) sums[last]! += weight
      else {
        distinct.push(value)
        sums.push(weight)
      }
    }
    if (distinct.length <= EXACT_LIMIT) return new TDigest(type, distinct, sums)
    return compressed(type, distinct, sums, (...parts) => new TDigest(...parts))
  }

  /** The digest of all values of digests of one type; undefined where they have several. */
  static merged(digests: readonly TDigest[]): TDigest | undefined {
    const type = digests[0]?.type
    if (type === undefined || digests.some(digest => digest.type !== type)) return undefined
    const pairs = digests.flatMap(({ values, weights }) =>
      values.map((value, k) => [value, weights[k]!] as const),
    )
    pairs.sort(([a], [b]) => compareValues(a, b))
    return TDigest.of(
      type,
      pairs.map(([value]) => value),
      pairs.map(([, weight]) => weight),
    )
  }

  /** The least value that so many percent of the weight are not above. */
  percentile(percent: number): Dynamic {
    // 99.9 % of 1000 is 999, and not the next above because of the binary form of 99.9.
    const reach = (percent * this.total) / 100 - this.total * 1e-12
    let sum = 0
    const at = this.weights.findIndex(weight => {
      sum += weight
      return sum >= reach
    })
    return pack(this.type, this.values[at < 0 ? this.values.length - 1 : at]!)
  }

  /** The weight of the values that are not above the value; null where it is of another type. */
  rank(value: Dynamic): number | null {
    const limit = unpack(this.type, value)
    if (limit === null) return null
    let sum = 0
    for (let k = 0; k < this.values.length && this.values[k]! <= limit; k++) sum += this.weights[k]!
    return sum
  }

  /** `[[code of the type], [values], [weights]]` */
  toDynamic(): Dynamic {
    return [
      [CODES[this.type]],
      this.values.map(value => pack(this.type, value)),
      this.weights.map(dynamicLong),
    ]
  }

  /** The digest that {@link toDynamic} gave, also from its text; undefined where the value is none. */
  static fromDynamic(value: Dynamic): TDigest | undefined {
    if (!isArray(value) || value.length !== 3) return undefined
    const [head, values, weights] = value as readonly [Dynamic, Dynamic, Dynamic]
    if (!isArray(head) || !isArray(values) || !isArray(weights)) return undefined
    const type = TYPES.find(name => CODES[name] === head[0])
    if (type === undefined || values.length !== weights.length || values.length === 0) {
      return undefined
    }
    const unpacked = values.map(item => unpack(type, item))
    if (!unpacked.every(item => item !== null)) return undefined
    const ordered = unpacked.every(
      (item, k) => k === 0 || compareValues(unpacked[k - 1]!, item) < 0,
    )
    if (!ordered || !weights.every(isWeight)) return undefined
    return new TDigest(type, unpacked, weights)
  }
}

const TYPES = Object.keys(CODES) as readonly DigestType[]

function isWeight(weight: Dynamic): weight is number {
  return typeof weight === 'number' && Number.isInteger(weight) && weight > 0
}

function compareValues(a: Value, b: Value): number {
  if (a < b) return -1
  if (a > b) return 1
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
}

function pack(type: DigestType, value: Value): Dynamic {
  switch (type) {
    case 'long':
      return dynamicLong(BigInt(value))
    case 'real':
      return dynamicReal(Number(value))
    default:
      return new DynamicScalar(type, BigInt(value))
  }
}

function unpack(type: DigestType, value: Dynamic): Value | null {
  if (type === 'real' || type === 'long') {
    const number = convertScalar(value, 'dynamic', 'real')
    if (typeof number !== 'number' || typeof value === 'string' || typeof value === 'boolean') {
      return null
    }
    if (type === 'real') return number
    return convertScalar(value, 'dynamic', 'long') === null ? null : longBelow(value, number)
  }
  const ticks = convertScalar(value, 'dynamic', type)
  return typeof ticks === 'bigint' ? ticks : null
}

/** The long of a long; of a real the next below, which is as good to compare longs with. */
function longBelow(value: Dynamic, number: number): bigint {
  if (typeof value === 'bigint') return value
  return typeof value === 'number' && Number.isInteger(value)
    ? BigInt(value)
    : BigInt(Math.floor(number))
}

/** Draws neighbours together while their weight stays below the bound of their place. */
function compressed(
  type: DigestType,
  values: readonly Value[],
  weights: readonly number[],
  make: (type: DigestType, values: readonly Value[], weights: readonly number[]) => TDigest,
): TDigest {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const last = values.length - 1
  const centroids: Value[] = [values[0]!]
  const sums: number[] = [weights[0]!]
  let before = weights[0]!
  for (let from = 1; from < last; ) {
    let sum = weights[from]!
    let to = from + 1
    while (to < last && sum + weights[to]! <= boundAt((before + sum / 2) / total, total)) {
      sum += weights[to]!
      to++
    }
    centroids.push(meanOf(values, weights, from, to))
    sums.push(sum)
    before += sum
    from = to
  }
  centroids.push(values[last]!)
  sums.push(weights[last]!)
  return make(type, centroids, sums)
}

/** The scale function k1: large in the middle, small at the ends. */
function boundAt(quantile: number, total: number): number {
  return (2 * Math.PI * total * Math.sqrt(quantile * (1 - quantile))) / COMPRESSION
}

/** The mean of values of which the first is the least, so that differences are small. */
function meanOf(
  values: readonly Value[],
  weights: readonly number[],
  from: number,
  to: number,
): Value {
  const first = values[from]!
  if (to - from === 1) return first
  let sum = 0
  let distance = 0
  for (let k = from; k < to; k++) {
    sum += weights[k]!
    distance += weights[k]! * Number(subtract(values[k]!, first))
  }
  const mean = distance / sum
  return typeof first === 'bigint' ? first + BigInt(Math.round(mean)) : first + mean
}

function subtract(a: Value, b: Value): Value {
  return typeof a === 'bigint' ? a - BigInt(b) : a - Number(b)
}
