import type {
  Accumulator,
  AccumulatorState,
  AggregateFunction,
  Constants,
} from '../../../src/engine/functions/declare.ts'
import { QueryError } from '../../../src/engine/functions/query-error.ts'
import type { ScalarValue, Vector } from '../../../src/tables/vector.ts'
import { identityRows, valueAt } from '../../../src/tables/vector.ts'
import { vectorOf } from '../../../src/tables/vector-builder.ts'
import type { ScalarType } from '../../../src/types/scalar-type.ts'

/** An argument of an aggregate: a constant, or a value a row. */
export type Argument =
  | { readonly type: ScalarType; readonly values: readonly ScalarValue[] }
  | { readonly type: ScalarType; readonly constant: ScalarValue }

export function column(type: ScalarType, ...values: readonly ScalarValue[]): Argument {
  return { type, values }
}

export function constant(type: ScalarType, value: ScalarValue): Argument {
  return { type, constant: value }
}

const CLASSES: Readonly<Record<string, readonly ScalarType[]>> = {
  scalar: [
    'bool',
    'int',
    'long',
    'real',
    'decimal',
    'datetime',
    'timespan',
    'string',
    'guid',
    'dynamic',
  ],
  notDynamic: ['bool', 'int', 'long', 'real', 'decimal', 'datetime', 'timespan', 'string', 'guid'],
  number: ['int', 'long', 'real', 'decimal'],
  summable: ['int', 'long', 'real', 'decimal', 'timespan', 'datetime'],
}

/** The types that a parameter takes as they are. */
export function typesOf(param: string): readonly ScalarType[] {
  return CLASSES[param] ?? [param as ScalarType]
}

/** The first overload that takes the types as they are. */
export function overloadFor(fn: AggregateFunction, types: readonly ScalarType[]): Accumulator {
  const found = fn.overloads.find(({ params, rest, required }) => {
    if (types.length < (required ?? params.length)) return false
    return types.every((type, k) => {
      const param = params[k] ?? rest
      return param !== undefined && typesOf(param).includes(type)
    })
  })
  if (found === undefined) throw new Error(`no overload of ${fn.name} takes (${types.join()})`)
  return found
}

/** Rows of one batch; arguments of the whole input. */
export class Run {
  readonly accumulator: Accumulator
  readonly #args: readonly Argument[]
  readonly #types: readonly ScalarType[]

  constructor(fn: AggregateFunction, args: readonly Argument[]) {
    this.#args = args
    this.#types = args.map(({ type }) => type)
    this.accumulator = overloadFor(fn, this.#types)
  }

  get #constants(): Constants {
    return this.#args.map(argument => ('constant' in argument ? argument.constant : undefined))
  }

  start(): AccumulatorState {
    const constants = this.#constants
    for (const position of this.accumulator.constants ?? []) {
      if (position < constants.length && constants[position] === undefined) {
        throw new QueryError('KS120', 'constant expected', position)
      }
    }
    return this.accumulator.init(0, constants, this.#types)
  }

  /** Adds rows `from` to `to`; the batch holds a row more at either end that is not selected. */
  add(state: AccumulatorState, groups: readonly number[], from: number, to: number): void {
    const rows = to - from
    const vectors = this.#args.map(argument => {
      const values =
        'constant' in argument
          ? new Array<ScalarValue>(rows).fill(argument.constant)
          : argument.values.slice(from, to)
      return vectorOf(argument.type, [null, ...values, null]) as Vector
    })
    const groupOf = Uint32Array.from([0, ...groups.slice(from, to), 0])
    grow(state, Math.max(-1, ...groups.slice(from, to)) + 1)
    let selection = identityRows(rows + 1).subarray(1)
    if (this.accumulator.nulls === 'skip') {
      selection = selection.filter(row => vectors.every(vector => !vector.isNull(row)))
    }
    this.accumulator.update(state, vectors, groupOf, selection)
  }

  /** The value of a group, as the engine stores it. */
  finish(state: AccumulatorState, group: number): unknown {
    const value = this.accumulator.finish(state, group, this.#constants)
    const { returns } = this.accumulator
    const type =
      typeof returns === 'function'
        ? returns(
            this.#types,
            this.#args.map(() => undefined),
          )
        : returns
    if (this.accumulator.rest !== undefined && this.#types.length > 1) return value
    return valueAt(vectorOf(type as ScalarType, [value as ScalarValue]) as Vector, 0)
  }
}

/** Grows the typed arrays of a state, as the engine does when groups appear. */
export function grow(state: AccumulatorState, groups: number): void {
  for (const [name, value] of Object.entries(state)) {
    if (!ArrayBuffer.isView(value)) continue
    const array = value as Uint8Array
    if (array.length >= groups) continue
    const larger = new (array.constructor as Uint8ArrayConstructor)(groups)
    larger.set(array)
    Object.assign(state, { [name]: larger })
  }
}

/** The value of an aggregate over all rows as one group. */
export function total(fn: AggregateFunction, ...args: readonly Argument[]): unknown {
  const run = new Run(fn, args)
  const state = run.start()
  const rows = Math.max(0, ...args.map(arg => ('values' in arg ? arg.values.length : 0)))
  grow(state, 1)
  run.add(state, new Array<number>(rows).fill(0), 0, rows)
  return run.finish(state, 0)
}
