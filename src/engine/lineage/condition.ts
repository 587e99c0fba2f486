import type { ColumnBatch } from '../../tables/batch.ts'
import { type ScalarValue, valueAt } from '../../tables/vector.ts'
import type { Span } from '../../text/span.ts'
import type { Dynamic } from '../../types/dynamic.ts'
import { isArray } from '../../types/dynamic.ts'
import { varies } from '../plan/expression.ts'
import type { Expr, WherePlan } from '../plan/nodes.ts'
import { conjunctsOf } from '../plan/predicates.ts'
import { printExpression } from '../plan/print-expression.ts'
import { resultValue } from '../result.ts'
import type { FailedPart, Operand } from './explanation.ts'
import type { NodeRun } from './node-run.ts'
import { oneLine, type Places } from './place.ts'
import { taken } from './taken.ts'
import { valueText } from './value-text.ts'

/** Of several rows, the one that a condition fails by the least. */
interface NearestFailure {
  /** Its position. */
  readonly row: number
  readonly parts: readonly (FailedPart & { readonly message: string })[]
}

/** The most rows of one source row that a condition is looked at for. */
const MAX_ROWS = 1000
/** Arrays of more elements are told by their length. */
const MAX_ELEMENTS = 8

/**
 * The row that fails the fewest parts of a conjunction, of equals the one with texts most like those
 * that it is compared with, and which parts these are. Each part is computed by itself. No parts are given
 * where all are true when they are computed again, as those with `rand()` may be.
 */
export async function nearestFailure(
  { predicate, span }: WherePlan,
  batch: ColumnBatch,
  rows: readonly number[],
  run: NodeRun,
  places: Places,
): Promise<NearestFailure> {
  const conjuncts = conjunctsOf(predicate)
  const looked = rows.slice(0, MAX_ROWS)
  const vectors = await run.values(conjuncts, taken(batch, looked))
  const fails = looked.map((_, at) =>
    conjuncts.filter((_, index) => {
      const vector = vectors[index]
      return vector === undefined || valueAt(vector, at) !== true
    }),
  )
  const counts = fails.map(failed => failed.length || Number.POSITIVE_INFINITY)
  const fewest = Math.min(...counts)
  const equals = [...counts.keys()].filter(at => counts[at] === fewest)
  const nearest = await mostAlike(equals, looked, fails, batch, run)
  const row = looked[nearest] as number
  const parts: (FailedPart & { message: string })[] = []
  const one = taken(batch, [row])
  for (const expr of fails[nearest] ?? [])
    parts.push(await failedPart(expr, span, one, run, places))
  return { row, parts }
}

/** Of rows that fail as many parts: the first of those that have most of the wanted texts in their values. */
async function mostAlike(
  equals: readonly number[],
  looked: readonly number[],
  fails: readonly (readonly Expr[])[],
  batch: ColumnBatch,
  run: NodeRun,
): Promise<number> {
  const [first = 0, second] = equals
  if (second === undefined) return first
  const rows = taken(
    batch,
    equals.map(at => looked[at] as number),
  )
  const scores = equals.map(() => 0)
  for (const expr of new Set(equals.flatMap(at => fails[at] ?? []))) {
    if (varies(expr)) continue
    for (const { operand, wanted } of leavesOf(expr).flatMap(textsWanted)) {
      const [values] = await run.values([operand], rows)
      if (values === undefined) continue
      equals.forEach((at, index) => {
        if (fails[at]?.includes(expr) !== true) return
        const value = String(valueAt(values, index) ?? '').toLowerCase()
        if (value.includes(wanted)) scores[index] = (scores[index] ?? 0) + 1
      })
    }
  }
  return equals[scores.indexOf(Math.max(...scores))] ?? first
}

/** The operands of a comparison with a text, and that text. */
function textsWanted(leaf: Expr): readonly { readonly operand: Expr; readonly wanted: string }[] {
  if (leaf.kind !== 'call') return []
  const texts = leaf.arguments.flatMap(each =>
    each.kind === 'literal' && typeof each.value === 'string' && each.value !== ''
      ? [each.value.toLowerCase()]
      : [],
  )
  const operands = leaf.arguments.filter(
    ({ kind, type }) => kind !== 'literal' && type === 'string',
  )
  return operands.flatMap(operand => texts.map(wanted => ({ operand, wanted })))
}

/** `operator` is the place of the whole; a part with that place was made by the binder. */
async function failedPart(
  expr: Expr,
  operator: Span,
  row: ColumnBatch,
  run: NodeRun,
  places: Places,
): Promise<FailedPart & { message: string }> {
  const place = places.of(expr.span)
  const isMade = expr.span.start === operator.start && expr.span.end === operator.end
  const text = isMade ? oneLine(printExpression(expr)) : place.text
  if (varies(expr)) {
    const message = `\`${text}\` was not true; it varies, so that its values cannot be told`
    return { place, text, operands: [], message }
  }
  const shown = distinctBy(
    leavesOf(expr)
      .flatMap(operandsOf)
      .map(operand => ({
        operand,
        text: isMade ? printExpression(operand) : textOf(operand, places),
      }))
      .filter(each => each.operand.kind !== 'literal' || standsForValue(each.text)),
  )
  const vectors = await run.values(
    shown.map(({ operand }) => operand),
    row,
  )
  const operands: Operand[] = []
  const texts: string[] = []
  shown.forEach(({ operand: { type }, text: name }, index) => {
    const vector = vectors[index]
    const value = vector === undefined ? null : valueAt(vector, 0)
    operands.push({ text: name, value: resultValue(type, value) })
    texts.push(operandText(name, type, value))
  })
  const message = `\`${text}\`${texts.length === 0 ? ' is not true' : `: ${texts.join(', ')}`}`
  return { place, text, operands, message }
}

function operandText(text: string, type: Expr['type'], value: ScalarValue): string {
  if (type === 'dynamic' && isArray(value as Dynamic)) {
    const { length } = value as readonly Dynamic[]
    if (length > MAX_ELEMENTS) return `${text} has ${length} elements`
  }
  return `${text} is ${valueText(type, value)}`
}

/** The comparisons in a condition. */
function leavesOf(expr: Expr): readonly Expr[] {
  const isLogic =
    expr.kind === 'call' && ['and', 'or', 'not'].includes(expr.function) && expr.type === 'bool'
  return isLogic ? expr.arguments.flatMap(leavesOf) : [expr]
}

/** What a comparison compares; what is no comparison is looked at as a whole. */
function operandsOf(leaf: Expr): readonly Expr[] {
  if (leaf.kind !== 'call' || leaf.type !== 'bool') return [withoutConversion(leaf)]
  return leaf.arguments.map(withoutConversion)
}

/** The expression below conversions that the binder put around it: they have its place. */
function withoutConversion(expr: Expr): Expr {
  if (expr.kind !== 'call') return expr
  const [only] = expr.arguments
  if (only === undefined || expr.arguments.length > 1) return expr
  const same = only.span.start === expr.span.start && only.span.end === expr.span.end
  return same ? withoutConversion(only) : expr
}

/** The text of an operand as the query has it. */
export function textOf(expr: Expr, places: Places): string {
  const { text } = places.of(expr.span)
  // What a window function gives is a column that the query has no name for.
  const isNamed = expr.kind === 'column' && !expr.name.startsWith('$')
  const shown = text === '' || isNamed ? printExpression(expr) : text
  return /^\([^()]*\)$/.test(shown) ? shown.slice(1, -1) : shown
}

/** Whether a constant is written as something else than its value: by a name, or as a subquery. */
function standsForValue(text: string): boolean {
  if (/^(?:true|false|null)$/.test(text)) return false
  return /^[A-Za-z_]\w*$/.test(text) || text.includes('|') || /^toscalar\b/i.test(text)
}

function distinctBy<T extends { readonly text: string }>(items: readonly T[]): T[] {
  return items.filter((item, index) => items.findIndex(({ text }) => text === item.text) === index)
}
