import type { DiagnosticCode } from '../../text/codes.ts'
import { InternalError } from '../../text/internal-error.ts'
import { commonType } from '../../types/common-type.ts'
import { isNumeric, type ScalarType } from '../../types/scalar-type.ts'
import type { ParameterType, ReturnType } from '../functions/declare.ts'
import type { FunctionLibrary } from '../functions/library.ts'
import type { Expr } from '../plan/nodes.ts'

/** The part of a signature that resolution looks at: scalar and aggregate functions have it. */
export interface Signature {
  readonly params: readonly ParameterType[]
  readonly rest?: ParameterType
  readonly most?: number
  readonly repeated?: readonly ParameterType[]
  readonly required?: number
  readonly returns: ReturnType
  readonly ordered?: boolean
}

/** A signature that takes the arguments once each is converted to the type given for it. */
export interface Resolution {
  /** Its position among the overloads. */
  readonly index: number
  readonly types: readonly ScalarType[]
}

const WIDTH: Partial<Record<ScalarType, number>> = { int: 0, long: 1, real: 2, decimal: 3 }
const NO_MATCH = Number.POSITIVE_INFINITY

/** The parameter that takes the argument at `position` of `count`; undefined when there are too many. */
export function parameterAt(
  { params, rest, repeated }: Signature,
  position: number,
  count: number,
): ParameterType | undefined {
  if (repeated === undefined) return params[position] ?? rest
  const before = count - params.length
  return position < before ? repeated[position % repeated.length] : params[position - before]
}

/** What is wrong with a call that no signature takes: its number of arguments, or else their types. */
export function callFault(
  label: string,
  signatures: readonly Signature[],
  types: readonly ScalarType[],
  ofTypes: 'KS106' | 'KS127' = 'KS127',
): { readonly code: DiagnosticCode; readonly message: string } {
  return signatures.some(signature => takesCount(signature, types.length))
    ? { code: ofTypes, message: `${label} is not defined for the types (${types.join(', ')}).` }
    : { code: 'KS119', message: `${label} does not take ${types.length} arguments.` }
}

/** Whether the signature takes that many arguments. */
export function takesCount(signature: Signature, count: number): boolean {
  const { params, rest, most, repeated, required = params.length } = signature
  if (repeated !== undefined) {
    const before = count - params.length
    return before > 0 && before % repeated.length === 0
  }
  const limit = rest === undefined ? params.length : (most ?? Number.POSITIVE_INFINITY)
  return count >= required && count <= limit
}

/**
 * Whether a call of the name with so many arguments means the scalar function: some names are also an
 * aggregate's, of fewer arguments.
 */
export function isScalarCall(library: FunctionLibrary, name: string, count: number): boolean {
  const declaration = library.scalar(name)
  if (declaration === undefined) return false
  if (library.aggregate(name) === undefined) return true
  return declaration.overloads.some(overload => takesCount(overload, count))
}

/**
 * The overload that takes arguments of these types with the least conversion; undefined when none
 * does. Ties go to the one declared first.
 */
export function resolveOverload(
  overloads: readonly Signature[],
  types: readonly ScalarType[],
): Resolution | undefined {
  let best: Resolution | undefined
  let bestCost = NO_MATCH
  overloads.forEach((signature, index) => {
    if (!takesCount(signature, types.length)) return
    const common = commonOf(signature, types)
    let cost = 0
    const converted = types.map((type, position) => {
      const parameter = parameterAt(signature, position, types.length)
      const target = parameter === 'common' ? common : parameter
      const asIs = signature.ordered === true || parameter === 'common'
      if (target === undefined) cost = NO_MATCH
      else if (type === 'dynamic' && target === 'string' && asIs) cost = NO_MATCH
      else cost += conversionCost(type, target)
      return target !== undefined && isScalar(target) ? target : type
    })
    if (cost < bestCost) {
      best = { index, types: converted }
      bestCost = cost
    }
  })
  return best
}

function commonOf(signature: Signature, types: readonly ScalarType[]): ScalarType | undefined {
  return commonType(
    types.filter((_, position) => parameterAt(signature, position, types.length) === 'common'),
  )
}

function isScalar(parameter: ParameterType): parameter is ScalarType {
  switch (parameter) {
    case 'scalar':
    case 'notDynamic':
    case 'number':
    case 'summable':
    case 'orderable':
    case 'common':
      return false
    default:
      return true
  }
}

function conversionCost(type: ScalarType, parameter: ParameterType): number {
  if (type === parameter) return 0
  switch (parameter) {
    case 'scalar':
      return 1
    case 'notDynamic':
    case 'orderable':
      return type === 'dynamic' ? NO_MATCH : 1
    case 'number':
      return isNumeric(type) ? 1 : NO_MATCH
    case 'summable':
      return isNumeric(type) || type === 'timespan' || type === 'datetime' ? 1 : NO_MATCH
    case 'common':
      return NO_MATCH
    default:
      break
  }
  const from = WIDTH[type]
  const to = WIDTH[parameter]
  if (from !== undefined && to !== undefined) return from < to ? 2 + to - from : NO_MATCH
  if (type !== 'dynamic') return NO_MATCH
  return parameter === 'string' ? 10 : NO_MATCH
}

/** The type of a call's result. */
export function resultTypeOf(
  signature: Signature,
  types: readonly ScalarType[],
  args: readonly Expr[],
): ScalarType {
  const { returns } = signature
  if (typeof returns === 'function') {
    const constants = args.map(expr => (expr.kind === 'literal' ? expr.value : undefined))
    return returns(types, constants)
  }
  if (returns !== 'common') return returns
  const position = types.findIndex(
    (_, index) => parameterAt(signature, index, types.length) === 'common',
  )
  const type = types[position]
  if (type === undefined) throw new InternalError('a common type without an argument')
  return type
}
