import { isMap, isScalar, isSeq, type Node, parseDocument, type Scalar, type YAMLMap } from 'yaml'
import type { FunctionPart, FunctionParts } from '../engine/saved-functions.ts'
import { quoteString } from '../lexer/string-literal.ts'
import { type Diagnostic, DiagnosticBag } from '../text/diagnostic.ts'
import type { SourceText } from '../text/source-text.ts'
import type { Span } from '../text/span.ts'
import { functionResources } from './rule-resources.ts'
import { pairOf, scalarPlaces, sentence } from './yaml-places.ts'

/** What was found of a function, or that a file has none. */
export interface LoadedFunction {
  /** undefined where there are errors, or where the file holds something else. */
  readonly parts: FunctionParts | undefined
  /** All names that it has: its own, and those of its aliases. */
  readonly names: readonly string[]
  /** Their spans are places in the file. None where it is not meant to be a function. */
  readonly diagnostics: readonly Diagnostic[]
  /** Whether the file is meant to be a function: it has the query of one. */
  readonly isFunction: boolean
}

/** The fields that the two kinds of parser files have for the same thing. */
const QUERY = ['FunctionQuery', 'ParserQuery']
const NAMES = ['FunctionName', 'FunctionAlias', 'ParserName', 'EquivalentBuiltInParser'] as const
const PARAMETERS = ['FunctionParams', 'FunctionParameters', 'ParserParams']

/**
 * The functions in the text of a file: a YAML file of one, as Microsoft Sentinel's repositories have them,
 * parsers of solutions (`FunctionName`, `FunctionAlias`, `FunctionQuery`) and of ASIM (`ParserName`,
 * `ParserParams`, `ParserQuery`), or a template or list of Azure Resource Manager with saved searches that
 * have an alias. Faults are diagnostics; nothing is thrown for them.
 */
export function loadFunctions(source: SourceText): [LoadedFunction, ...LoadedFunction[]] {
  const document = parseDocument(source.text, { keepSourceTokens: true, prettyErrors: false })
  const bag = new DiagnosticBag()
  for (const { pos, message } of document.errors) {
    const end = Math.max(pos[0], Math.min(pos[1], source.text.length))
    bag.error('KQL121', sentence(message), { start: pos[0], end })
  }
  const root = document.contents
  if (document.errors.length > 0) {
    const isFunction = /^(FunctionQuery|ParserQuery)\s*:|"functionAlias"\s*:/im.test(source.text)
    // What is wrong with another kind of file, such as JSON lines, is that it holds no function.
    const diagnostics = isFunction ? bag.items : []
    return [{ parts: undefined, names: [], diagnostics, isFunction }]
  }
  const isOne = isMap(root) && QUERY.some(field => root.has(field))
  const maps = isOne ? [root as YAMLMap] : functionResources(root)
  const [first, ...rest] = maps.map(map => ({
    ...new FunctionReader(source, map, new DiagnosticBag()).read(),
    isFunction: true,
  }))
  if (first !== undefined) return [first, ...rest]
  return [{ parts: undefined, names: [], diagnostics: [], isFunction: false }]
}

class FunctionReader {
  readonly #source: SourceText
  readonly #map: YAMLMap
  readonly #bag: DiagnosticBag

  constructor(source: SourceText, map: YAMLMap, bag: DiagnosticBag) {
    this.#source = source
    this.#map = map
    this.#bag = bag
  }

  read(): Omit<LoadedFunction, 'isFunction'> {
    const found = NAMES.map(field => this.#text(field)?.value.trim())
    const names = [...new Set(found.filter(name => name !== undefined && name !== ''))] as string[]
    const [name] = names
    if (name?.startsWith('[')) {
      this.#fail('The name of the function is an expression of the template.', this.#text(NAMES[1]))
    }
    const query = QUERY.map(field => this.#text(field)).find(node => node !== undefined)
    if (name === undefined) this.#fail('The function has no name.', undefined)
    if (query === undefined) this.#fail('The query of a function is a text.', undefined)
    const parameters = this.#parameters()
    const diagnostics = this.#bag.items
    if (name === undefined || query === undefined || diagnostics.length > 0) {
      return { parts: undefined, names, diagnostics }
    }
    const body = { text: query.value, toSource: scalarPlaces(this.#source.text, query) }
    const parts = { name, source: this.#source, body, ...(parameters && { parameters }) }
    return { parts, names, diagnostics }
  }

  #text(field: string): Scalar<string> | undefined {
    const node: unknown = pairOf(this.#map, field)?.value
    return isScalar(node) && typeof node.value === 'string' ? (node as Scalar<string>) : undefined
  }

  #parameters(): FunctionPart | undefined {
    const node = PARAMETERS.map(field => pairOf(this.#map, field)?.value as Node | null).find(
      value => value !== undefined && value !== null,
    )
    if (node === undefined || node === null) return undefined
    const place = spanOf(node)
    if (isScalar(node)) {
      if (node.value === null || node.value === '') return undefined
      if (typeof node.value === 'string') {
        const text = node.value
        return { text, toSource: scalarPlaces(this.#source.text, node as Scalar<string>) }
      }
    }
    if (!isSeq(node)) return this.#fail('The parameters of a function are a list.', node)
    const texts = node.items.map(item => this.#parameter(item as Node))
    return { text: texts.filter(text => text !== undefined).join(', '), toSource: () => place }
  }

  #parameter(item: Node): string | undefined {
    const field = (name: string): Scalar | undefined => {
      const value: unknown = isMap(item) ? pairOf(item as YAMLMap, name)?.value : undefined
      return isScalar(value) ? value : undefined
    }
    const name = field('Name')?.value
    const type = field('Type')?.value
    if (typeof name !== 'string' || typeof type !== 'string') {
      return this.#fail('A parameter of a function has a Name and a Type.', item)
    }
    const schema = /^(?:table|tabular)\s*(?::\s*(\(.*\)))?$/i.exec(type.trim())
    if (schema !== null) return `${name}:${schema[1] ?? '(*)'}`
    const fallback = field('Default')
    if (fallback === undefined || fallback.value === null) return `${name}:${type}`
    return `${name}:${type}=${defaultText(type, fallback)}`
  }

  #fail(message: string, node: Node | undefined): undefined {
    this.#bag.error('KQL121', message, node === undefined ? { start: 0, end: 0 } : spanOf(node))
    return undefined
  }
}

/** The default value as KQL: the text of a string stands in the file without quotes of KQL. */
function defaultText(type: string, { value, source }: Scalar): string {
  const text = typeof value === 'string' ? value : (source ?? String(value))
  return type === 'string' && !/^@?(["']).*\1$/s.test(text) ? quoteString(text) : text
}

function spanOf(node: Node): Span {
  return { start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 }
}
