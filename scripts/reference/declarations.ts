import { readdirSync, readFileSync } from 'node:fs'
import { everyFunction } from '../../src/engine/functions/library.ts'
import type { CallForm } from '../../src/engine/functions/signature.ts'
import { PLUGINS } from '../../src/engine/operators/plugins/registry.ts'
import { OPERATORS } from '../../src/engine/operators/registry.ts'
import { is, tokenize } from '../../src/lexer/tokenize.ts'
import {
  Between,
  HasAll,
  HasAny,
  In,
  InfixOperator,
  ListOperator,
  NotBetween,
} from '../../src/lexer/tokens.ts'
import { DiagnosticBag } from '../../src/text/diagnostic.ts'

const engine = new URL('../../src/engine/', import.meta.url)

const FOLDERS = [
  'functions/scalar/',
  'functions/aggregate/',
  'functions/window/',
  'operators/',
  'operators/plugins/',
]

/** A comment before an exported constant. */
const DOCUMENTED = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export const (\w+)/g
const PAGE = /@see (https:\/\/learn\.microsoft\.com\/\S+)/

/**
 * The documentation page of each function and operator whose declaration names one in its comment:
 * `@see https://learn.microsoft.com/…`.
 */
export async function documentationPages(): Promise<ReadonlyMap<object, string>> {
  const declared = new Set<unknown>([...everyFunction(), ...Object.values(OPERATORS), ...PLUGINS])
  const pages = new Map<object, string>()
  for (const folder of FOLDERS) {
    const names = readdirSync(new URL(folder, engine)).filter(name => name.endsWith('.ts'))
    for (const name of names.toSorted()) {
      const url = new URL(`${folder}${name}`, engine)
      const comments = [...readFileSync(url, 'utf8').matchAll(DOCUMENTED)]
      if (!comments.some(([, comment]) => PAGE.test(comment ?? ''))) continue
      const module: Record<string, unknown> = await import(url.href)
      for (const [, comment = '', constant = ''] of comments) {
        const page = PAGE.exec(comment)?.[1]
        const value = module[constant]
        if (page === undefined || !declared.has(value)) continue
        pages.set(value as object, page)
      }
    }
  }
  return pages
}

/** How a scalar operator is written, given its operands; undefined for what is called by name. */
export function operatorForm(name: string): CallForm | undefined {
  if (name === '$negate') return params => `-${params.join(' ')}`
  const [token] = tokenize(name, new DiagnosticBag()).tokens
  if (token === undefined) return undefined
  const isOneOf = (...types: readonly (typeof InfixOperator)[]) =>
    types.some(type => is(token, type))
  if (isOneOf(Between, NotBetween)) {
    return ([operand, low, high]) => `${operand} ${name} (${low} .. ${high})`
  }
  if (isOneOf(In, ListOperator, HasAny, HasAll)) {
    return ([operand, ...items]) => `${operand} ${name} (${items.join(', ')})`
  }
  if (isOneOf(InfixOperator)) return params => params.join(` ${name} `)
  return undefined
}
