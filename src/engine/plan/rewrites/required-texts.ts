import { varies } from '../expression.ts'
import type { CallExpr, Expr, MvExpandPlan, Plan, ScanPlan } from '../nodes.ts'
import { conjunctsOf } from '../predicates.ts'
import { mapOwnInputs } from './map-plan.ts'

/** Of a row that matters, one of the columns holds its word. */
type Need = readonly { readonly column: string; readonly word: string }[]

/**
 * Predicates that hold only where the first argument has the text of another one in it. Those that
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
 * What gives a text that is also in what it is given, apart from escapes. Not so tolower, which makes
 * a k of the Kelvin sign.
 */
const KEEPING = new Set(['parse_json', 'todynamic', 'tostring'])

/**
 * Tells each scan which words must be in the records of rows that matter, as far as predicates above
 * an `mv-expand` and the like say so: what is right above the scan asks the source itself.
 */
export function requiredTexts(plan: Plan): Plan {
  return tell(plan, [])
}

function tell(plan: Plan, needs: readonly Need[]): Plan {
  switch (plan.kind) {
    case 'scan':
      return needs.length === 0 ? plan : toScan(plan, needs)
    case 'where': {
      const own = plan.input.kind === 'scan' ? [] : conjunctsOf(plan.predicate).flatMap(needOf)
      return into(plan, [...needs, ...own])
    }
    case 'sort':
    case 'union':
      return into(plan, needs)
    case 'project': {
      if (plan.columns.some(({ expr }) => varies(expr))) return into(plan, [])
      const exprs = new Map(plan.columns.map(({ name, expr }) => [name, expr]))
      return into(
        plan,
        moved(needs, name => keptColumn(exprs.get(name))),
      )
    }
    case 'mv-expand':
      return into(
        plan,
        moved(needs, name => expandedFrom(plan, name)),
      )
    default:
      return into(plan, [])
  }
}

function into(plan: Plan, needs: readonly Need[]): Plan {
  return mapOwnInputs(plan, input => tell(input, needs))
}

/** The needs in other columns, as far as all of a need's columns come from one. */
function moved(needs: readonly Need[], from: (column: string) => string | undefined): Need[] {
  return needs.flatMap(need => {
    const below = need.flatMap(({ column, word }) => {
      const source = from(column)
      return source === undefined ? [] : [{ column: source, word }]
    })
    return below.length === need.length ? [below] : []
  })
}

function expandedFrom(plan: MvExpandPlan, name: string): string | undefined {
  if (name === plan.itemIndex) return undefined
  const made = plan.columns.find(column => column.name === name)
  return made === undefined ? name : keptColumn(made.expr)
}

function toScan(plan: ScanPlan, needs: readonly Need[]): ScanPlan {
  const sources = new Map(plan.columns.map(({ name, column }) => [name, column]))
  const texts = moved(needs, name => sources.get(name)).map(need => ({
    columns: [...new Set(need.map(({ column }) => column))],
    words: [...new Set(need.map(({ word }) => word))],
  }))
  return { ...plan, texts }
}

/** The column, of strings or dynamics, whose text the expression's text is part of. */
function keptColumn(expr: Expr | undefined): string | undefined {
  if (expr?.kind === 'column') return isText(expr) ? expr.name : undefined
  if (expr?.kind === 'path') return keptColumn(expr.target)
  if (expr?.kind === 'call' && KEEPING.has(expr.function)) return keptColumn(expr.arguments[0])
  return undefined
}

function isText({ type }: Expr): boolean {
  return type === 'string' || type === 'dynamic'
}

/** What must be in a row for the predicate to hold; nothing where that cannot be told. */
function needOf(predicate: Expr): Need[] {
  if (predicate.kind !== 'call') return []
  if (predicate.function === 'or') {
    const needs = predicate.arguments.map(needOf)
    return needs.every(([need]) => need !== undefined) ? [needs.flat(2)] : []
  }
  if (predicate.function === 'and') return predicate.arguments.flatMap(needOf).slice(0, 1)
  return CONTAINING.has(predicate.function) ? comparisonNeed(predicate) : []
}

function comparisonNeed({ arguments: [text, ...values] }: CallExpr): Need[] {
  const column = keptColumn(text)
  if (column === undefined) return []
  const words = values.map(wordOf)
  const need = words.flatMap(word => (word === undefined ? [] : [{ column, word }]))
  return need.length > 0 && need.length === values.length ? [need] : []
}

/**
 * The longest run of ASCII letters and digits in a text, in lower case. A short one is in most
 * records, and one of digits, or e, may be written otherwise: 1e3 for 1000.
 */
function wordOf(value: Expr): string | undefined {
  if (value.kind !== 'literal' || !isText(value) || typeof value.value !== 'string')
    return undefined
  const runs = value.value.match(/[A-Za-z0-9]+/g) ?? []
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '')
  if (longest.length < 4 || !/[A-DF-Za-df-z]/.test(longest)) return undefined
  return longest.toLowerCase()
}
