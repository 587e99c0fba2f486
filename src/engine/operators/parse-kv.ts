import type { ParseKvSyntax } from '../../parser/syntax.ts'
import { compileRegex, isRegex } from '../../types/regex.ts'
import type { Binder } from '../binder/context.ts'
import { ColumnNames } from '../binder/naming.ts'
import type { KeyValueRule } from '../plan/nodes.ts'
import { operator } from './declare.ts'
import { parsedSchema } from './parse.ts'

/** @see https://learn.microsoft.com/kusto/query/parse-kv-operator */
export const parseKv = operator('parse-kv', {
  name: 'parse-kv',
  doc: 'Adds a column for each named key of the pairs of keys and values in a text.',
  examples: [
    {
      query:
        "print s = 'id:7, who:ann' | parse-kv s as (who: string, id: long) with (pair_delimiter=',', kv_delimiter=':') | project who, id",
      rows: [{ who: 'ann', id: 7 }],
    },
    {
      query:
        "print s = '[x] id: 7; who=ann' | parse-kv s as (id: long, who: string) | project id, who",
      rows: [{ id: 7, who: 'ann' }],
    },
    {
      query:
        "print s = 'a=x y b=z' | parse-kv s as (a: string) with (pair_delimiter=' ', kv_delimiter='=', greedy=true) | project a",
      rows: [{ a: 'x y' }],
    },
  ],
  bind(node, input, binder) {
    const expr = binder.scalar(node.expression, { schema: input.schema })
    const text = binder.convert(expr, 'string')
    const names = new ColumnNames()
    for (const { name } of node.columns) {
      if (names.claim(name.name)) continue
      const message = `A column with the name \`${name.name}\` is already declared.`
      binder.diagnostics.error('KS171', message, name.span)
    }
    const keys = node.columns.map(({ name, type }) => ({ name: name.name, type }))
    const method = { kind: 'key-value', keys, rule: bindRule(binder, node) } as const
    const schema = parsedSchema(input, method)
    return { kind: 'parse', input, text, method, mismatch: 'null', schema, span: node.span }
  },
})

/** Parameters that may be given several times. */
const REPEATED: ReadonlySet<string> = new Set(['quote', 'escape'])

function bindRule(binder: Binder, node: ParseKvSyntax): KeyValueRule {
  const { properties } = node
  const fault = (message: string, span: ParseKvSyntax['span']): void => {
    binder.diagnostics.error('KS125', message, span)
  }
  const seen = new Set<string>()
  for (const { name, value, span } of properties) {
    const text = String(value.value)
    if (seen.has(name) && !REPEATED.has(name)) fault(`\`${name}\` is given twice.`, span)
    seen.add(name)
    if (text === '') fault(`\`${name}\` is empty.`, value.span)
    const limit = name === 'quote' ? 2 : name === 'escape' ? 1 : text.length
    if (text.length > limit) {
      const wanted = name === 'quote' ? 'one or two characters' : 'one character'
      fault(`\`${name}\` must be ${wanted}.`, value.span)
    }
  }
  const textsOf = (wanted: string): string[] =>
    properties.filter(({ name }) => name === wanted).map(({ value }) => String(value.value))
  const [pair] = textsOf('pair_delimiter')
  const [keyValue] = textsOf('kv_delimiter')
  const [regex] = textsOf('regex')
  if ((pair === undefined) !== (keyValue === undefined)) {
    fault('pair_delimiter and kv_delimiter are given together, or neither is.', node.span)
  }
  if (regex !== undefined) checkRegex(binder, regex, node)
  const greedy = properties.some(({ name, value }) => name === 'greedy' && value.value === true)
  if (greedy && pair === undefined) {
    fault('greedy needs pair_delimiter and kv_delimiter.', node.span)
  }
  return {
    ...(pair === undefined || keyValue === undefined ? {} : { delimiters: { pair, keyValue } }),
    ...(regex === undefined ? {} : { regex }),
    quotes: textsOf('quote').map(text => [text.charAt(0), text.charAt(text.length - 1)] as const),
    escapes: textsOf('escape'),
    greedy,
  }
}

function checkRegex(binder: Binder, pattern: string, node: ParseKvSyntax): void {
  const span = node.properties.find(({ name }) => name === 'regex')?.value.span ?? node.span
  if (node.properties.length > 1) {
    const message = 'regex takes no other parameters beside it.'
    binder.diagnostics.error('KS125', message, span)
  }
  const regex = compileRegex(pattern)
  if (!isRegex(regex)) {
    const message = `'${pattern}' is not a regular expression: ${regex.error}`
    binder.diagnostics.error('KS160', message, span)
  } else if (regex.groupCount !== 2) {
    const message = 'The regular expression must have two groups: the key and the value.'
    binder.diagnostics.error('KS160', message, span)
  }
}
