import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml'
import { refuse, type ShapeReading, spanOf } from '../rules/shape.ts'
import { type Dynamic, dynamicLong, dynamicReal } from '../types/dynamic.ts'
import { MAX_DYNAMIC_DEPTH } from '../types/dynamic-json.ts'
import { INT64_MAX, INT64_MIN } from '../types/number.ts'
import type { Value } from './model.ts'

/** Aliases stand for their nodes over and over: a small file could mean a value without end. */
const MOST_NODES = 100_000

/**
 * The value of a node as a dynamic: whole numbers are longs, others (`1.0` too) reals. undefined after a
 * fault, which is reported.
 */
export function dynamicOfNode(node: Node, reading: ShapeReading): Dynamic | undefined {
  const reader = new DynamicReader(reading)
  return reader.read(node, 0)
}

class DynamicReader {
  readonly #reading: ShapeReading
  #nodes = 0

  constructor(reading: ShapeReading) {
    this.#reading = reading
  }

  read(node: Node, depth: number): Dynamic | undefined {
    if (depth > MAX_DYNAMIC_DEPTH || ++this.#nodes > MOST_NODES) {
      return refuse(node, 'a value of less depth and size', this.#reading)
    }
    if (isAlias(node)) {
      const target = node.resolve(this.#reading.document)
      return target === undefined
        ? refuse(node, 'an alias of something above', this.#reading)
        : this.read(target, depth + 1)
    }
    if (isMap(node)) return this.#bag(node.items, depth)
    if (isSeq(node)) {
      const items: Dynamic[] = []
      for (const item of node.items) {
        const value = this.read(item as Node, depth + 1)
        if (value === undefined) return undefined
        items.push(value)
      }
      return items
    }
    if (isScalar(node)) return this.#scalar(node)
    return refuse(node, 'a value', this.#reading)
  }

  #bag(
    items: readonly { readonly key: unknown; readonly value: unknown }[],
    depth: number,
  ): Dynamic | undefined {
    const bag = new Map<string, Dynamic>()
    for (const { key, value } of items) {
      if (!isScalar(key)) return refuse(key as Node, 'a name', this.#reading)
      if (key.value === '<<' && key.type === 'PLAIN' && isMerge(value)) {
        // Other versions of YAML would take the members of another map here, this one a member `<<`.
        return refuse(key as Node, 'a name in quotes, as maps are not merged', this.#reading)
      }
      const read = value === null ? null : this.read(value as Node, depth + 1)
      if (read === undefined) return undefined
      bag.set(typeof key.value === 'string' ? key.value : (key.source ?? String(key.value)), read)
    }
    return bag
  }

  #scalar(node: Node & { readonly value: unknown; readonly source?: string }): Dynamic | undefined {
    const { value } = node
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value
      case 'bigint':
        if (value > INT64_MAX || value < INT64_MIN) {
          return refuse(node, 'a whole number that fits 64 bits', this.#reading)
        }
        return dynamicLong(value)
      case 'number':
        return dynamicReal(value)
      default:
        return value === null ? null : refuse(node, 'a value', this.#reading)
    }
  }
}

/** Whether a member named `<<` is meant to stand for the members of other maps. */
function isMerge(value: unknown): boolean {
  return isAlias(value) || (isSeq(value) && value.items.some(isAlias))
}

/** The value with its place. */
export function valueOfNode(node: Node, reading: ShapeReading): Value | undefined {
  const value = dynamicOfNode(node, reading)
  if (value === undefined) return undefined
  const written = isScalar(node) && typeof value !== 'string' ? node.source : undefined
  return { value, span: spanOf(node), ...(written === undefined ? {} : { written }) }
}
