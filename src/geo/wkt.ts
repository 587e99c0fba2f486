import type { Dynamic } from '../types/dynamic.ts'
import { collectionShape } from './geojson.ts'

/** Deeper collections are taken as no shape: none that is in use nests at all. */
const DEEPEST = 100

const SHAPES: ReadonlyMap<string, { readonly type: string; readonly depth: number }> = new Map([
  ['POINT', { type: 'Point', depth: 0 }],
  ['LINESTRING', { type: 'LineString', depth: 1 }],
  ['POLYGON', { type: 'Polygon', depth: 2 }],
  ['MULTIPOINT', { type: 'MultiPoint', depth: 1 }],
  ['MULTILINESTRING', { type: 'MultiLineString', depth: 2 }],
  ['MULTIPOLYGON', { type: 'MultiPolygon', depth: 3 }],
])

class NoShape extends Error {}

/**
 * The shape of GeoJSON that well-known text stands for; null for other text, for EMPTY shapes, and for
 * coordinates with more than two numbers.
 * @see https://learn.microsoft.com/kusto/query/geo-from-wkt-function
 */
export function shapeFromText(text: string): Dynamic {
  const tokens = text.match(/[(),]|[^\s(),]+/g) ?? []
  const reader = new Reader(tokens)
  try {
    const shape = reader.shape(0)
    return reader.isAtEnd ? shape : null
  } catch (error) {
    if (error instanceof NoShape) return null
    throw error
  }
}

class Reader {
  readonly #tokens: readonly string[]
  #position = 0

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  get isAtEnd(): boolean {
    return this.#position === this.#tokens.length
  }

  shape(level: number): Dynamic {
    const word = this.#next().toUpperCase()
    if (word === 'GEOMETRYCOLLECTION') {
      if (level > DEEPEST) throw new NoShape()
      return collectionShape(this.#list(() => this.shape(level + 1)))
    }
    const shape = SHAPES.get(word)
    if (shape === undefined) throw new NoShape()
    const coordinates = shape.depth === 0 ? this.#single() : this.#nested(shape.depth, word)
    return new Map<string, Dynamic>([
      ['type', shape.type],
      ['coordinates', coordinates],
    ])
  }

  #single(): Dynamic {
    const [point, ...others] = this.#list(() => this.#pair())
    if (point === undefined || others.length > 0) throw new NoShape()
    return point
  }

  #nested(depth: number, word: string): Dynamic[] {
    if (depth > 1) return this.#list(() => this.#nested(depth - 1, word))
    // The points of a MULTIPOINT may be in parentheses each.
    return this.#list(() =>
      word === 'MULTIPOINT' && this.#tokens[this.#position] === '(' ? this.#single() : this.#pair(),
    )
  }

  #pair(): Dynamic {
    return [this.#number(), this.#number()]
  }

  #number(): number {
    const token = this.#next()
    if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(token)) throw new NoShape()
    return Number(token) + 0
  }

  /** `( item , item … )` */
  #list(item: () => Dynamic): Dynamic[] {
    const items: Dynamic[] = []
    let separator = this.#next()
    if (separator !== '(') throw new NoShape()
    while (separator !== ')') {
      items.push(item())
      separator = this.#next()
      if (separator !== ',' && separator !== ')') throw new NoShape()
    }
    return items
  }

  #next(): string {
    const token = this.#tokens[this.#position++]
    if (token === undefined) throw new NoShape()
    return token
  }
}
