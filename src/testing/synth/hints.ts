import type { CallExpr, Expr } from '../../engine/plan/nodes.ts'
import { MIRRORED } from '../../engine/plan/predicates.ts'
import type { ScalarValue } from '../../tables/vector.ts'
import { isArray } from '../../types/dynamic.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { isCall } from './calls.ts'
import type { Cells } from './cells.ts'
import { type Atom, segmentsOf } from './constraints.ts'
import type { Hint, PlaceHints, TextPart } from './hint.ts'
import { inverseOf } from './inverses.ts'
import { placeOf } from './places.ts'

/** What an atom says of the places that it reads; its expressions are reduced. */
export function hintsOfAtom(atom: Atom, cells: Cells): PlaceHints[] {
  switch (atom.kind) {
    case 'is':
      return hintsOf(atom.expr, atom.truth, cells)
    case 'equal': {
      const { left, right } = atom
      const [subject, known] = left.kind === 'literal' ? [right, left] : [left, right]
      if (known.kind !== 'literal') return []
      return hint(subject, [[{ kind: 'value', value: known.value, type: known.type }]], cells)
    }
    case 'text':
      return textHints(atom, cells)
    case 'differ':
    case 'unseen':
      return []
  }
}

function textHints({ text, parts }: Extract<Atom, { kind: 'text' }>, cells: Cells): PlaceHints[] {
  const known = parts.filter(part => part !== undefined)
  if (!known.every(part => part.kind === 'literal')) return []
  const segments = segmentsOf(
    parts,
    known.map(({ value }) => value),
  )
  const last = segments.length - 1
  if (last === 0) {
    return hint(text, [[{ kind: 'value', value: segments[0] ?? '', type: 'string' }]], cells)
  }
  const hints = segments.flatMap((segment, at): Hint[] => {
    if (segment === '') return []
    const part = at === 0 ? 'start' : at === last ? 'end' : 'inside'
    return [{ kind: 'text', part, text: segment }]
  })
  return hint(text, [hints.length === 0 ? [{ kind: 'filled' }] : hints], cells)
}

/** What a predicate that is to be true, or false, says of the places that it reads. */
function hintsOf(expr: Expr, truth: boolean, cells: Cells): PlaceHints[] {
  if (expr.kind !== 'call') {
    return hint(expr, [[{ kind: 'value', value: truth, type: 'bool' }]], cells)
  }
  const wanted = truth ? expr.function : NEGATIONS[expr.function]
  const known = wanted === undefined ? undefined : PREDICATES[wanted]
  const [subject, ...rest] = expr.arguments
  if (subject === undefined) return []
  if (wanted !== undefined && COMPARISONS.has(wanted)) return comparison(wanted, expr, cells)
  const found = known?.(rest, expr)
  if (found !== undefined) return hint(subject, found, cells)
  if (known === undefined && truth && expr.type === 'bool' && isCall(expr, 'tobool')) {
    return hint(subject, [[{ kind: 'value', value: true, type: 'bool' }]], cells)
  }
  return truth ? guesses(expr, cells) : []
}

/** Where nothing is known of a predicate, the texts in it are values that may matter. */
function guesses(expr: CallExpr, cells: Cells): PlaceHints[] {
  const texts = expr.arguments.flatMap(textsIn)
  if (texts.length === 0) return []
  const values = texts.map((text): Hint[] => [{ kind: 'value', value: text, type: 'string' }])
  return expr.arguments.flatMap(argument => hint(argument, values, cells))
}

/** The hints carried through what is computed of a place, as far as that can be undone. */
function hint(expr: Expr, alternatives: readonly (readonly Hint[])[], cells: Cells): PlaceHints[] {
  const place = placeOf(expr, cells)
  if (place !== undefined) return [{ place, alternatives }]
  const inverse = inverseOf(expr, alternatives)
  return inverse.flatMap(each => hint(each.expr, each.alternatives, cells))
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '=~', '<', '<=', '>', '>='])

const NEGATIONS: Readonly<Record<string, string>> = {
  '!=': '==',
  '!~': '=~',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  isempty: 'isnotempty',
  isnull: 'isnotnull',
  isnotempty: 'isempty',
  isnotnull: 'isnull',
  '!in': 'in',
  '!in~': 'in~',
  '!has': 'has',
  '!has_cs': 'has_cs',
  '!contains': 'contains',
  '!contains_cs': 'contains_cs',
  '!startswith': 'startswith',
  '!startswith_cs': 'startswith_cs',
  '!endswith': 'endswith',
  '!endswith_cs': 'endswith_cs',
  '!hasprefix': 'hasprefix',
  '!hassuffix': 'hassuffix',
  '!between': 'between',
}

type Reader = (args: readonly Expr[], expr: CallExpr) => Hint[][] | undefined

const textual =
  (part: TextPart): Reader =>
  args =>
    textsOf(args).map(text => [{ kind: 'text', part, text }])

const allOf: Reader = args => [
  textsOf(args).map((text): Hint => ({ kind: 'text', part: 'word', text })),
]

const oneOf: Reader = args =>
  args.flatMap(literalsOf).map(({ value, type }) => [{ kind: 'value', value, type }])

/** What differs from the empty text is filled; of other values nothing follows. */
const different: Reader = ([value]) =>
  value?.kind === 'literal' && value.value === '' ? [[{ kind: 'filled' }]] : undefined

const FILLED: Reader = () => [[{ kind: 'filled' }]]
const EMPTY: Reader = () => [[{ kind: 'empty' }]]

const PREDICATES: Readonly<Record<string, Reader>> = {
  '!=': different,
  in: oneOf,
  'in~': oneOf,
  has: textual('word'),
  has_cs: textual('word'),
  has_any: textual('word'),
  has_all: allOf,
  hasprefix: textual('word'),
  hasprefix_cs: textual('word'),
  hassuffix: textual('word'),
  hassuffix_cs: textual('word'),
  contains: textual('inside'),
  contains_cs: textual('inside'),
  startswith: textual('start'),
  startswith_cs: textual('start'),
  endswith: textual('end'),
  endswith_cs: textual('end'),
  'matches regex': args => textsOf(args).map(pattern => [{ kind: 'pattern', pattern }]),
  isnotempty: FILLED,
  isnotnull: FILLED,
  isempty: EMPTY,
  isnull: EMPTY,
  between: ([low, high], expr) => betweenHints(low, high, expr),
  bag_has_key: args => textsOf(args).map(name => [{ kind: 'key', name }]),
  ipv4_is_in_range: args => textsOf(args).map(range => [text(range.split('/')[0] ?? range)]),
  ipv4_is_in_any_range: args => textsOf(args).map(range => [text(range.split('/')[0] ?? range)]),
  ipv6_is_in_range: args => textsOf(args).map(range => [text(range.split('/')[0] ?? range)]),
  ipv6_is_in_any_range: args => textsOf(args).map(range => [text(range.split('/')[0] ?? range)]),
  has_ipv4: args => textsOf(args).map(each => [text(each)]),
  has_any_ipv4: args => textsOf(args).map(each => [text(each)]),
}

function text(value: string): Hint {
  return { kind: 'value', value, type: 'string' }
}

function betweenHints(
  low: Expr | undefined,
  high: Expr | undefined,
  expr: CallExpr,
): Hint[][] | undefined {
  if (low?.kind !== 'literal' || high?.kind !== 'literal') return undefined
  const from = scalarNumber(low.value)
  const to = scalarNumber(high.value)
  if (from === undefined || to === undefined) return undefined
  const isSpan = high.type === 'timespan' && expr.arguments[0]?.type === 'datetime'
  const last = isSpan && typeof from === 'bigint' ? from + BigInt(to) : to
  const { type } = low
  return [
    [
      { kind: 'low', value: from, type },
      { kind: 'high', value: last, type },
    ],
  ]
}

/** The value as a number where it is one: times count in ticks. */
function scalarNumber(value: ScalarValue): number | bigint | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? value : undefined
}

function comparison(operator: string, expr: CallExpr, cells: Cells): PlaceHints[] {
  const [left, right] = expr.arguments
  if (left === undefined || right === undefined) return []
  if (right.kind === 'literal') return hint(left, comparisonHints(operator, right), cells)
  if (left.kind === 'literal') {
    return hint(right, comparisonHints(MIRRORED[operator] ?? operator, left), cells)
  }
  return []
}

function comparisonHints(
  operator: string,
  { value, type }: { readonly value: ScalarValue; readonly type: ScalarType },
): Hint[][] {
  if (operator === '==' || operator === '=~') return [[{ kind: 'value', value, type }]]
  const bound = scalarNumber(value)
  if (bound === undefined) return []
  return [[{ kind: operator.startsWith('>') ? 'low' : 'high', value: bound, type }]]
}

/** The literals among arguments; those of a dynamic array one by one. */
function literalsOf(expr: Expr): { value: ScalarValue; type: ScalarType }[] {
  if (expr.kind !== 'literal') return []
  if (expr.type !== 'dynamic' || !isArray(expr.value as never)) return [expr]
  return (expr.value as readonly ScalarValue[]).map(value => ({ value, type: 'dynamic' }))
}

function textsOf(args: readonly Expr[]): string[] {
  return args
    .flatMap(literalsOf)
    .flatMap(({ value }) =>
      typeof value === 'string' || scalarNumber(value) !== undefined ? [String(value)] : [],
    )
}

function textsIn(expr: Expr): string[] {
  if (expr.kind === 'literal') return textsOf([expr])
  return expr.kind === 'call' ? expr.arguments.flatMap(textsIn) : []
}
