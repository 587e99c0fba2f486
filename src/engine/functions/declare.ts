import type { GeoLookup } from '../../tables/geo-lookup.ts'
import type { ScalarValue, ScalarValueOf, Vector, VectorOf } from '../../tables/vector.ts'
import type { Loadable } from '../../types/on-demand.ts'
import type { ScalarType } from '../../types/scalar-type.ts'

/**
 * What a parameter takes. A scalar type takes that type and what converts to it without a call:
 * int → long → real → decimal, and dynamic → string. The classes take the types that they name:
 *
 * - `scalar`: any type
 * - `notDynamic`: any type but dynamic
 * - `number`: int, long, real, decimal
 * - `summable`: numbers, timespan, datetime
 * - `orderable`: any type but dynamic
 * - `common`: any type; all `common` arguments of a call are converted to the one they have in common,
 *   dynamics to none
 */
export type ParameterType =
  | ScalarType
  | 'scalar'
  | 'notDynamic'
  | 'number'
  | 'summable'
  | 'orderable'
  | 'common'

/** The vector that a kernel is given for a parameter. */
export type ArgumentVector<P> = P extends ScalarType ? VectorOf<P> : Vector

/** The JavaScript value that an `each` is given for a parameter that is not null. */
export type ArgumentValue<P> = P extends ScalarType ? ScalarValueOf<P> : ScalarValue

type Vectors<P extends readonly ParameterType[]> = { [K in keyof P]: ArgumentVector<P[K]> }
type NullRule = 'propagate' | 'handled'
type Values<P extends readonly ParameterType[], N extends NullRule> = {
  -readonly [K in keyof P]: ArgumentValue<P[K]> | (N extends 'handled' ? null : never)
} extends infer V extends unknown[]
  ? V
  : never

/** What a function may know of the run: time is an argument. */
export interface FunctionContext {
  /** The value of `now()`, in ticks. */
  readonly now: bigint
  /** Uniform in [0, 1). */
  random(): number
  /** Where IP addresses are: `none` where the user said that it is to be null. */
  readonly geoip?: GeoLookup | 'none' | undefined
}

/**
 * The constant arguments of a call, by position: `undefined` where the argument is not constant in
 * the run, null where it is the null.
 */
export type Constants = readonly (ScalarValue | undefined)[]

/**
 * How an overload computes. With a `kernel`, the function owns its loop over `selection` (positions
 * in the vectors) and writes `out` there. With `each`, it gives the value of one row, null for null;
 * the engine loops.
 */
export type Implementation =
  | {
      kernel(args: readonly Vector[], out: Vector, selection: Uint32Array): void
      /** The result where it is there already, as one of the arguments or in one. */
      reuse?(args: readonly Vector[]): Vector | undefined
      each?: never
    }
  | { each(...args: never[]): ScalarValue; kernel?: never }

/** The type of a result: fixed, that of an argument, or computed from the arguments' types. */
export type ReturnType =
  | ScalarType
  /** The type that the `common` arguments were converted to. */
  | 'common'
  | ((types: readonly ScalarType[], constants: Constants) => ScalarType)

/** One signature of a scalar function and its implementation. Made by {@link overload}. */
export interface ScalarOverload {
  readonly params: readonly ParameterType[]
  /** Further arguments of this type may follow. */
  readonly rest?: ParameterType
  /** How many arguments there may be, those of `rest` included; any number where missing. */
  readonly most?: number
  /** Arguments of these types stand before those of `params`, once or any number of times. */
  readonly repeated?: readonly ParameterType[]
  /** How many arguments there must be at least; all of `params` where missing. */
  readonly required?: number
  /** Positions of parameters that must be constant. */
  readonly constants?: readonly number[]
  readonly returns: ReturnType
  /** `propagate`: null where any argument is null, and the function never sees one. */
  readonly nulls: 'propagate' | 'handled'
  /**
   * A package that a run loads before it calls the function; such a call waits for the run. What
   * `implement` does itself cannot use it.
   */
  readonly needs?: Loadable
  /** Whether it refuses types that `params` lets pass: then it is prepared where the query is checked. */
  readonly refusesTypes?: true
  /** Makes the implementation for one call site of one run. */
  implement(
    constants: Constants,
    context: FunctionContext,
    types: readonly ScalarType[],
  ): Implementation
}

interface OverloadOptions<
  P extends readonly ParameterType[],
  R extends ReturnType,
  N extends NullRule,
> {
  params: P
  rest?: ParameterType
  most?: number
  repeated?: readonly ParameterType[]
  required?: number
  constants?: readonly number[]
  returns: R
  nulls: N
  needs?: Loadable
  refusesTypes?: true
}

type Out<R> = R extends ScalarType ? VectorOf<R> : Vector
type Result<R> = R extends ScalarType ? ScalarValueOf<R> | null : ScalarValue

interface KernelForm<P extends readonly ParameterType[], R extends ReturnType> {
  kernel(args: Vectors<P>, out: Out<R>, selection: Uint32Array): void
  reuse?(args: Vectors<P>): Out<R> | undefined
}

interface EachForm<P extends readonly ParameterType[], R extends ReturnType, N extends NullRule> {
  each(...args: Values<P, N>): Result<R>
}

interface PrepareForm<
  P extends readonly ParameterType[],
  R extends ReturnType,
  N extends NullRule,
> {
  /** Called once a call site and run; constants are given by position. */
  prepare(
    constants: Constants,
    context: FunctionContext,
    types: readonly ScalarType[],
  ): KernelForm<P, R> | EachForm<P, R, N>
}

/**
 * One signature of a scalar function with a `kernel`, with an `each`, or with a `prepare` that makes
 * either from the constant arguments. Under `nulls: 'handled'`, an `each` gets null for null.
 */
export function overload<
  const P extends readonly ParameterType[],
  const R extends ReturnType,
  const N extends NullRule,
>(
  options: OverloadOptions<P, R, N> & (KernelForm<P, R> | EachForm<P, R, N> | PrepareForm<P, R, N>),
): ScalarOverload {
  const { params, rest, most, repeated, required, constants, returns, nulls, needs } = options
  const { refusesTypes } = options
  const implement = (
    'prepare' in options
      ? options.prepare.bind(options)
      : () => ('kernel' in options ? kernelOf(options) : { each: options.each })
  ) as ScalarOverload['implement']
  return {
    params,
    returns,
    nulls,
    implement,
    ...(rest === undefined ? {} : { rest }),
    ...(most === undefined ? {} : { most }),
    ...(repeated === undefined ? {} : { repeated }),
    ...(required === undefined ? {} : { required }),
    ...(constants === undefined ? {} : { constants }),
    ...(needs === undefined ? {} : { needs }),
    ...(refusesTypes === undefined ? {} : { refusesTypes }),
  }
}

function kernelOf<P extends readonly ParameterType[], R extends ReturnType>({
  kernel,
  reuse,
}: KernelForm<P, R>): KernelForm<P, R> {
  return reuse === undefined ? { kernel } : { kernel, reuse }
}

/** A query that shows a function or operator, with the rows it gives: a test and documentation. */
export interface Example {
  readonly query: string
  /** Values as `QueryResult.toObjects()` gives them. */
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

/**
 * How the column of an unnamed call is called. `argument`: as its first argument would be;
 * `name-and-argument`: `strlen_x` for `strlen(x)`; `prefix`: that instead of the function's name.
 * `sorted`: `x_sorted`. `always`: that, whatever the arguments. `only-argument`: as its argument,
 * where there is just one. Where missing, it has no name of its own (`Column1`, `print_0`).
 */
export type ScalarNaming =
  | 'argument'
  | 'only-argument'
  | 'name-and-argument'
  | 'sorted'
  | { readonly prefix: string }
  | { readonly always: string }

/** A scalar function of KQL. Made by {@link scalar}. */
export interface ScalarFunction {
  readonly kind: 'scalar'
  readonly name: string
  readonly aliases?: readonly string[]
  /** One sentence on what it returns, then null and error rules. */
  readonly doc: string
  readonly examples: readonly Example[]
  readonly overloads: readonly ScalarOverload[]
  readonly naming?: ScalarNaming
  /**
   * The columns that a call gives, where it gives several: every overload gives a dynamic array with
   * a value for each. A name is what stands behind `function_argument_`.
   */
  readonly columns?: readonly { readonly name: string; readonly type: ScalarType }[]
  /** False where two calls with the same arguments may differ in a run (`rand`, `new_guid`). */
  readonly deterministic?: boolean
  /** Whether a call may fail for a value that it is given, or asks the run for data of the user. */
  readonly needsRun?: boolean
}

/** Declares a scalar function; see {@link ScalarFunction}. */
export function scalar(declaration: Omit<ScalarFunction, 'kind'>): ScalarFunction {
  return { kind: 'scalar', ...declaration }
}

/**
 * The state of an aggregate over all groups. Typed arrays in it are grown by the engine, filled with
 * zeros, when groups appear; plain arrays are sparse, an entry a group that has one.
 */
export type AccumulatorState = object

/** One signature of an aggregate function. Made by {@link accumulator}. */
export interface Accumulator {
  readonly params: readonly ParameterType[]
  readonly rest?: ParameterType
  readonly required?: number
  readonly constants?: readonly number[]
  readonly returns: ReturnType
  /** Its values are put in order: dynamics are not, as texts, where it takes strings. */
  readonly ordered?: boolean
  /** `skip`: rows where any argument is null do not reach `update`. */
  readonly nulls: 'skip' | 'handled'
  init(groups: number, constants: Constants, types: readonly ScalarType[]): AccumulatorState
  update(
    state: AccumulatorState,
    args: readonly Vector[],
    groupOf: Uint32Array,
    selection: Uint32Array,
  ): void
  /** Adds state `b` to `a`; group `g` of `b` is group `into[g]` of `a`. `b` comes after `a`. */
  merge(a: AccumulatorState, b: AccumulatorState, into: Uint32Array): void
  /** The value of a group: one, or, where the call gives several columns, an array of one each. */
  finish(
    state: AccumulatorState,
    group: number,
    constants: Constants,
  ): ScalarValue | readonly ScalarValue[]
  /**
   * Of accumulators that hold the same of the same columns, one state does for all of their calls: that of
   * the call that keeps the most, which the others finish too.
   */
  readonly holds?: {
    /** What the state holds of arguments of such types, by a name. */
    name(types: readonly ScalarType[]): string
    /** How much of it a call keeps of a group at most. */
    most(constants: Constants): number
  }
}

interface AccumulatorOptions<
  P extends readonly ParameterType[],
  R extends ReturnType,
  S extends AccumulatorState,
> {
  params: P
  rest?: ParameterType
  required?: number
  constants?: readonly number[]
  returns: R
  ordered?: boolean
  nulls: 'skip' | 'handled'
  init(groups: number, constants: Constants, types: readonly ScalarType[]): S
  update(state: S, args: Vectors<P>, groupOf: Uint32Array, selection: Uint32Array): void
  merge(a: S, b: S, into: Uint32Array): void
  finish(state: S, group: number, constants: Constants): Result<R> | readonly ScalarValue[]
  holds?: Accumulator['holds']
}

/** One signature of an aggregate function; `groupOf` and `selection` are indexed by row. */
export function accumulator<
  const P extends readonly ParameterType[],
  const R extends ReturnType,
  S extends AccumulatorState,
>(options: AccumulatorOptions<P, R, S>): Accumulator {
  // The engine passes each state back only to the accumulator that made it, and arguments of the
  // declared types only: the erased signature is wider than what is ever passed.
  const erased: unknown = options
  return erased as Accumulator
}

/** How the column of an unnamed aggregate is called: `sum_x` for prefix `sum` over column `x`. */
export type AggregateNaming =
  | 'argument'
  /** `arguments`: how many of the arguments are named, where more than the first. */
  | { readonly prefix: string; readonly arguments?: number }

/** An aggregate function of KQL. Made by {@link aggregate}. */
export interface AggregateFunction {
  readonly kind: 'aggregate'
  readonly name: string
  readonly aliases?: readonly string[]
  readonly doc: string
  readonly examples: readonly Example[]
  readonly overloads: readonly Accumulator[]
  /** Where missing: the prefix is the function's name. */
  readonly naming?: AggregateNaming
}

/** Declares an aggregate function; see {@link AggregateFunction}. */
export function aggregate(declaration: Omit<AggregateFunction, 'kind'>): AggregateFunction {
  return { kind: 'aggregate', ...declaration }
}
