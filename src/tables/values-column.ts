import type { ScalarType } from '../types/scalar-type.ts'
import type { Coerced } from './coerce.ts'
import { dynamicOfText, valueOfJs } from './coerce.ts'
import { followPath } from './dynamic-path.ts'
import type { JsonTextForm } from './json/record-columns.ts'
import type { PathStep } from './source.ts'
import { TextBuilder } from './text-builder.ts'
import type { ScalarValue, Vector } from './vector.ts'
import { vectorOf } from './vector-builder.ts'

/** Characters of a value that a problem shows. */
const SHOWN = 80

/** Builds the vectors of one requested column from JavaScript values, a row at a time. */
export class ValuesColumn {
  readonly #type: ScalarType
  readonly #path: readonly PathStep[]
  readonly #jsonText: JsonTextForm
  readonly #texts: TextBuilder<'string' | 'guid'> | undefined
  #values: ScalarValue[] = []

  /**
   * @param type the type of the vectors; dynamic where there is a path
   * @param path what of the values is wanted
   */
  constructor(type: ScalarType, path: readonly PathStep[] = [], jsonText: JsonTextForm = 'pretty') {
    this.#type = type
    this.#path = path
    this.#jsonText = jsonText
    if (type === 'string' || type === 'guid') this.#texts = new TextBuilder(type)
  }

  /** Adds a value. Where it does not fit, null was added, and the result says so. */
  add(value: unknown): string | undefined {
    const coerced = this.#coerce(value)
    const added = coerced ?? null
    if (this.#texts === undefined) this.#values.push(added)
    else if (added === null) this.#texts.addNull()
    else this.#texts.add(String(added))
    return coerced === undefined ? `${show(value)} is no ${this.#type}.` : undefined
  }

  /** The vector of what was added since the last call. */
  take(): Vector {
    if (this.#texts !== undefined) return this.#texts.take() as Vector
    const values = this.#values
    this.#values = []
    return vectorOf(this.#type, values)
  }

  #coerce(value: unknown): Coerced {
    const path = this.#path
    if (path.length === 0) return valueOfJs(this.#type, value, this.#jsonText)
    if (typeof value === 'string') return followPath(dynamicOfText(value), path)
    let at: unknown = value
    for (const step of path) at = stepInto(at, step)
    // A string inside of a dynamic is a string, whatever it holds.
    return typeof at === 'string' ? at : valueOfJs('dynamic', at, this.#jsonText)
  }
}

function stepInto(value: unknown, step: PathStep): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  if (typeof step === 'number') return Array.isArray(value) ? value.at(step) : undefined
  if (value instanceof Map) return value.get(step)
  if (Array.isArray(value) || !Object.hasOwn(value, step)) return undefined
  return (value as Readonly<Record<string, unknown>>)[step]
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : describe(value)
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
}

function describe(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    return value instanceof Date ? `The Date ${String(value)}` : 'An object or array'
  }
  return typeof value === 'function' ? 'A function' : String(value)
}
