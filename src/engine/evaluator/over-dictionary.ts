import { ColumnBatch, copyInto, gather } from '../../tables/batch.ts'
import { cellBytes } from '../../tables/batch-size.ts'
import { grown, TextDictionary } from '../../tables/text-builder.ts'
import type { Vector } from '../../tables/vector.ts'
import {
  type BoolVector,
  DynamicVector,
  identityRows,
  TextVector,
  trueRows,
  valueAt,
} from '../../tables/vector.ts'
import { allocate, store } from '../../tables/vector-builder.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import type { Schema } from '../../types/schema.ts'
import type { Evaluator, Filter } from './contract.ts'

/** The place of null among the results; that of an entry of the dictionary is its code + 1. */
const NULL_PLACE = 0

/** What is known of rows that have a value. */
const UNKNOWN = 0
const KEPT = 1
const DROPPED = 2

/**
 * Characters of texts, and bytes of dynamics, above which results are not kept: an expression may give
 * far more than it reads.
 */
const MOST_CHARACTERS = 1 << 25
const MOST_DYNAMIC_BYTES = 1 << 27

/** Where the places of a batch are: nobody keeps them. */
let scratch = new Uint32Array(0)

type Texts = TextVector<'string' | 'guid'>

/**
 * Evaluates an expression that reads one column, once a distinct value where the column has a
 * dictionary: batches that share the dictionary share the results.
 */
export class OverDictionary implements Evaluator {
  readonly type: ScalarType
  readonly constant = undefined
  readonly #of: Evaluator
  readonly #index: number
  readonly #schema: Schema
  #dict: readonly string[] | undefined
  /** The dictionary whose results are too large to be kept. */
  #large: readonly string[] | undefined
  /** By place: 1 where there is a result. */
  #done = new Uint8Array(0)
  /** By place, for {@link select}: whether rows are kept. */
  #verdicts = new Uint8Array(0)
  #results: Results

  /** `of`: the expression over batches of just `column`, which is at `index` in those given. */
  constructor(of: Evaluator, column: Schema[number], index: number) {
    this.type = of.type
    this.#of = of
    this.#index = index
    this.#schema = [column]
    this.#results = resultsOf(of.type)
  }

  evaluate(batch: ColumnBatch, selection: Uint32Array): Vector {
    const vector = batch.columns[this.#index] as Vector
    const texts = dictionaryOf(vector)
    if (texts === undefined || texts.dict === this.#large) {
      return this.#evaluateEach(vector, selection)
    }
    const places = this.#places(vector, texts, selection)
    const values = this.#results.at(places)
    if (this.#results.isTooLarge) {
      this.#large = texts.dict
      this.#dict = undefined
      this.#results = resultsOf(this.type)
    }
    return values
  }

  /** The rows of `selection` for which the expression, a bool, is true. */
  readonly select: Filter = (batch, selection) => {
    const vector = batch.columns[this.#index] as Vector
    const texts = dictionaryOf(vector)
    if (texts === undefined)
      return trueRows(this.#evaluateEach(vector, selection) as BoolVector, selection)
    this.#prepare(texts.dict)
    const missing: number[] = []
    const kept = this.#kept(vector, texts, selection, missing)
    if (missing.length === 0) return kept
    this.#judge(vector.type, texts.dict, missing)
    return this.#kept(vector, texts, selection, missing)
  }

  /** The rows that are kept. Puts the places of which that is not known into `missing`, each once. */
  #kept(
    { nulls }: Vector,
    { codes }: Texts,
    selection: Uint32Array,
    missing: number[],
  ): Uint32Array {
    const verdicts = this.#verdicts
    const kept = new Uint32Array(selection.length)
    let count = 0
    for (let k = 0; k < selection.length; k++) {
      const row = selection[k]!
      const place = nulls !== undefined && nulls[row] === 1 ? NULL_PLACE : codes[row]! + 1
      const verdict = verdicts[place]!
      if (verdict === KEPT) kept[count++] = row
      else if (verdict === UNKNOWN) {
        verdicts[place] = DROPPED
        missing.push(place)
      }
    }
    return kept.subarray(0, count)
  }

  /** Finds out whether rows with the values at the places are kept. */
  #judge(type: ScalarType, dict: readonly string[], places: readonly number[]): void {
    const unknown = places.filter(place => this.#done[place] === 0)
    if (unknown.length > 0) this.#compute(type, dict, unknown)
    const { values, nulls } = this.#results.vector as Extract<Vector, { type: 'bool' }>
    for (const place of places) {
      this.#done[place] = 1
      const isKept = values[place] === 1 && (nulls === undefined || nulls[place] === 0)
      this.#verdicts[place] = isKept ? KEPT : DROPPED
    }
  }

  #evaluateEach(vector: Vector, selection: Uint32Array): Vector {
    return this.#of.evaluate(new ColumnBatch(this.#schema, [vector], vector.length), selection)
  }

  /** Has room for results of all entries of the dictionary. */
  #prepare(dict: readonly string[]): void {
    if (dict !== this.#dict) {
      this.#dict = dict
      this.#done = new Uint8Array(dict.length + 1)
      this.#verdicts = new Uint8Array(dict.length + 1)
      this.#results = resultsOf(this.type)
      return
    }
    while (this.#done.length <= dict.length) {
      this.#done = grown(this.#done)
      this.#verdicts = grown(this.#verdicts)
    }
  }

  /** The place of each selected row's result, by row, until the next call; results that are missing are computed. */
  #places(vector: Vector, { codes, dict }: Texts, selection: Uint32Array): Uint32Array {
    this.#prepare(dict)
    const done = this.#done
    const { nulls } = vector
    if (scratch.length < vector.length) scratch = new Uint32Array(vector.length)
    const places = scratch.subarray(0, vector.length)
    if (selection.length < vector.length) places.fill(NULL_PLACE)
    const missing: number[] = []
    for (let k = 0; k < selection.length; k++) {
      const row = selection[k]!
      const place = nulls !== undefined && nulls[row] === 1 ? NULL_PLACE : codes[row]! + 1
      places[row] = place
      if (done[place] === 1) continue
      done[place] = 1
      missing.push(place)
    }
    if (missing.length > 0) this.#compute(vector.type, dict, missing)
    return places
  }

  #compute(type: ScalarType, dict: readonly string[], places: readonly number[]): void {
    const values = places.map(place => (place === NULL_PLACE ? '' : dict[place - 1]!))
    const isNull = places.indexOf(NULL_PLACE)
    const entries: Vector =
      type === 'dynamic'
        ? new DynamicVector(values)
        : (TextVector.plain(type as 'string', values) as Vector)
    if (isNull >= 0) entries.setNull(isNull)
    this.#results.put(places, this.#evaluateEach(entries, identityRows(places.length)))
  }
}

/** The rows of a vector by a dictionary, where it has one. */
function dictionaryOf(vector: Vector): Texts | undefined {
  switch (vector.type) {
    case 'string':
    case 'guid':
      return vector.dictionary ? (vector as Texts) : undefined
    case 'dynamic':
      return vector.texts?.dictionary === true ? (vector.texts as Texts) : undefined
    default:
      return undefined
  }
}

/** What was computed, by place. */
interface Results {
  /** Puts the values, in order, at the places. */
  put(places: readonly number[], values: Vector): void
  /** The values at the places. */
  at(places: Uint32Array): Vector
  /** All of them, by place; undefined for texts. */
  readonly vector: Vector | undefined
  /** Whether they take too much memory to be kept. */
  readonly isTooLarge: boolean
}

function resultsOf(type: ScalarType): Results {
  return type === 'string' ? new TextResults() : new ValueResults(type)
}

/** Texts: what goes on with them has them by a dictionary again. */
class TextResults implements Results {
  readonly vector = undefined
  readonly #texts = new TextDictionary()
  /** By place. */
  #codes = new Uint32Array(64)

  constructor() {
    // What rows have that were not selected.
    this.#texts.codeOf('')
  }

  get isTooLarge(): boolean {
    return this.#texts.characters > MOST_CHARACTERS
  }

  put(places: readonly number[], values: Vector): void {
    for (let k = 0; k < places.length; k++) {
      const place = places[k]!
      if (place >= this.#codes.length) {
        const longer = new Uint32Array(Math.max(place + 1, this.#codes.length * 2))
        longer.set(this.#codes)
        this.#codes = longer
      }
      this.#codes[place] = this.#texts.codeOf((values as TextVector<'string'>).at(k))
    }
  }

  at(places: Uint32Array): Vector {
    const own = this.#codes
    const codes = new Uint32Array(places.length)
    for (let row = 0; row < places.length; row++) codes[row] = own[places[row]!]!
    return new TextVector('string', codes, this.#texts.dict, true)
  }
}

class ValueResults implements Results {
  readonly #type: ScalarType
  #values: Vector
  #dynamicBytes = 0

  constructor(type: ScalarType) {
    this.#type = type
    this.#values = allocate(type, 64)
  }

  put(places: readonly number[], values: Vector): void {
    for (let k = 0; k < places.length; k++) {
      const place = places[k]!
      if (place >= this.#values.length) {
        const longer: Vector = allocate(this.#type, Math.max(place + 1, this.#values.length * 2))
        copyInto(longer, 0, this.#values, identityRows(this.#values.length))
        this.#values = longer
      }
      if (values.isNull(k)) this.#values.setNull(place)
      else if (values.type === 'dynamic') {
        // Text that nobody has asked for stays text.
        const cell = values.cellAt(k)
        ;(this.#values as DynamicVector).values[place] = cell
        this.#dynamicBytes += cellBytes(cell)
      } else store(this.#values, place, valueAt(values, k))
    }
  }

  at(places: Uint32Array): Vector {
    return gather(this.#values, places)
  }

  get vector(): Vector {
    return this.#values
  }

  get isTooLarge(): boolean {
    return this.#dynamicBytes > MOST_DYNAMIC_BYTES
  }
}
