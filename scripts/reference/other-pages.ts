import { OPERATORS } from '../../src/engine/operators/registry.ts'
import { UNSUPPORTED_OPERATORS } from '../../src/lexer/keywords.ts'
import { Catalog } from '../../src/tables/catalog.ts'
import { DIAGNOSTIC_CODES } from '../../src/text/codes.ts'
import { exampleText } from './examples.ts'
import { scalarOperators } from './function-pages.ts'
import { anchorOf, code, page, prose, table } from './markdown.ts'

/** docs/reference/operators.md: tabular operators, then the operators of scalar expressions. */
export function operatorsPage(pages: ReadonlyMap<object, string>): string {
  const operators = Object.values(OPERATORS)
    .filter(operator => operator !== OPERATORS.unsupported)
    .toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)))
  const missing = [...UNSUPPORTED_OPERATORS].filter(name => !name.startsWith('_')).toSorted()
  const sections = operators.map(operator => {
    const link = pages.get(operator)
    const { name, aliases, doc, examples } = operator
    return [
      `### ${name}`,
      prose(doc),
      ...(aliases === undefined ? [] : [`Also written ${aliases.map(code).join(', ')}.`]),
      ...(link === undefined ? [] : [`[Documentation of KQL](${link})`]),
      ...examples.map(exampleText),
    ].join('\n\n')
  })
  return page(
    '# Operators',
    '## Tabular operators',
    `${operators.length} operators. A query starts with a table, \`print\`, \`range\`, \`datatable\`, \`union\` or a tabular expression in parentheses.`,
    operators.map(({ name }) => `[${name}](#${anchorOf(name)})`).join(', '),
    ...sections,
    '## Tabular operators that are not supported',
    'Each is an error with the code KQL100 and its place:',
    missing.map(code).join(', '),
    '## Scalar operators',
    '[Scalar functions](functions.md) explains the classes of operands.',
    ...scalarOperators(pages),
  )
}

/** docs/reference/diagnostics.md: the codes of all faults. */
export function diagnosticsPage(): string {
  const rows = (prefix: RegExp) =>
    Object.entries(DIAGNOSTIC_CODES)
      .filter(([name]) => prefix.test(name))
      .toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)))
      .map(([name, meaning]) => [name, prose(meaning)])
  const header = ['Code', 'Meaning']
  return page(
    '# Diagnostics',
    'A diagnostic has a code, a severity, a message and a place in the query, and often a hint.',
    "## Codes of Kusto's own analyzer",
    table(header, rows(/^KS\d/)),
    '## Codes of kqlab',
    '`KQL0` syntax, `KQL1` what is not supported or is missing, `KQL2` warnings, `KQL3` faults of a run, `KQL4` rule files.',
    table(header, rows(/^KQL/)),
  )
}

/** docs/reference/tables.md: the names in the built-in catalog. */
export function tablesPage(): string {
  const catalog = Catalog.builtin()
  const byLetter = Map.groupBy(
    catalog.names().toSorted((a, b) => (a < b ? -1 : 1)),
    name => name.charAt(0).toUpperCase(),
  )
  return page(
    '# Tables',
    `The built-in catalog has the columns of ${catalog.names().length} tables of Log Analytics, Microsoft Sentinel and Defender XDR. Names are case-sensitive. The number is how many columns the table has.`,
    ...[...byLetter].flatMap(([letter, names]) => [
      `## ${letter}`,
      names.map(name => `${code(name)} ${(catalog.schemaOf(name) ?? []).length}`).join(', '),
    ]),
  )
}
