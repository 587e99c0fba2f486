import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import type { Diagnostic } from '../text/diagnostic.ts'
import { DiagnosticBag } from '../text/diagnostic.ts'
import type { Span } from '../text/span.ts'
import { parseDuration } from './duration.ts'
import {
  RULE_KINDS,
  RULE_SEVERITIES,
  type Rule,
  type RuleKind,
  type RuleQuery,
  type RuleSeverity,
  type TriggerOperator,
} from './rule.ts'
import { isResourceList, ruleResources } from './rule-resources.ts'
import { pairOf, scalarPlaces, sentence } from './yaml-places.ts'

/** What was found in a rule file. */
export interface LoadedRule {
  /** undefined where there are errors, or where the file holds something else. */
  readonly rule: Rule | undefined
  /** Their spans are places in the file. */
  readonly diagnostics: readonly Diagnostic[]
  /** Whether the file is meant to be a rule: it has a query and an id or a name, or a rule's kind. */
  readonly isRule: boolean
}

/**
 * The rule in the text of a file: YAML, as Microsoft Sentinel's repositories have them (scheduled, near
 * real time, and hunting queries), or a template of one rule. Faults are diagnostics, as is that there are
 * several rules; nothing is thrown for them.
 */
export function loadRule(text: string): LoadedRule {
  const [only, ...others] = loadRules(text)
  if (others.length === 0) return only
  const bag = new DiagnosticBag()
  const message = `The file holds ${others.length + 1} rules, where one is wanted.`
  bag.error('KQL401', message, { start: 0, end: 0 }, 'Make a file of the one that is meant.')
  return { rule: undefined, diagnostics: bag.items, isRule: true }
}

/**
 * The rules in the text of a file: one of YAML, or those of a template or a list of Azure Resource
 * Manager, as the portal and the API export them.
 */
export function loadRules(text: string): [LoadedRule, ...LoadedRule[]] {
  const document = parseDocument(text, { keepSourceTokens: true, prettyErrors: false })
  const bag = new DiagnosticBag()
  for (const { pos, message } of document.errors) {
    const end = Math.max(pos[0], Math.min(pos[1], text.length))
    bag.error('KQL400', sentence(message), { start: pos[0], end })
  }
  if (document.errors.length > 0) {
    return [{ rule: undefined, diagnostics: bag.items, isRule: /^query\s*:/m.test(text) }]
  }
  const [first, ...rest] = ruleResources(document.contents).map(resource =>
    new RuleReader(text, document, new DiagnosticBag(), resource).read(),
  )
  if (first !== undefined) return [first, ...rest]
  if (isResourceList(document.contents)) {
    bag.error('KQL401', 'It holds no scheduled or NRT rule.', { start: 0, end: 0 })
    return [{ rule: undefined, diagnostics: bag.items, isRule: false }]
  }
  return [new RuleReader(text, document, bag, document.contents).read()]
}

const TRIGGER_OPERATORS: ReadonlyMap<string, TriggerOperator> = new Map([
  ['gt', 'gt'],
  ['greaterthan', 'gt'],
  ['lt', 'lt'],
  ['lessthan', 'lt'],
  ['eq', 'eq'],
  ['equal', 'eq'],
  ['ne', 'ne'],
  ['notequal', 'ne'],
])

class RuleReader {
  readonly #text: string
  readonly #document: Document.Parsed
  readonly #bag: DiagnosticBag
  /** The node whose members are the fields of the rule. */
  readonly #root: unknown

  constructor(text: string, document: Document.Parsed, bag: DiagnosticBag, root: unknown) {
    this.#text = text
    this.#document = document
    this.#bag = bag
    this.#root = root
  }

  read(): LoadedRule {
    const root = this.#root
    if (!isMap(root)) {
      this.#bag.error('KQL401', 'The file is not a rule: it has no fields.', { start: 0, end: 0 })
      return { rule: undefined, diagnostics: this.#bag.items, isRule: false }
    }
    const fields = this.#fields()
    const map = root as YAMLMap
    const named = map.has('id') || map.has('name')
    const kind = this.#oneOf(map, 'kind', RULE_KINDS)
    const isRule = (map.has('query') && named) || (kind !== undefined && kind !== 'Hunting')
    const query = this.#query(map)
    const name = this.#string(map, 'name') ?? this.#string(map, 'id')
    if (query !== undefined && name === undefined) {
      this.#bag.error('KQL401', 'The rule has neither an id nor a name.', { start: 0, end: 0 })
    }
    const rule =
      fields === undefined || query === undefined || name === undefined
        ? undefined
        : this.#rule(map, fields, query, name, kind ?? 'Hunting')
    return { rule, diagnostics: this.#bag.items, isRule }
  }

  #rule(
    map: YAMLMap,
    fields: Record<string, unknown>,
    query: RuleQuery,
    name: string,
    kind: RuleKind,
  ): Rule {
    const optional = {
      id: this.#string(map, 'id'),
      severity: this.#oneOf<RuleSeverity>(map, 'severity', RULE_SEVERITIES),
      description: this.#string(map, 'description'),
      version: this.#string(map, 'version'),
      queryFrequency: this.#duration(map, 'queryFrequency'),
      queryPeriod: this.#duration(map, 'queryPeriod'),
      triggerOperator: this.#triggerOperator(map),
      triggerThreshold: this.#threshold(map),
    }
    return {
      ...defined(optional),
      name,
      kind,
      query,
      tactics: this.#strings(map, 'tactics'),
      relevantTechniques: this.#strings(map, 'relevantTechniques'),
      fields,
      place: (path, part = 'value') => this.#place(path, part),
    }
  }

  #place(path: readonly (string | number)[], part: 'key' | 'value'): Span {
    let node: unknown = this.#root
    let range = isNode(node) ? node.range : undefined
    for (const [index, step] of path.entries()) {
      node = this.#resolved(node)
      if (isMap(node) && typeof step === 'string') {
        const pair = pairOf(node, step)
        if (pair === undefined) break
        node = pair.value
        const shown = (part === 'key' && index === path.length - 1) || !isNode(node)
        if (isScalar(pair.key) && (shown || index === 0)) range = pair.key.range
        if (!shown && isNode(node)) range = node.range
      } else if (isSeq(node) && typeof step === 'number') {
        node = node.items[step]
        if (!isNode(node)) break
        range = node.range
      } else break
    }
    return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 }
  }

  #fields(): Record<string, unknown> | undefined {
    try {
      return (this.#root as Node).toJS(this.#document) as Record<string, unknown>
    } catch (error) {
      // An alias that stands for too much, or for nothing.
      if (!(error instanceof ReferenceError)) throw error
      this.#bag.error('KQL400', sentence(error.message), { start: 0, end: 0 })
      return undefined
    }
  }

  #query(map: YAMLMap): RuleQuery | undefined {
    const pair = pairOf(map, 'query')
    if (pair === undefined) {
      const span = { start: 0, end: 0 }
      this.#bag.error('KQL401', 'The rule has no query.', span, 'Its KQL is the field `query`.')
      return undefined
    }
    const node = this.#resolved(pair.value)
    if (!isScalar(node) || typeof node.value !== 'string') {
      this.#bag.error('KQL402', 'The query of a rule is a text.', this.#spanOf(pair, node))
      return undefined
    }
    const text = node.value
    if (text.trim() === '') {
      this.#bag.error('KQL401', 'The query of the rule is empty.', this.#spanOf(pair, node))
      return undefined
    }
    return { text, toFile: scalarPlaces(this.#text, node as Scalar<string>) }
  }

  #resolved(node: unknown): Node | undefined {
    const target = isAlias(node) ? node.resolve(this.#document) : node
    return target === null ? undefined : (target as Node | undefined)
  }

  #scalar(map: YAMLMap, name: string): unknown {
    const node = this.#resolved(pairOf(map, name)?.value)
    // No field takes these words: what is refused is told with them.
    return isScalar(node) ? node.value : node && (isSeq(node) ? 'a list' : 'a map')
  }

  #string(map: YAMLMap, name: string): string | undefined {
    const pair = pairOf(map, name)
    const node = this.#resolved(pair?.value)
    if (pair === undefined || node === undefined) return undefined
    if (isScalar(node)) {
      if (typeof node.value === 'string') return node.value
      if (node.value === null) return undefined
      // `version: 1.0` is a number to YAML; the file's text is what was meant.
      return node.source ?? String(node.value)
    }
    this.#refuse(pair, node, `The field \`${name}\` is a text.`)
    return undefined
  }

  #strings(map: YAMLMap, name: string): readonly string[] {
    const pair = pairOf(map, name)
    const node = this.#resolved(pair?.value)
    if (pair === undefined || node === undefined) return []
    const value: unknown = node.toJS(this.#document)
    if (value === null || value === undefined) return []
    if (typeof value === 'string') return [value]
    if (Array.isArray(value)) return value.filter(item => item !== null).map(String)
    this.#refuse(pair, node, `The field \`${name}\` is a list.`)
    return []
  }

  #oneOf<T extends string>(map: YAMLMap, name: string, values: readonly T[]): T | undefined {
    const pair = pairOf(map, name)
    const value = this.#scalar(map, name)
    if (pair === undefined || value === null || value === undefined) return undefined
    const found = values.find(item => item.toLowerCase() === String(value).toLowerCase())
    if (found !== undefined) return found
    const list = values.join(', ')
    this.#refuse(
      pair,
      this.#resolved(pair.value),
      `The field \`${name}\` is one of ${list}, not ${String(value)}.`,
    )
    return undefined
  }

  #duration(map: YAMLMap, name: string): bigint | undefined {
    const pair = pairOf(map, name)
    const value = this.#scalar(map, name)
    if (pair === undefined || value === null || value === undefined) return undefined
    const ticks = parseDuration(String(value))
    // Runs with nothing between them, or backwards, would never end.
    if (ticks !== undefined && ticks > 0n) return ticks
    this.#refuse(
      pair,
      this.#resolved(pair.value),
      `The field \`${name}\` is a duration such as 1h, 14d or PT5M, not ${String(value)}.`,
    )
    return undefined
  }

  #triggerOperator(map: YAMLMap): TriggerOperator | undefined {
    const pair = pairOf(map, 'triggerOperator')
    const value = this.#scalar(map, 'triggerOperator')
    if (pair === undefined || value === null || value === undefined) return undefined
    const operator = TRIGGER_OPERATORS.get(String(value).toLowerCase())
    if (operator !== undefined) return operator
    this.#refuse(
      pair,
      this.#resolved(pair.value),
      `The field \`triggerOperator\` is one of gt, lt, eq, ne, not ${String(value)}.`,
    )
    return undefined
  }

  #threshold(map: YAMLMap): number | undefined {
    const pair = pairOf(map, 'triggerThreshold')
    const value = this.#scalar(map, 'triggerThreshold')
    if (pair === undefined || value === null || value === undefined) return undefined
    const number = /^\s*\d+\s*$/.test(String(value)) ? Number(value) : Number.NaN
    if (Number.isSafeInteger(number)) return number
    this.#refuse(
      pair,
      this.#resolved(pair.value),
      `The field \`triggerThreshold\` is a whole number, not ${String(value)}.`,
    )
    return undefined
  }

  /** A warning: the query can be run all the same. */
  #refuse(pair: Pair, node: Node | undefined, message: string): void {
    this.#bag.warning('KQL402', message, this.#spanOf(pair, node))
  }

  #spanOf({ key }: Pair, node: Node | undefined): Span {
    const range = node?.range ?? (isScalar(key) ? key.range : undefined)
    return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 }
  }
}

/** The entries that have a value. */
function defined<T extends object>(entries: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
