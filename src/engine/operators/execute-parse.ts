import { ColumnBatch } from '../../tables/batch.ts'
import { TextBuilder, TextDictionary } from '../../tables/text-builder.ts'
import { type ScalarValue, TextVector, type Vector } from '../../tables/vector.ts'
import { allocate, store } from '../../tables/vector-builder.ts'
import { InternalError } from '../../text/internal-error.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import type { ParseMethod, ParsePlan } from '../plan/nodes.ts'
import { parsedColumns } from '../plan/parse-method.ts'
import { keyValues } from './match-key-values.ts'
import { patternRegex, regexPattern, type TextParser, textPattern } from './match-pattern.ts'
import type { Executor } from './run.ts'

function parserOf(method: ParseMethod): TextParser {
  switch (method.kind) {
    case 'key-value':
      return keyValues(method)
    case 'regex': {
      const compiled = patternRegex(method)
      if ('error' in compiled) throw new InternalError('a pattern that was not checked')
      return regexPattern(method, compiled.regex, compiled.groups)
    }
    default:
      return textPattern(method)
  }
}

/** A column of what was parsed. */
interface Parsed {
  readonly type: ScalarType
  /** Its place among what the parser gives. */
  readonly index: number
}

/** What a batch of texts gives. */
interface ParsedBatch {
  readonly vectors: readonly Vector[]
  /** Of the rows, those that match, in order. */
  readonly matched: Uint32Array
}

/** Parses texts into columns: those that come by a dictionary, once each. */
class ParsedTexts {
  readonly #parse: TextParser
  readonly #columns: readonly Parsed[]
  #dict: readonly string[] | undefined
  /** By code: what was parsed of an entry. */
  #entries: (readonly ScalarValue[] | null | undefined)[] = []
  /** Of a column of texts, its own dictionary, and the codes in it by those of the texts. */
  #texts: readonly (ColumnTexts | undefined)[] = []

  /** By column what makes the vectors of texts without a dictionary. */
  readonly #builders: readonly TextBuilder<'string'>[]

  constructor(parse: TextParser, columns: readonly Parsed[]) {
    this.#parse = parse
    this.#columns = columns
    this.#builders = columns.map(() => new TextBuilder('string'))
  }

  of(texts: TextVector, rows: Uint32Array): ParsedBatch {
    return texts.dictionary ? this.#ofDictionary(texts, rows) : this.#ofEach(texts, rows)
  }

  #ofEach(texts: TextVector, rows: Uint32Array): ParsedBatch {
    const matched = new Uint32Array(rows.length)
    let count = 0
    const { codes, dict, length } = texts
    const parsed = new Array<readonly ScalarValue[] | undefined>(length)
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!
      const values = this.#parse(dict[codes[row]!]!)
      if (values === undefined) continue
      parsed[row] = values
      matched[count++] = row
    }
    const vectors = this.#columns.map(({ type, index }, at): Vector => {
      if (type === 'string') {
        // Parts of texts that differ are often few.
        const builder = this.#builders[at]!
        for (let row = 0; row < length; row++) {
          const values = parsed[row]
          builder.add(values === undefined ? '' : (values[index] as string))
        }
        return builder.take()
      }
      const vector: Vector = allocate(type, length)
      for (const row of rows) store(vector, row, parsed[row]?.[index] ?? null)
      return vector
    })
    return { vectors, matched: matched.subarray(0, count) }
  }

  #ofDictionary({ codes, dict, length }: TextVector, rows: Uint32Array): ParsedBatch {
    if (dict !== this.#dict) {
      this.#dict = dict
      this.#entries = []
      this.#texts = this.#columns.map(({ type }) =>
        type === 'string' ? new ColumnTexts() : undefined,
      )
    }
    const entries = this.#entries
    const matched: number[] = []
    for (const row of rows) {
      const code = codes[row]!
      // Not `??=`: a text that does not match is parsed once too.
      if (entries[code] === undefined) entries[code] = this.#parse(dict[code]!) ?? null
      if (entries[code] !== null) matched.push(row)
    }
    const vectors = this.#columns.map(({ type, index }, at): Vector => {
      const own = this.#texts[at]
      if (own !== undefined) {
        return own.vector(codes, rows, code => (entries[code]?.[index] as string) ?? '')
      }
      const vector: Vector = allocate(type, length)
      for (const row of rows) store(vector, row, entries[codes[row]!]?.[index] ?? null)
      return vector
    })
    return { vectors, matched: Uint32Array.from(matched) }
  }
}

/** A column of texts of which each is a part of an entry of a dictionary. */
class ColumnTexts {
  readonly #texts = new TextDictionary()
  /** By the code of the entry: the code of the part. */
  readonly #codes: (number | undefined)[] = []

  constructor() {
    // What rows have that are none of those asked for.
    this.#texts.codeOf('')
  }

  vector(codes: Uint32Array, rows: Uint32Array, textOf: (code: number) => string): Vector {
    const own = new Uint32Array(codes.length)
    for (const row of rows) {
      const code = codes[row]!
      own[row] = this.#codes[code] ??= this.#texts.codeOf(textOf(code))
    }
    return new TextVector('string', own, this.#texts.dict, true)
  }
}

/** Adds the columns to each batch; of parse-where only the rows that match. */
export const executeParse: Executor<ParsePlan> = async function* (plan, run) {
  const text = await run.compile(plan.text, plan.input.schema)
  const made = parsedColumns(plan.method)
  const columns = made.flatMap((column, index) =>
    plan.schema.some(({ name }) => name === column.name) ? [{ ...column, index }] : [],
  )
  const texts = new ParsedTexts(parserOf(plan.method), columns)
  for await (const batch of run.execute(plan.input)) {
    await run.pause(batch.rowCount)
    const vector = text.evaluate(batch, batch.rows) as TextVector
    const { vectors, matched } = texts.of(vector, batch.rows)
    const selection = plan.mismatch === 'drop' ? matched : batch.selection
    if (selection?.length === 0) continue
    const all = plan.schema.map(({ name }): Vector => {
      const own = columns.findIndex(column => column.name === name)
      if (own >= 0) return vectors[own]!
      return batch.columns[batch.schema.findIndex(column => column.name === name)]!
    })
    yield new ColumnBatch(plan.schema, all, batch.length, selection)
  }
}
