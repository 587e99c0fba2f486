import { parameterAt, type Signature, takesCount } from '../../../src/engine/binder/overloads.ts'
import type {
  Constants,
  FunctionContext,
  ParameterType,
  ScalarFunction,
  ScalarOverload,
} from '../../../src/engine/functions/declare.ts'
import type { WindowFunction } from '../../../src/engine/functions/window/declare-window.ts'
import type { ScalarValue, Vector } from '../../../src/tables/vector.ts'
import { identityRows, valueAt } from '../../../src/tables/vector.ts'
import { allocate, store, vectorOf } from '../../../src/tables/vector-builder.ts'
import type { ScalarType } from '../../../src/types/scalar-type.ts'

type ArgumentColumn = readonly [type: ScalarType, values: readonly ScalarValue[]]

interface CallOptions {
  /** Positions of arguments whose value, that of the first row, the function is told. */
  readonly constants?: readonly number[]
  readonly context?: Partial<FunctionContext>
  readonly rows?: number
}

const NUMBERS: readonly ParameterType[] = ['int', 'long', 'real', 'decimal']

function takes(parameter: ParameterType, type: ScalarType): boolean {
  switch (parameter) {
    case 'scalar':
    case 'common':
      return true
    case 'notDynamic':
    case 'orderable':
      return type !== 'dynamic'
    case 'number':
      return NUMBERS.includes(type)
    case 'summable':
      return NUMBERS.includes(type) || type === 'datetime' || type === 'timespan'
    default:
      return parameter === type
  }
}

function accepts(overload: Signature, types: readonly ScalarType[]): boolean {
  return (
    takesCount(overload, types.length) &&
    types.every((type, at) => takes(parameterAt(overload, at, types.length) ?? 'scalar', type))
  )
}

function returnType(
  overload: Pick<ScalarOverload, 'returns'>,
  types: readonly ScalarType[],
  constants: Constants,
): ScalarType {
  const { returns } = overload
  if (typeof returns === 'function') return returns(types, constants)
  return returns === 'common' ? (types[0] as ScalarType) : returns
}

/**
 * The values that the overload for exactly these types gives. The rows before the first and behind
 * the last are made up and not selected: a kernel that wrote to them would be found out.
 */
export function call(
  declaration: ScalarFunction,
  columns: readonly ArgumentColumn[],
  options: CallOptions = {},
): ScalarValue[] {
  const types = columns.map(([type]) => type)
  const overload = declaration.overloads.find(candidate => accepts(candidate, types))
  if (overload === undefined) throw new Error(`${declaration.name}(${types}) has no overload`)
  const constants = columns.map(([, values], index) =>
    options.constants?.includes(index) === true ? (values[0] as ScalarValue) : undefined,
  )
  const context: FunctionContext = { now: 0n, random: () => 0.5, ...options.context }
  const implementation = overload.implement(constants, context, types)
  const length = columns[0]?.[1].length ?? options.rows ?? 1
  const vectors = columns.map(([type, values]) => {
    const first = values[0] as ScalarValue
    return vectorOf(type, [first, ...values, first])
  })
  const type = returnType(overload, types, constants)
  const out = allocate(type, length + 2) as Vector
  const selection = identityRows(length + 1).slice(1)
  const rows = overload.nulls === 'propagate' ? withoutNulls(vectors, out, selection) : selection
  if (implementation.kernel !== undefined) {
    implementation.kernel(vectors, out, rows)
  } else {
    const each = implementation.each as (...args: ScalarValue[]) => ScalarValue
    for (const row of rows) store(out, row, each(...vectors.map(vector => valueAt(vector, row))))
  }
  const untouched = valueAt(allocate(type, 1), 0)
  for (const row of [0, length + 1]) {
    const value = valueAt(out, row)
    if (String(value) !== String(untouched)) throw new Error(`row ${row} was not selected`)
  }
  return Array.from(selection, row => valueAt(out, row))
}

function withoutNulls(
  vectors: readonly Vector[],
  out: Vector,
  selection: Uint32Array,
): Uint32Array {
  return selection.filter(row => {
    const missing = vectors.some(vector => vector.isNull(row))
    if (missing) out.setNull(row)
    return !missing
  })
}

/** The value that {@link call} gives for one row, every argument constant. */
export function callOne(
  declaration: ScalarFunction,
  args: readonly (readonly [type: ScalarType, value: ScalarValue])[],
  context: Partial<FunctionContext> = {},
): ScalarValue {
  const columns = args.map(([type, value]) => [type, [value]] as const)
  const [value] = call(declaration, columns, { constants: [...args.keys()], context })
  return value as ScalarValue
}

/** The values that a window function gives for rows in their order. */
export function callWindow(
  declaration: WindowFunction,
  columns: readonly ArgumentColumn[],
  options: CallOptions = {},
): ScalarValue[] {
  const types = columns.map(([type]) => type)
  const overload = declaration.overloads.find(candidate => accepts(candidate, types))
  if (overload === undefined) throw new Error(`${declaration.name}(${types}) has no overload`)
  const constants = columns.map(([, values], index) =>
    options.constants?.includes(index) === true ? (values[0] as ScalarValue) : undefined,
  )
  const length = columns[0]?.[1].length ?? options.rows ?? 0
  const vectors = columns.map(([type, values]) => vectorOf(type, values) as Vector)
  const out = allocate(returnType(overload, types, constants), length) as Vector
  overload.compute(vectors, out, length, constants)
  return Array.from({ length }, (_, row) => valueAt(out, row))
}
