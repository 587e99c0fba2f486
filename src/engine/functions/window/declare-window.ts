import type { Vector, VectorOf } from '../../../tables/vector.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import type {
  ArgumentVector,
  Constants,
  Example,
  ParameterType,
  ReturnType,
  ScalarNaming,
} from '../declare.ts'

type Vectors<P extends readonly ParameterType[]> = { [K in keyof P]: ArgumentVector<P[K]> }
type Out<R> = R extends ScalarType ? VectorOf<R> : Vector

/** One signature of a window function and its implementation. Made by {@link windowOverload}. */
export interface WindowOverload {
  readonly params: readonly ParameterType[]
  /** How many arguments there must be at least; all of `params` where missing. */
  readonly required?: number
  /** Positions of parameters that must be constant. */
  readonly constants?: readonly number[]
  readonly returns: ReturnType
  /**
   * Writes the value of every row. The vectors hold all rows of the ordered input, each at its
   * position, and nothing else: `out` is from `allocate`, and is written to from 0 to `length - 1`.
   */
  compute(args: readonly Vector[], out: Vector, length: number, constants: Constants): void
}

interface WindowOverloadOptions<P extends readonly ParameterType[], R extends ReturnType> {
  params: P
  required?: number
  constants?: readonly number[]
  returns: R
  /** Arguments past `required` may be missing. Nulls are the function's to handle. */
  compute(args: Vectors<P>, out: Out<R>, length: number, constants: Constants): void
}

/** One signature of a window function: it computes a column from columns in the order of the rows. */
export function windowOverload<
  const P extends readonly ParameterType[],
  const R extends ReturnType,
>(options: WindowOverloadOptions<P, R>): WindowOverload {
  // The engine passes vectors of the declared types only: the erased signature is wider than that.
  const erased: unknown = options
  return erased as WindowOverload
}

/**
 * A function whose value depends on the rows before or after: `row_number`, `prev`. Its input must
 * have an order. Made by {@link windowFunction}.
 */
export interface WindowFunction {
  readonly kind: 'window'
  readonly name: string
  readonly aliases?: readonly string[]
  /** One sentence on what it returns, then null and error rules. */
  readonly doc: string
  readonly examples: readonly Example[]
  readonly overloads: readonly WindowOverload[]
  readonly naming?: ScalarNaming
}

/** Declares a window function; see {@link WindowFunction}. */
export function windowFunction(declaration: Omit<WindowFunction, 'kind'>): WindowFunction {
  return { kind: 'window', ...declaration }
}
