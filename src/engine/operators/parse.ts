import type { ParsePatternSyntax, ParseSyntax, ParseWhereSyntax } from '../../parser/syntax.ts'
import type { Column } from '../../types/schema.ts'
import type { Binder } from '../binder/context.ts'
import { ColumnNames } from '../binder/naming.ts'
import type { ParseMethod, ParsePlan, PatternMethod, PatternPart, Plan } from '../plan/nodes.ts'
import { parsedColumns } from '../plan/parse-method.ts'
import { operator } from './declare.ts'
import { patternRegex } from './match-pattern.ts'

/** @see https://learn.microsoft.com/kusto/query/parse-operator */
export const parse = operator('parse', {
  name: 'parse',
  doc: 'Takes a text apart by a pattern and adds the parts as columns, null where it does not match.',
  examples: [
    {
      query: "print s = 'user=ann id=7' | parse s with * 'user=' user ' id=' id: long",
      rows: [{ s: 'user=ann id=7', user: 'ann', id: 7 }],
    },
    {
      query: "print s = 'a12b' | parse kind=regex flags=i s with 'A' n: int 'B' | project n",
      rows: [{ n: 12 }],
    },
    {
      query: "print s = 'id=x;' | parse kind=relaxed s with 'id=' id: long ';' | project id",
      rows: [{ id: null }],
    },
  ],
  bind: (node, input, binder) => bindParse(binder, node, input, 'null'),
})

/** @see https://learn.microsoft.com/kusto/query/parse-where-operator */
export const parseWhere = operator('parse-where', {
  name: 'parse-where',
  doc: 'The same as parse, without the rows that do not match.',
  examples: [
    {
      query: "datatable(s: string)['n=1', 'x'] | parse-where s with 'n=' n: long",
      rows: [{ s: 'n=1', n: 1 }],
    },
  ],
  bind: (node, input, binder) => bindParse(binder, node, input, 'drop'),
})

const FLAGS = /^[imsUux]*$/

function bindParse(
  binder: Binder,
  node: ParseSyntax | ParseWhereSyntax,
  input: Plan,
  mismatch: ParsePlan['mismatch'],
): Plan {
  const expr = binder.scalar(node.expression, { schema: input.schema })
  const text = binder.convert(expr, 'string')
  const { pattern } = node
  const names = new ColumnNames()
  const mark = binder.diagnostics.mark()
  pattern.forEach((part, index) => {
    checkPart(binder, part, pattern.slice(0, index), pattern[index + 1], names)
  })
  const method: PatternMethod = {
    kind: node.parseKind ?? 'simple',
    flags: node.flags ?? '',
    pattern: pattern.map(patternPart),
  }
  if (method.kind === 'regex' && binder.diagnostics.since(mark).length === 0) {
    checkRegex(binder, method, node)
  }
  const { span } = node
  return { kind: 'parse', input, text, method, mismatch, schema: parsedSchema(input, method), span }
}

function patternPart(part: ParsePatternSyntax): PatternPart {
  switch (part.kind) {
    case 'star':
      return { kind: 'any' }
    case 'literal':
      return { kind: 'text', text: String(part.value) }
    case 'parse-column':
      return { kind: 'column', name: part.name.name, type: part.type ?? 'string' }
  }
}

/** Reports what leaves open which part of the pattern takes which part of a text. */
function checkPart(
  binder: Binder,
  part: ParsePatternSyntax,
  before: readonly ParsePatternSyntax[],
  next: ParsePatternSyntax | undefined,
  names: ColumnNames,
): void {
  const previous = before.at(-1)
  if (part.kind === 'star') {
    if (previous?.kind === 'parse-column' && (previous.type ?? 'string') === 'string') {
      const message = 'A * after a column of type string is ambiguous.'
      binder.diagnostics.error('KS103', message, part.span)
    }
    if (next !== undefined && next.kind !== 'literal') {
      binder.diagnostics.error('KS102', 'A text must follow a *.', part.span)
    }
  } else if (part.kind === 'parse-column') {
    if (previous?.kind === 'parse-column') {
      const message = 'A text must stand between two columns.'
      binder.diagnostics.error('KS101', message, part.span)
    }
    if (!names.claim(part.name.name)) {
      const message = `A column with the name \`${part.name.name}\` is already declared.`
      binder.diagnostics.error('KS171', message, part.name.span)
    }
  }
}

function checkRegex(
  binder: Binder,
  method: PatternMethod,
  node: ParseSyntax | ParseWhereSyntax,
): void {
  if (!FLAGS.test(method.flags)) {
    const message = `\`${method.flags}\` are no flags of a regular expression.`
    binder.diagnostics.error('KS160', message, node.span, 'The flags are i, m, s, U, u and x.')
    return
  }
  const compiled = patternRegex(method)
  if (!('error' in compiled)) return
  const message = `The pattern is not a regular expression: ${compiled.error}`
  binder.diagnostics.error('KS160', message, node.span)
}

/** The input's columns, and those of the parts: in the place of one of that name, else at the end. */
export function parsedSchema(input: Plan, method: ParseMethod): Column[] {
  const schema: Column[] = [...input.schema]
  for (const column of parsedColumns(method)) {
    const index = schema.findIndex(({ name }) => name === column.name)
    if (index < 0) schema.push(column)
    else schema[index] = column
  }
  return schema
}
