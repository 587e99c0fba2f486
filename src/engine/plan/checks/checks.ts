import type { DiagnosticCode } from '../../../text/codes.ts'
import type { Severity } from '../../../text/diagnostic.ts'
import { isAlphanumericAt } from '../../../types/collation.ts'
import type { CallExpr, Expr, Plan } from '../nodes.ts'
import { originOf } from './origin.ts'

/** What a check says of a call. */
interface Finding {
  readonly message: string
  readonly hint?: string
}

/** Looks at each call of a plan; `node` is the node whose expression it is part of. */
interface Check {
  readonly code: DiagnosticCode
  readonly severity: Severity
  check(call: CallExpr, node: Plan): Finding | undefined
}

const NULL_TESTS: ReadonlySet<string> = new Set(['isnull', 'isnotnull'])

/** A string is never null, so the one is always false and the other always true. */
const nullTestOfString: Check = {
  code: 'KQL207',
  severity: 'warning',
  check({ function: name, arguments: [argument] }) {
    if (!NULL_TESTS.has(name) || argument?.type !== 'string') return undefined
    return {
      message: `A string is never null: ${name}(…) of it is always ${name === 'isnotnull'}.`,
      hint: `Use ${name === 'isnull' ? 'isempty' : 'isnotempty'}(…).`,
    }
  },
}

const COMPARISONS: ReadonlySet<string> = new Set([
  '==',
  '!=',
  '=~',
  '!~',
  'in',
  '!in',
  'in~',
  '!in~',
])

/** Dynamic columns of tables hold bags and arrays, which equal no string. */
const wholeDynamic: Check = {
  code: 'KQL208',
  severity: 'warning',
  check({ function: name, arguments: [left, ...others] }, node) {
    if (!COMPARISONS.has(name) || left === undefined) return undefined
    const columns = [left, ...others].map(withoutConversion).filter(isDynamicColumn)
    const [column] = columns
    const against = [left, ...others].find(expr => expr.kind === 'literal')
    if (column === undefined || against?.type !== 'string') return undefined
    const table = originOf(node, column.name)
    if (table === undefined) return undefined
    return {
      message: `\`${column.name}\` of ${table} is dynamic: a bag or an array equals no string.`,
      hint: `Compare a member, as in ${column.name}.name, or expand it with mv-expand.`,
    }
  },
}

function isDynamicColumn(expr: Expr): expr is Extract<Expr, { kind: 'column' }> {
  return expr.kind === 'column' && expr.type === 'dynamic'
}

/** The operand of a conversion that the binder put in. */
function withoutConversion(expr: Expr): Expr {
  if (expr.kind !== 'call' || expr.function !== 'tostring') return expr
  const [operand] = expr.arguments
  // A conversion that stands in the query has a span of its own.
  return operand !== undefined && operand.span.start === expr.span.start ? operand : expr
}

const TERM_SEARCHES: ReadonlySet<string> = new Set([
  'has',
  'has_cs',
  '!has',
  '!has_cs',
  'has_any',
  'has_all',
])

/** `has` looks for whole terms; a needle with other characters spans several. */
const severalTerms: Check = {
  code: 'KQL209',
  severity: 'info',
  check({ function: name, arguments: [, ...needles] }) {
    if (!TERM_SEARCHES.has(name)) return undefined
    const needle = needles.map(textOf).find(text => text !== undefined && spansTerms(text))
    if (needle === undefined) return undefined
    return {
      message:
        `${JSON.stringify(needle)} is more than one term: ${name} finds it only where exactly this ` +
        'text stands, with the characters between the terms.',
    }
  },
}

const SUBSTRING_SEARCHES: ReadonlyMap<string, string> = new Map([
  ['contains', 'has'],
  ['contains_cs', 'has_cs'],
  ['!contains', '!has'],
  ['!contains_cs', '!has_cs'],
])

/** Terms shorter than this are not indexed, so that has is not faster. */
const SHORTEST_TERM = 3

const wholeTerm: Check = {
  code: 'KQL210',
  severity: 'info',
  check({ function: name, arguments: [, needle] }) {
    const other = SUBSTRING_SEARCHES.get(name)
    const text = needle && textOf(needle)
    if (other === undefined || text === undefined) return undefined
    if (text.length < SHORTEST_TERM || termsOf(text) !== 'one') return undefined
    return {
      message: `${name} also finds ${JSON.stringify(text)} inside of longer words.`,
      hint: `Where a whole word is meant, ${other} says so, and is faster in Sentinel.`,
    }
  },
}

function textOf(expr: Expr): string | undefined {
  return expr.kind === 'literal' && typeof expr.value === 'string' ? expr.value : undefined
}

function spansTerms(text: string): boolean {
  return termsOf(text) === 'several'
}

/** Whether a text is one term, or has letters or digits with other characters between them. */
function termsOf(text: string): 'one' | 'several' | 'other' {
  let inside = false
  let terms = 0
  let others = 0
  for (let at = 0; at < text.length; at++) {
    const alphanumeric = isAlphanumericAt(text, at)
    if (alphanumeric && !inside) terms++
    if (!alphanumeric) others++
    inside = alphanumeric
    if ((text.codePointAt(at) ?? 0) > 0xffff) at++
  }
  if (terms > 1) return 'several'
  return terms === 1 && others === 0 ? 'one' : 'other'
}

/** Every check, in the order in which they report. */
export const CHECKS: readonly Check[] = [nullTestOfString, wholeDynamic, severalTerms, wholeTerm]
