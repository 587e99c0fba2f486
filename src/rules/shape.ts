import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { didYouMean } from '../engine/binder/suggest.ts'
import type { DiagnosticCode } from '../text/codes.ts'
import type { DiagnosticBag } from '../text/diagnostic.ts'
import type { Span } from '../text/span.ts'
import { LOCAL } from './local.ts'

/** What reading of a YAML file by a shape needs to know. */
export interface ShapeReading {
  readonly document: Document
  readonly bag: DiagnosticBag
  /** The code of what does not fit. */
  readonly code: DiagnosticCode
  /** The path as it is from the working directory. */
  path(text: string): string
}

/**
 * What a value of a YAML file has to be: read from the file, with a diagnostic at the place
 * of what does not fit, and described for the JSON Schema.
 */
export interface Shape<T> {
  readonly schema: Readonly<Record<string, unknown>>
  /** What a message says is expected. */
  readonly what: string
  /** Whether a node of that kind can be meant; a choice takes the first shape that says so. */
  takes(node: Node): boolean
  /** undefined after a fault, which is reported. */
  read(node: Node, reading: ShapeReading): T | undefined
}

/** The value of a shape. */
export type ValueOf<S> = S extends Shape<infer T> ? T : never

/** Where the node stands in the file. */
export function spanOf(node: Node | null | undefined): Span {
  return { start: node?.range?.[0] ?? 0, end: node?.range?.[1] ?? 0 }
}

/** The node that is meant: what an alias stands for. */
export function resolved(node: unknown, { document }: ShapeReading): Node | undefined {
  const target = isAlias(node) ? node.resolve(document) : node
  return (target ?? undefined) as Node | undefined
}

/** Reports that the node is not what is expected. */
export function refuse(node: Node, what: string, { bag, code }: ShapeReading): undefined {
  bag.error(code, `Expected here: ${what}.`, spanOf(node))
  return undefined
}

/** A scalar that `convert` makes a value of; undefined where it does not fit. */
export function scalarShape<T>(
  what: string,
  schema: Readonly<Record<string, unknown>>,
  convert: (value: unknown, source: string, reading: ShapeReading) => T | undefined,
): Shape<T> {
  return {
    schema,
    what,
    takes: node => isScalar(node),
    read(node, reading) {
      const value = isScalar(node)
        ? convert(node.value, node.source ?? String(node.value), reading)
        : undefined
      return value ?? refuse(node, what, reading)
    },
  }
}

/** A text. */
export function text(description: string): Shape<string> {
  return scalarShape('a text', { type: 'string', description }, (value, source) => {
    return value === '' ? undefined : textOf(value, source)
  })
}

/** A text, which may be empty. */
export function anyText(description: string): Shape<string> {
  return scalarShape('a text', { type: 'string', description }, textOf)
}

/** `now: 2026-03-17` and the like are no texts to YAML; the file's text is what was meant. */
function textOf(value: unknown, source: string): string | undefined {
  if (value === null) return undefined
  return typeof value === 'string' ? value : source
}

/** A path, which is relative to the file. */
export function path(description: string): Shape<string> {
  return scalarShape('a path', { type: 'string', description }, (value, _, reading) =>
    typeof value === 'string' && value !== '' ? reading.path(value) : undefined,
  )
}

/** A path, or the word `local`. */
export function pathOrLocal(description: string): Shape<string | typeof LOCAL> {
  const plain = path(description)
  return {
    ...plain,
    read: (node, reading) =>
      isScalar(node) && node.value === 'local' ? LOCAL : plain.read(node, reading),
  }
}

/** A path, or a word that stands as it is. */
export function pathOrWord(word: string, description: string): Shape<string> {
  const plain = path(description)
  return {
    ...plain,
    read: (node, reading) =>
      isScalar(node) && node.value === word ? word : plain.read(node, reading),
  }
}

export function bool(description: string): Shape<boolean> {
  return scalarShape('true or false', { type: 'boolean', description }, value =>
    typeof value === 'boolean' ? value : undefined,
  )
}

export function count(description: string): Shape<number> {
  const schema = { type: 'integer', minimum: 1, description }
  return scalarShape('a whole number above 0', schema, value =>
    Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : undefined,
  )
}

/** One of some words. */
export function oneOf<const T extends string>(words: readonly T[], description: string): Shape<T> {
  const schema = { enum: words, description }
  return scalarShape(`one of ${words.join(', ')}`, schema, value =>
    words.find(word => word === value),
  )
}

/** A text that `parse` understands; its result is only looked at, the text is kept. */
export function parsed(
  what: string,
  description: string,
  parse: (text: string) => unknown,
): Shape<string> {
  return scalarShape(what, { type: 'string', description }, (value, source) => {
    const given = typeof value === 'string' ? value : source
    return parse(given) === undefined || parse(given) === null ? undefined : given
  })
}

/** A whole number, 0 included. */
export function wholeNumber(description: string): Shape<number> {
  const schema = { type: 'integer', minimum: 0, description }
  return scalarShape('a whole number', schema, value => {
    const number = typeof value === 'bigint' ? Number(value) : value
    return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : undefined
  })
}

/** A list. */
export function listOf<T>(item: Shape<T>, what: string, description: string): Shape<readonly T[]> {
  return {
    schema: { type: 'array', description, items: item.schema },
    what,
    takes: node => isSeq(node),
    read(node, reading) {
      if (!isSeq(node)) return refuse(node, what, reading)
      return itemsOf(node, item, reading)
    },
  }
}

function itemsOf<T>(seq: YAMLSeq, item: Shape<T>, reading: ShapeReading): T[] {
  return seq.items.flatMap(each => {
    const target = resolved(each, reading)
    const read = target === undefined ? refuse(seq, item.what, reading) : item.read(target, reading)
    return read === undefined ? [] : [read]
  })
}

/** The value of a shape with its place in the file. */
export interface Located<T> {
  readonly value: T
  readonly span: Span
}

/** The same shape with the place of its value. */
export function located<T>(shape: Shape<T>): Shape<Located<T>> {
  return mapped(shape, (value, node) => ({ value, span: spanOf(node) }))
}

/** The same shape with another value made of it; undefined after a fault, which `map` reports. */
export function mapped<T, U>(
  shape: Shape<T>,
  map: (value: T, node: Node, reading: ShapeReading) => U | undefined,
): Shape<U> {
  return {
    ...shape,
    read(node, reading) {
      const value = shape.read(node, reading)
      return value === undefined ? undefined : map(value, node, reading)
    },
  }
}

/** One item, or a list of them. */
export function oneOrMore<T>(item: Shape<T>, description: string): Shape<readonly T[]> {
  const { description: _, ...schema } = item.schema
  return {
    schema: { description, oneOf: [schema, { type: 'array', items: schema }] },
    what: `${item.what}, or a list`,
    takes: node => isSeq(node) || item.takes(node),
    read(node, reading) {
      if (!isSeq(node)) {
        if (!item.takes(node)) return refuse(node, this.what, reading)
        const only = item.read(node, reading)
        return only === undefined ? undefined : [only]
      }
      return itemsOf(node, item, reading)
    },
  }
}

/** Values by names of the user's own. */
export function mapOf<T>(
  value: Shape<T>,
  what: string,
  description: string,
): Shape<ReadonlyMap<string, T>> {
  return {
    schema: { type: 'object', description, additionalProperties: value.schema },
    what,
    takes: node => isMap(node),
    read(node, reading) {
      if (!isMap(node)) return refuse(node, what, reading)
      const map = new Map<string, T>()
      for (const { key, value: entry } of node.items) {
        const name = isScalar(key) ? String(key.value) : undefined
        const target = resolved(entry, reading)
        if (name === undefined) refuse(node, what, reading)
        else if (target === undefined) refuse(key as Node, value.what, reading)
        else if (isScalar(target) && target.value === null) refuse(key as Node, value.what, reading)
        else {
          const read = value.read(target, reading)
          if (read !== undefined) map.set(name, read)
        }
      }
      return map
    },
  }
}

/** An entry of a map with names of the user's own. */
export interface Entry<T> {
  readonly name: string
  /** Where the name stands. */
  readonly span: Span
  readonly value: T
}

/** Values by names of the user's own, in order, each with the place of its name; null may be one. */
export function entriesOf<T>(
  value: Shape<T>,
  what: string,
  description: string,
): Shape<readonly Entry<T>[]> {
  return {
    schema: { type: 'object', description, additionalProperties: value.schema },
    what,
    takes: node => isMap(node),
    read(node, reading) {
      if (!isMap(node)) return refuse(node, what, reading)
      const entries: Entry<T>[] = []
      for (const { key, value: given } of node.items) {
        const name = nameOf(key)
        const target = resolved(given, reading)
        if (name === undefined) refuse(isNode(key) ? key : node, 'a name', reading)
        else if (target === undefined) refuse(key as Node, value.what, reading)
        else {
          const read = value.read(target, reading)
          if (read !== undefined) entries.push({ name, span: spanOf(key as Node), value: read })
        }
      }
      return entries
    },
  }
}

/** The text of a key: that of the file where YAML reads it as something else. */
export function nameOf(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value))
}

/** The first of the shapes that can be meant. */
export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  return {
    schema: { oneOf: [first.schema, second.schema] },
    what: `${first.what}, or ${second.what}`,
    takes: node => first.takes(node) || second.takes(node),
    read(node, reading) {
      if (first.takes(node)) return first.read(node, reading)
      if (second.takes(node)) return second.read(node, reading)
      return refuse(node, this.what, reading)
    },
  }
}

type Fields = Readonly<Record<string, Shape<unknown>>>

/** What a map of known names holds: each may be missing, unless it is required. */
export type Read<F extends Fields> = { readonly [K in keyof F]?: ValueOf<F[K]> }

/**
 * A map with known names. A name without a value is a fault where it is `needed`, as those are that are
 * required; else it says nothing.
 */
export function record<F extends Fields>(
  fields: F,
  what: string,
  required: readonly (keyof F & string)[] = [],
  needed: readonly (keyof F & string)[] | 'all' = required,
): Shape<Read<F>> {
  const names = Object.keys(fields)
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries(names.map(name => [name, fields[name]!.schema])),
      additionalProperties: false,
      ...(required.length === 0 ? {} : { required }),
    },
    what,
    takes: node => isMap(node),
    read(node, reading) {
      if (!isMap(node)) return refuse(node, what, reading)
      const valued = needed === 'all' ? names : needed
      return readFields(node as YAMLMap, fields, { required, needed: valued }, reading) as Read<F>
    },
  }
}

function readFields(
  map: YAMLMap,
  fields: Fields,
  {
    required,
    needed,
  }: { readonly required: readonly string[]; readonly needed: readonly string[] },
  reading: ShapeReading,
): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : ''
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (field === undefined) {
      const message = `There is no \`${name}\` here.`
      const hint =
        didYouMean(name, Object.keys(fields)) ?? `There are ${Object.keys(fields).join(', ')}.`
      reading.bag.error(reading.code, message, spanOf(key as Node), hint)
      continue
    }
    const node = resolved(value, reading)
    if (node === undefined || (isScalar(node) && node.value === null)) {
      if (!needed.includes(name)) continue
      reading.bag.error(reading.code, `\`${name}\` has no value.`, spanOf(key as Node))
      continue
    }
    const read = field.read(node, reading)
    if (read !== undefined) values[name] = read
  }
  for (const name of required) {
    if (map.has(name)) continue
    reading.bag.error(reading.code, `\`${name}\` is missing.`, spanOf(map as unknown as Node))
  }
  return values
}
