import { resultName } from '../../src/engine/binder/naming.ts'
import { BOUND_FORMS } from '../../src/engine/functions/bound-forms.ts'
import type { Example } from '../../src/engine/functions/declare.ts'
import { everyFunction, LIBRARY } from '../../src/engine/functions/library.ts'
import { type CallForm, signatureLines } from '../../src/engine/functions/signature.ts'
import { unsupportedFunctions } from '../../src/engine/unsupported-functions.ts'
import { operatorForm } from './declarations.ts'
import { exampleText } from './examples.ts'
import { anchorOf, block, code, page, plain, prose } from './markdown.ts'

type Declaration = ReturnType<typeof everyFunction>[number]
type Pages = ReadonlyMap<object, string>

const PARAMETERS = `A parameter is a type, or a class of types:

- \`scalar\`: any type
- \`notDynamic\`, \`orderable\`: any type but dynamic
- \`number\`: int, long, real, decimal
- \`summable\`: a number, timespan or datetime
- \`common\`: any type; all of them are converted to the type that they have in common

Where a parameter has a type, int converts to long, long to real and real to decimal without a call,
and dynamic to string. \`[…]\` may be left out, \`…\` may be repeated, \`constant\` must have one value for
the whole run. \`T\` stands for the same type on both sides of the arrow.`

/** The examples that stand in the reference alone: a test runs them beside those of the registries. */
export const FORM_EXAMPLES: readonly Example[] = BOUND_FORMS.map(({ example }) => example)

function isPublic({ name }: Declaration): boolean {
  return !name.startsWith('$')
}

function byName(a: Declaration, b: Declaration): number {
  return a.name < b.name ? -1 : Number(a.name > b.name)
}

/** docs/reference/functions.md: the scalar functions that are called by name. */
export function functionsPage(pages: Pages): string {
  const functions = everyFunction()
    .filter(
      item => item.kind === 'scalar' && isPublic(item) && operatorForm(item.name) === undefined,
    )
    .toSorted(byName)
  const missing = unsupportedFunctions()
  return page(
    '# Scalar functions',
    `${functions.length} functions. [Operators](operators.md#scalar-operators), [aggregate functions](aggregates.md) and [window functions](window-functions.md) have pages of their own. Beside them the binder knows some [forms](#forms) by name, and reports [functions that are not supported](#not-supported).`,
    PARAMETERS,
    index(functions),
    ...functions.map(item => section(item, pages)),
    '## Forms',
    'They are written like functions, but take tables or the names of columns.',
    ...BOUND_FORMS.map(
      ({ form, doc, example }) => `### ${code(form)}\n\n${doc}\n\n${exampleText(example)}`,
    ),
    '## Not supported',
    `A call of one of these ${missing.length} functions of KQL is an error with the code KQL100 and its place:`,
    missing.map(code).join(', '),
  )
}

/** docs/reference/aggregates.md: the functions of summarize. */
export function aggregatesPage(pages: Pages): string {
  const functions = everyFunction()
    .filter(item => item.kind === 'aggregate' && isPublic(item))
    .toSorted(byName)
  return page(
    '# Aggregate functions',
    `${functions.length} functions, allowed in \`summarize\` and inside larger expressions there.`,
    'The column of an unnamed aggregate is called after the function and its first argument, `sum_x` for `sum(x)`, unless the text below says otherwise.',
    `[Scalar functions](functions.md) explains the classes of parameters.`,
    index(functions),
    ...functions.map(item => section(item, pages)),
  )
}

/** docs/reference/window-functions.md: the functions of ordered rows. */
export function windowFunctionsPage(pages: Pages): string {
  const functions = everyFunction()
    .filter(item => item.kind === 'window' && isPublic(item))
    .toSorted(byName)
  return page(
    '# Window functions',
    `${functions.length} functions whose value depends on the rows before or after. Their input must have an order: \`sort\`, \`top\`, \`serialize\` or \`range\` gives one, and \`where\`, \`extend\`, \`project\`, \`mv-expand\` and \`take\` keep it.`,
    `[Scalar functions](functions.md) explains the classes of parameters.`,
    index(functions),
    ...functions.map(item => section(item, pages)),
  )
}

/** The scalar operators, for the page of operators. */
export function scalarOperators(pages: Pages): string[] {
  return everyFunction()
    .filter(isPublic)
    .toSorted(byName)
    .flatMap(item => {
      const form = item.kind === 'scalar' ? operatorForm(item.name) : undefined
      return form === undefined ? [] : [section(item, pages, form, '###')]
    })
}

function index(functions: readonly Declaration[]): string {
  return functions.map(({ name }) => `[${plain(name)}](#${anchorOf(name)})`).join(', ')
}

function section(
  item: Declaration,
  pages: Pages,
  form: CallForm = params => `${item.name}(${params.join(', ')})`,
  heading = '##',
): string {
  const link = pages.get(item)
  return [
    `${heading} ${plain(item.name)}`,
    prose(item.doc),
    block('text', signatureLines(item.overloads, form).join('\n')),
    ...notesOf(item),
    ...(link === undefined ? [] : [`[Documentation of KQL](${link})`]),
    ...item.examples.map(exampleText),
  ].join('\n\n')
}

function notesOf(item: Declaration): string[] {
  const notes: string[] = []
  if (item.aliases !== undefined) notes.push(`Also called ${item.aliases.map(code).join(', ')}.`)
  const naming = namingOf(item)
  if (naming !== undefined) notes.push(naming)
  if (item.kind === 'scalar' && item.columns !== undefined) {
    const columns = item.columns.map(({ name, type }) => `${code(name)} (${type})`)
    notes.push(
      `Gives several columns, of which the first ones may be named: ${columns.join(', ')}.`,
      `The column ${code(item.columns[0]?.name ?? '')} of an unnamed ${code(`${item.name}(x)`)} is called ${code(`${item.name}_x_${item.columns[0]?.name ?? ''}`)}.`,
    )
  }
  if (item.kind === 'scalar' && item.deterministic === false) {
    notes.push('Two calls with the same arguments may give different values.')
  }
  return notes.length === 0 ? [] : [notes.join(' ')]
}

/** What the column of an unnamed call is called, where it is not what is usual. */
function namingOf({ name, naming, overloads }: Declaration): string | undefined {
  if (naming === undefined) return undefined
  const span = { start: 0, end: 0 }
  const count = Math.max(1, overloads[0]?.params.length ?? 1)
  const args = ['x', 'y', 'z']
    .slice(0, count)
    .map(item => ({ kind: 'name', name: item, span }) as const)
  const call = {
    kind: 'call',
    callee: { kind: 'name', name, span },
    arguments: args,
    span,
  } as const
  const column = resultName(call, LIBRARY)
  if (column === undefined) return undefined
  const written = `${name}(${args.map(argument => argument.name).join(', ')})`
  return `The column of an unnamed ${code(written)} is called ${code(column)}.`
}
