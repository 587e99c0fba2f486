import type { ScalarType } from '../../../types/scalar-type.ts'
import { varies } from '../expression.ts'
import type { Expr, MvExpandPlan, ParsePlan, Plan, ScanPlan } from '../nodes.ts'
import { parsedColumns } from '../parse-method.ts'
import { conjunctsOf } from '../predicates.ts'
import { literalRuns } from './literal-runs.ts'
import { longestOf, longestWord } from './longest-word.ts'
import { mapOwnInputs } from './map-plan.ts'

/** Of a row that matters, one of the columns holds its word. */
interface Need {
  readonly any: readonly ColumnWord[]
  /** Whether the predicate is right above the scan. */
  readonly inFilter: boolean
}

interface ColumnWord {
  readonly column: string
  readonly word: string
}

/**
 * Predicates that hold only where the first argument has the text of one of the others in it. Those that
 * ignore case take no character beyond ASCII for one of ASCII.
 */
const CONTAINING = new Set([
  '==',
  '=~',
  'contains',
  'contains_cs',
  'endswith',
  'endswith_cs',
  'has',
  'has_any',
  'has_cs',
  'hasprefix',
  'hasprefix_cs',
  'hassuffix',
  'hassuffix_cs',
  'in',
  'in~',
  'startswith',
  'startswith_cs',
])

/**
 * What gives a text that is also in one of its arguments, apart from escapes, and which. Not so tolower,
 * which makes a k of the Kelvin sign.
 */
const KEEPING: Readonly<Record<string, number>> = {
  extract: 2,
  parse_json: 0,
  split: 0,
  substring: 0,
  todynamic: 0,
  tostring: 0,
  trim: 1,
  trim_end: 1,
  trim_start: 1,
}

/** What gives one of its arguments, and which these are. */
const CHOOSING: Readonly<Record<string, (index: number, count: number) => boolean>> = {
  case: (index, count) => index % 2 === 1 || index === count - 1,
  coalesce: () => true,
  iff: index => index > 0,
}

/**
 * Tells each scan which words must be in the records of rows that matter, as far as predicates say so.
 * What a predicate right above the scan says, a source may ask itself too.
 */
export function requiredTexts(plan: Plan): Plan {
  return tell(plan, [])
}

function tell(plan: Plan, needs: readonly Need[]): Plan {
  switch (plan.kind) {
    case 'scan':
      return needs.length === 0 ? plan : toScan(plan, needs)
    case 'where': {
      const inFilter = plan.input.kind === 'scan'
      const own = conjunctsOf(plan.predicate).flatMap(needsOf)
      const known = own.filter(any => any.length > 0)
      return into(plan, [...needs, ...known.map(any => ({ any, inFilter }))])
    }
    case 'sort':
    case 'union':
      return into(plan, needs)
    case 'project': {
      if (plan.columns.some(({ expr }) => varies(expr))) return into(plan, [])
      const exprs = new Map(plan.columns.map(({ name, expr }) => [name, expr]))
      return into(
        plan,
        moved(needs, (name, word) => sourcesOf(exprs.get(name), word)),
      )
    }
    case 'mv-expand':
      return into(
        plan,
        moved(needs, (name, word) => expandedFrom(plan, name, word)),
      )
    case 'parse':
      return into(plan, [
        ...moved(needs, (name, word) => parsedFrom(plan, name, word)),
        ...ofPattern(plan),
      ])
    default:
      return into(plan, [])
  }
}

function into(plan: Plan, needs: readonly Need[]): Plan {
  return mapOwnInputs(plan, input => tell(input, needs))
}

/**
 * The needs in other columns, as far as these are known. `from` gives the columns of which one has
 * the word where the column has it; undefined where that cannot be told.
 */
function moved(
  needs: readonly Need[],
  from: (column: string, word: string) => readonly string[] | undefined,
): Need[] {
  return needs.flatMap(({ any, inFilter }) => {
    const below: ColumnWord[] = []
    for (const { column, word } of any) {
      const sources = from(column, word)
      if (sources === undefined) return []
      below.push(...sources.map(source => ({ column: source, word })))
    }
    return below.length === 0 ? [] : [{ any: below, inFilter }]
  })
}

function expandedFrom(
  plan: MvExpandPlan,
  name: string,
  word: string,
): readonly string[] | undefined {
  if (name === plan.itemIndex) return undefined
  const made = plan.columns.find(column => column.name === name)
  return made === undefined ? [name] : sourcesOf(made.expr, word)
}

/** A text that a pattern takes out of another is part of it. */
function parsedFrom(
  { method, text }: ParsePlan,
  name: string,
  word: string,
): readonly string[] | undefined {
  const made = parsedColumns(method).find(column => column.name === name)
  if (made === undefined) return [name]
  return method.kind === 'key-value' || !isText(made) ? undefined : sourcesOf(text, word)
}

/** What the texts of a pattern need where rows are dropped that it does not match. */
function ofPattern({ method, mismatch, text }: ParsePlan): Need[] {
  if (mismatch !== 'drop' || method.kind === 'key-value' || method.kind === 'regex') return []
  return method.pattern.flatMap(part => {
    const word = part.kind === 'text' ? longestWord(part.text) : undefined
    const sources = word === undefined ? undefined : sourcesOf(text, word)
    if (word === undefined || sources === undefined || sources.length === 0) return []
    return [{ any: sources.map(column => ({ column, word })), inFilter: false }]
  })
}

function toScan(plan: ScanPlan, needs: readonly Need[]): ScanPlan {
  const sources = new Map(plan.columns.map(({ name, column }) => [name, column]))
  const found = moved(needs, name => {
    const source = sources.get(name)
    return source === undefined ? undefined : [source]
  })
  if (found.length === 0) return plan
  const texts = found.map(({ any, inFilter }) => ({
    columns: [...new Set(any.map(({ column }) => column))],
    words: [...new Set(any.map(({ word }) => word))],
    ...(inFilter ? { inFilter } : {}),
  }))
  return { ...plan, texts }
}

/**
 * The columns, of strings or dynamics, of which one has the word in its text where the expression has
 * it: none where the expression never has it, undefined where that cannot be told.
 */
function sourcesOf(expr: Expr | undefined, word: string): readonly string[] | undefined {
  if (expr === undefined) return undefined
  // What is no text, as extract(…, typeof(bool)) gives, has another text than the one it was made of.
  if (!isText(expr)) return hasNever(expr.type, word) ? [] : undefined
  if (expr.kind === 'column') return [expr.name]
  if (expr.kind === 'path') return sourcesOf(expr.target, word)
  if (expr.kind === 'literal') {
    const { value } = expr
    return typeof value === 'string' && !value.toLowerCase().includes(word) ? [] : undefined
  }
  if (expr.kind !== 'call') return undefined
  const kept = ownOf(KEEPING, expr.function)
  if (kept !== undefined) return sourcesOf(expr.arguments[kept], word)
  const chooses = ownOf(CHOOSING, expr.function)
  if (chooses === undefined) return undefined
  const count = expr.arguments.length
  const found = expr.arguments
    .filter((_, index) => chooses(index, count))
    .map(argument => sourcesOf(argument, word))
  return found.includes(undefined) ? undefined : found.flatMap(sources => sources ?? [])
}

/** Whether no value of the type has the word in its text: one of {@link longestWord} has a letter that is no e. */
function hasNever(type: ScalarType, word: string): boolean {
  switch (type) {
    case 'bool':
      return !'true'.includes(word) && !'false'.includes(word)
    case 'datetime':
      return /[a-su-y]/.test(word)
    case 'guid':
      return /[g-z]/.test(word)
    case 'int':
    case 'long':
    case 'real':
    case 'decimal':
    case 'timespan':
      return true
    default:
      return false
  }
}

function ownOf<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

function isText({ type }: { readonly type: ScalarType }): boolean {
  return type === 'string' || type === 'dynamic'
}

/** What must be in a row for the predicate to hold: each need has alternatives, none where it never holds. */
function needsOf(predicate: Expr): (readonly ColumnWord[])[] {
  if (predicate.kind !== 'call') return []
  const { function: name, arguments: parts } = predicate
  if (name === 'and') return parts.flatMap(needsOf)
  if (name === 'or') {
    // Of each part any need will do.
    const needs = parts.map(part => needsOf(part)[0])
    return needs.includes(undefined) ? [] : [needs.flatMap(need => need ?? [])]
  }
  const [text, ...values] = parts
  if (name === 'has_all') return values.flatMap(textsOf).flatMap(value => needOf(text, [value]))
  if (name === 'matches regex') {
    const [pattern] = values.flatMap(textsOf)
    const word = pattern === undefined ? undefined : longestOf(literalRuns(pattern))
    return word === undefined ? [] : needOf(text, [word])
  }
  if (!CONTAINING.has(name)) return []
  const texts = values.map(textsOf)
  return texts.some(some => some.length === 0) ? [] : needOf(text, texts.flat())
}

/** The need of one of the words of the values in the text; none where it cannot be told what to look for. */
function needOf(text: Expr | undefined, values: readonly string[]): (readonly ColumnWord[])[] {
  const any: ColumnWord[] = []
  for (const value of values) {
    const word = longestWord(value)
    const sources = word === undefined ? undefined : sourcesOf(text, word)
    if (word === undefined || sources === undefined) return []
    any.push(...sources.map(column => ({ column, word })))
  }
  return [any]
}

/** The texts of a literal, which may be an array of them; none where it has anything else. */
function textsOf(expr: Expr): readonly string[] {
  if (expr.kind !== 'literal' || !isText(expr)) return []
  const { value } = expr
  if (typeof value === 'string') return [value]
  const items: readonly unknown[] = Array.isArray(value) ? value : []
  return items.every(item => typeof item === 'string') ? items : []
}
