import { didYouMean } from '../../engine/binder/suggest.ts'
import { BOUND_FORMS } from '../../engine/functions/bound-forms.ts'
import type { Example } from '../../engine/functions/declare.ts'
import { everyFunction } from '../../engine/functions/library.ts'
import { signatureLines } from '../../engine/functions/signature.ts'
import { unsupportedFunctions } from '../../engine/unsupported-functions.ts'
import { plainJson } from '../../text/plain-json.ts'
import type { TextFormat } from '../choices.ts'
import { EXIT, type ExitCode, UsageError } from '../exit.ts'
import type { Environment } from '../session.ts'

/** The options of `kqlab functions`. */
export interface FunctionsOptions {
  readonly format: TextFormat
}

/** What is known of a function; of one that is not supported, only that KQL has it. */
interface FunctionEntry {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly kind: 'scalar' | 'aggregate' | 'window' | 'form' | 'not supported'
  readonly signatures: readonly string[]
  readonly description?: string
  readonly examples: readonly Example[]
}

/** Prints what is known of a function, or the list of all functions. */
export async function describeFunctions(
  name: string | undefined,
  { format }: FunctionsOptions,
  { terminal }: Environment,
): Promise<ExitCode> {
  const entries = functionEntries()
  if (name === undefined) {
    await terminal.out.write(format === 'json' ? listJson(entries) : listText(entries))
    return EXIT.ok
  }
  const found = entries.filter(each => each.name === name || each.aliases?.includes(name) === true)
  if (found.length === 0) {
    const names = entries.flatMap(each => [each.name, ...(each.aliases ?? [])])
    const hint = didYouMean(name, names)
    throw new UsageError(`KQL has no function ${name}.${hint === undefined ? '' : ` ${hint}`}`)
  }
  const text =
    format === 'json' ? `${plainJson(found, 2)}\n` : `${found.map(entryText).join('\n\n')}\n`
  await terminal.out.write(text)
  return EXIT.ok
}

function functionEntries(): FunctionEntry[] {
  const declared = everyFunction()
    .filter(item => /^\w+$/.test(item.name) && !isOperator(item.name))
    .map(
      (item): FunctionEntry => ({
        name: item.name,
        ...(item.aliases === undefined ? {} : { aliases: item.aliases }),
        kind: item.kind,
        signatures: signatureLines(item.overloads, params => `${item.name}(${params.join(', ')})`),
        description: item.doc,
        examples: item.examples,
      }),
    )
  const forms = BOUND_FORMS.map(
    ({ form, doc, example }): FunctionEntry => ({
      name: form.slice(0, form.indexOf('(')),
      kind: 'form',
      signatures: [form],
      description: doc,
      examples: [example],
    }),
  )
  const missing = unsupportedFunctions().map(
    (name): FunctionEntry => ({ name, kind: 'not supported', signatures: [], examples: [] }),
  )
  return [...declared, ...forms, ...missing].sort(byName)
}

/** Operators that are words are declared like functions, and written between their operands. */
const WORDS =
  /^(and|or|has|in|contains|startswith|endswith|hasprefix|hassuffix|between)(_cs|_any|_all)?$/

function isOperator(name: string): boolean {
  return WORDS.test(name)
}

function byName(a: FunctionEntry, b: FunctionEntry): number {
  return a.name < b.name ? -1 : Number(a.name > b.name)
}

function listText(entries: readonly FunctionEntry[]): string {
  const width = Math.max(...entries.map(({ name }) => name.length))
  const missing = entries.filter(({ kind }) => kind === 'not supported').length
  const lines = entries.map(({ name, kind }) => `${name.padEnd(width)}  ${kind}`)
  const count = `${entries.length - missing} functions are supported, ${missing} are not.`
  return [...lines, count, ''].join('\n')
}

function listJson(entries: readonly FunctionEntry[]): string {
  const list = entries.map(({ name, kind }) => ({
    name,
    kind,
    supported: kind !== 'not supported',
  }))
  return `${JSON.stringify(list, undefined, 2)}\n`
}

function entryText({
  name,
  aliases,
  kind,
  signatures,
  description,
  examples,
}: FunctionEntry): string {
  if (kind === 'not supported') return `${name} is a function of KQL that kqlab does not support.`
  const what = kind === 'form' ? 'a form that the binder knows' : `${article(kind)} function`
  const also = aliases === undefined ? '' : `, also called ${aliases.join(', ')}`
  return [
    `${name}: ${what}${also}`,
    indented([description ?? '']),
    indented(signatures),
    ...examples.map(({ query, rows }) =>
      [
        indented([query], 4),
        indented(
          rows.map(row => plainJson(row)),
          8,
        ),
      ].join('\n'),
    ),
  ].join('\n\n')
}

function article(kind: string): string {
  return `${kind === 'aggregate' ? 'an' : 'a'} ${kind}`
}

function indented(texts: readonly string[], by = 2): string {
  const lines = texts.flatMap(text => text.split('\n'))
  return lines.map(line => `${' '.repeat(by)}${line}`).join('\n')
}
