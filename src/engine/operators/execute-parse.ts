import { ColumnBatch } from '../../tables/batch.ts'
import type { ScalarValue, TextVector, Vector } from '../../tables/vector.ts'
import { allocate, store } from '../../tables/vector-builder.ts'
import { InternalError } from '../../text/internal-error.ts'
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

/** Texts that were parsed, by their codes: a dictionary has each once. */
class ParsedTexts {
  readonly #parse: TextParser
  #dict: readonly string[] | undefined
  #known = new Map<number, readonly ScalarValue[] | undefined>()

  constructor(parse: TextParser) {
    this.#parse = parse
  }

  at(vector: TextVector, row: number): readonly ScalarValue[] | undefined {
    const code = vector.codes[row]!
    const text = vector.dict[code]!
    if (!vector.dictionary) return this.#parse(text)
    if (vector.dict !== this.#dict) {
      this.#dict = vector.dict
      this.#known = new Map()
    }
    let values = this.#known.get(code)
    if (values === undefined && !this.#known.has(code)) {
      values = this.#parse(text)
      this.#known.set(code, values)
    }
    return values
  }
}

/** Adds the columns to each batch; of parse-where only the rows that match. */
export const executeParse: Executor<ParsePlan> = async function* (plan, run) {
  const text = await run.compile(plan.text, plan.input.schema)
  const texts = new ParsedTexts(parserOf(plan.method))
  const made = parsedColumns(plan.method)
  const columns = made.flatMap((column, index) =>
    plan.schema.some(({ name }) => name === column.name) ? [{ ...column, index }] : [],
  )
  for await (const batch of run.execute(plan.input)) {
    await run.pause(batch.rowCount)
    const vector = text.evaluate(batch, batch.rows) as TextVector
    const vectors = columns.map(({ type }): Vector => allocate(type, batch.length))
    const matched: number[] = []
    for (const row of batch.rows) {
      const values = texts.at(vector, row)
      if (values !== undefined) matched.push(row)
      columns.forEach(({ type, index }, k) => {
        store(vectors[k]!, row, values?.[index] ?? (type === 'string' ? '' : null))
      })
    }
    const selection = plan.mismatch === 'drop' ? Uint32Array.from(matched) : batch.selection
    if (selection?.length === 0) continue
    const all = plan.schema.map(({ name }): Vector => {
      const own = columns.findIndex(column => column.name === name)
      if (own >= 0) return vectors[own]!
      return batch.columns[batch.schema.findIndex(column => column.name === name)]!
    })
    yield new ColumnBatch(plan.schema, all, batch.length, selection)
  }
}
