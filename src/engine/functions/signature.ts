import { SCALAR_TYPES, type ScalarType } from '../../types/scalar-type.ts'
import type { Constants, ParameterType, ReturnType } from './declare.ts'

/** The part of an overload that says how it is called; scalar, aggregate and window ones have it. */
export interface Overload {
  readonly params: readonly ParameterType[]
  readonly rest?: ParameterType
  readonly most?: number
  readonly repeated?: readonly ParameterType[]
  readonly required?: number
  readonly constants?: readonly number[]
  readonly returns: ReturnType
}

/** One overload in words, or several that differ in the type at one position. */
interface Signature {
  readonly params: readonly string[]
  readonly rest: string | undefined
  readonly most: number | undefined
  readonly repeated: readonly string[]
  readonly required: number
  readonly constants: readonly number[]
  readonly returns: string
}

/** How a call is written, given its parameters in words. */
export type CallForm = (params: readonly string[]) => string

/** The signatures of a function, a line each; overloads that differ in one type share a line. */
export function signatureLines(overloads: readonly Overload[], form: CallForm): string[] {
  return merged(overloads.map(signatureOf)).map(signature => lineOf(signature, form))
}

function lineOf(signature: Signature, form: CallForm): string {
  const params = signature.params.map((parameter, position) => {
    const text = signature.constants.includes(position) ? `constant ${parameter}` : parameter
    return position < signature.required ? text : `[${text}]`
  })
  const { repeated } = signature
  if (repeated.length > 0) params.unshift(...repeated, `[${repeated.join(', ')} …]`)
  if (signature.rest !== undefined) params.push(`${signature.rest} …`)
  const limit = signature.most === undefined ? '' : ` (up to ${signature.most} arguments)`
  return `${form(params)} → ${signature.returns}${limit}`
}

function signatureOf(overload: Overload): Signature {
  return {
    params: overload.params,
    rest: overload.rest,
    most: overload.most,
    repeated: overload.repeated ?? [],
    required: overload.required ?? overload.params.length,
    constants: overload.constants ?? [],
    returns: returnsOf(overload),
  }
}

// What a call gives

/** What a parameter is tried with, to see what the type of the result depends on. */
function probesOf(parameter: ParameterType): readonly ScalarType[] {
  switch (parameter) {
    case 'number':
      return ['long', 'int', 'real', 'decimal']
    case 'summable':
      return ['long', 'int', 'real', 'decimal', 'timespan', 'datetime']
    case 'scalar':
    case 'common':
      return SCALAR_TYPES
    case 'notDynamic':
    case 'orderable':
      return SCALAR_TYPES.filter(type => type !== 'dynamic')
    default:
      return [parameter]
  }
}

function returnsOf({ params, rest, repeated = [], constants = [], returns }: Overload): string {
  if (returns === 'common') return 'the common type'
  if (typeof returns === 'string') return returns
  const all = [...repeated, ...params, ...(rest === undefined ? [] : [rest])]
  const base = all.map(parameter => probesOf(parameter)[0] ?? 'string')
  const none: Constants = all.map(() => undefined)
  const seen = [{ types: base, result: returns(base, none) }]
  for (const [position, parameter] of all.entries()) {
    for (const type of probesOf(parameter)) {
      const types = base.with(position, type)
      seen.push({ types, result: returns(types, none) })
    }
    // A constant may name the type, as the last argument of `extract` does.
    if (parameter !== 'string' || !constants.includes(position)) continue
    for (const type of SCALAR_TYPES) {
      seen.push({ types: base, result: returns(base, none.with(position, type)) })
    }
  }
  const [first] = seen
  if (first !== undefined && seen.every(({ result }) => result === first.result)) {
    return first.result
  }
  const source = all.findIndex((_, position) =>
    seen.every(({ types, result }) => result === types[position]),
  )
  return source < 0 ? 'depends on the arguments' : `the type of argument ${source + 1}`
}

// Overloads that share a line

/** A run of overloads that differ in the type at one position, and perhaps in the result's. */
interface Family {
  readonly members: readonly Signature[]
  readonly position: number
}

function merged(signatures: readonly Signature[]): Signature[] {
  const families: Family[] = []
  for (const signature of signatures) {
    const last = families.at(-1)
    const joined = last === undefined ? undefined : joinedFamily(last, signature)
    if (joined === undefined) families.push({ members: [signature], position: -1 })
    else families[families.length - 1] = joined
  }
  return families.map(familySignature)
}

function joinedFamily(family: Family, signature: Signature): Family | undefined {
  const positions =
    family.position < 0 ? signature.params.map((_, position) => position) : [family.position]
  for (const position of positions) {
    const members = [...family.members, signature]
    if (differOnlyAt(members, position)) return { members, position }
  }
  return undefined
}

function differOnlyAt(members: readonly Signature[], position: number): boolean {
  const [first, ...others] = members
  if (first === undefined) return false
  const rest = (signature: Signature) =>
    JSON.stringify({ ...signature, params: signature.params.with(position, ''), returns: '' })
  const sameRest = others.every(
    other => other.params.length === first.params.length && rest(other) === rest(first),
  )
  return (
    sameRest &&
    (members.every(({ returns }) => returns === first.returns) ||
      members.every(({ params, returns }) => returns === params[position]))
  )
}

function familySignature({ members, position }: Family): Signature {
  const [first] = members as readonly [Signature, ...Signature[]]
  if (members.length === 1) return first
  const types = members.map(({ params }) => params[position]).join(' | ')
  const sameReturns = members.every(({ returns }) => returns === first.returns)
  const name = sameReturns ? types : `T: ${types}`
  return {
    ...first,
    params: first.params.with(position, name),
    returns: sameReturns ? first.returns : 'T',
  }
}
