import { ColumnBatch } from '../batch.ts'
import { listsOf, withColumns } from '../listed-elements.ts'
import { isDictionaryWasted, TextDictionary } from '../text-builder.ts'
import { DynamicVector, TextVector, type Vector } from '../vector.ts'

/**
 * Gives the text columns of batches that several readers made one dictionary each, so that what is
 * computed of an entry is computed once, whoever read it.
 */
export class OneDictionary {
  readonly #columns: (ColumnDictionary | undefined)[] = []
  /** By column those of what its lists of elements have. */
  readonly #listed: (OneDictionary | undefined)[] = []

  unify(batch: ColumnBatch): ColumnBatch {
    const columns = batch.columns.map((column, index) => this.#column(column, index))
    return new ColumnBatch(batch.schema, columns, batch.length, batch.selection)
  }

  #column(column: Vector, index: number): Vector {
    if (column.type === 'dynamic') {
      const { texts, nulls } = column
      if (texts === undefined) return this.#lists(column, index)
      return new DynamicVector(this.#unified(texts, index) as TextVector<'string'>, nulls)
    }
    if ((column.type !== 'string' && column.type !== 'guid') || !column.dictionary) return column
    return this.#unified(column as TextVector, index) as Vector
  }

  #lists(vector: DynamicVector, index: number): DynamicVector {
    const lists = listsOf(vector)
    if (lists === undefined) return vector
    const own = this.#listed[index] ?? new OneDictionary()
    this.#listed[index] = own
    const columns = lists.columns.map((column, at) => own.#column(column, at) as DynamicVector)
    return withColumns(vector, lists, columns)
  }

  #unified(texts: TextVector, index: number): TextVector {
    const own = this.#columns[index] ?? new ColumnDictionary()
    this.#columns[index] = own
    return own.unify(texts)
  }
}

class ColumnDictionary {
  #dictionary: TextDictionary | undefined = new TextDictionary()
  /** By the dictionary of a reader, our codes of its entries. */
  readonly #codes = new Map<readonly string[], number[]>()
  #seen = 0

  unify(vector: TextVector): TextVector {
    const dictionary = this.#dictionary
    if (dictionary === undefined) return vector
    const { dict, codes, type, nulls } = vector
    const known = this.#codes.get(dict) ?? []
    this.#codes.set(dict, known)
    for (let code = known.length; code < dict.length; code++)
      known.push(dictionary.codeOf(dict[code]!))
    const own = new Uint32Array(codes.length)
    for (let row = 0; row < codes.length; row++) own[row] = known[codes[row]!]!
    this.#seen += codes.length
    const { dict: entries, characters } = dictionary
    // What was given keeps the dictionary, which grows no more.
    if (isDictionaryWasted(entries.length, this.#seen, characters)) this.#dictionary = undefined
    return new TextVector(type, own, entries, true, nulls)
  }
}
