import { describe, expect, it } from 'vitest'
import type { EvaluationContext } from '../../../../src/engine/evaluator/contract.ts'
import { compile, compileFilter } from '../../../../src/engine/evaluator/evaluator.ts'
import { LIBRARY } from '../../../../src/engine/functions/library.ts'
import type { Expr } from '../../../../src/engine/plan/nodes.ts'
import { ColumnBatch } from '../../../../src/tables/batch.ts'
import type { ScalarValue, Vector } from '../../../../src/tables/vector.ts'
import { DynamicVector, TextVector, valueAt } from '../../../../src/tables/vector.ts'
import { vectorOf } from '../../../../src/tables/vector-builder.ts'
import { InternalError } from '../../../../src/text/internal-error.ts'
import type { ScalarType } from '../../../../src/types/scalar-type.ts'
import { compileTest, rowsOf } from '../run-query.ts'

const context: EvaluationContext = {
  now: 0n,
  random: () => 0.5,
  scalarFunction: name => LIBRARY.scalar(name),
  queryValue() {
    throw new InternalError('no subquery')
  },
}

const columns: Readonly<Record<string, ScalarType>> = {
  s: 'string',
  n: 'long',
  b: 'bool',
  d: 'dynamic',
}
const schema = Object.entries(columns).map(([name, type]) => ({ name, type }))

/** A scalar expression over the columns above, as the binder gives it. */
function exprOf(text: string): Expr {
  const { bound } = compileTest(`T | project x = ${text}`, { tables: { T: { columns, rows: [] } } })
  if (bound?.kind !== 'project') throw new Error(`${text} does not compile`)
  return (bound.columns[0] as { expr: Expr }).expr
}

function batch(values: readonly (readonly ScalarValue[])[], text?: Vector): ColumnBatch {
  const vectors = schema.map(({ type }, index) => {
    if (type === 'string' && text !== undefined) return text
    return vectorOf(
      type,
      values.map(row => row[index] ?? null),
    ) as Vector
  })
  return new ColumnBatch(schema, vectors, values.length)
}

const dictionary = (dict: string[], codes: number[]): Vector =>
  new TextVector('string', Uint32Array.from(codes), dict, true) as Vector

const empty = (length: number): null[][] => Array.from({ length }, () => [])

/** strcat, which adds what it is given second to a list. */
function counted(
  scalar: ReturnType<EvaluationContext['scalarFunction']>,
  asked: ScalarValue[],
): ReturnType<EvaluationContext['scalarFunction']> {
  if (scalar?.name !== 'strcat') return scalar
  const overloads = scalar.overloads.map(overload => ({
    ...overload,
    implement: () => ({
      each: (...[first, second]: readonly ScalarValue[]) => {
        asked.push(second as ScalarValue)
        return `${first}${second}`
      },
    }),
  }))
  return { ...scalar, overloads }
}

describe('what is computed of an entry of a dictionary', () => {
  const values = (evaluate: ReturnType<typeof compile>, text: Vector): ScalarValue[] => {
    const input = batch(empty(text.length), text)
    const out = evaluate.evaluate(input, input.rows)
    return Array.from(input.rows, row => valueAt(out, row))
  }

  it.each(['toupper(s)', 'extract("(.+)", 1, toupper(s))', 'strcat(toupper(s), "")'])(
    '%s follows the entries through growth and other dictionaries',
    text => {
      const evaluator = compile(exprOf(text), schema, context)
      const grows = ['a', 'b']
      expect(values(evaluator, dictionary(grows, [0, 1, 0]))).toEqual(['A', 'B', 'A'])
      grows.push('c')
      expect(values(evaluator, dictionary(grows, [2, 1]))).toEqual(['C', 'B'])
      expect(values(evaluator, dictionary(['x', 'y'], [0, 1]))).toEqual(['X', 'Y'])
      expect(values(evaluator, dictionary(grows, [0, 2]))).toEqual(['A', 'C'])
      const plain = TextVector.plain('string', ['p', 'q']) as Vector
      expect(values(evaluator, plain)).toEqual(['P', 'Q'])
    },
  )

  it('is asked once an entry, also as the dictionary grows', () => {
    const asked: ScalarValue[] = []
    const counting: EvaluationContext = {
      ...context,
      scalarFunction: name => counted(LIBRARY.scalar(name), asked),
    }
    const evaluator = compile(exprOf('strcat("<", toupper(s))'), schema, counting)
    const grows = ['a', 'b']
    values(evaluator, dictionary(grows, [0, 1, 0, 1]))
    grows.push('c', 'unused')
    expect(values(evaluator, dictionary(grows, [1, 2, 2]))).toEqual(['<B', '<C', '<C'])
    expect(asked).toEqual(['A', 'B', 'C'])
  })

  it('is computed for null, and for null alone, of a dynamic', () => {
    const evaluator = compile(exprOf('isnull(d)'), schema, context)
    const texts = dictionary(['', 'a'], [0, 0, 1]) as TextVector<'string'>
    const column = new DynamicVector(texts, Uint8Array.of(1, 0, 0))
    const input = new ColumnBatch(schema, [...batch(empty(3)).columns.slice(0, 3), column], 3)
    const out = evaluator.evaluate(input, input.rows)
    expect([0, 1, 2].map(row => valueAt(out, row))).toEqual([true, false, false])
  })

  it('decides of a filter, null being none of what is true', () => {
    const keeps = (text: string, codes: number[]) => {
      const input = batch(empty(codes.length), dictionary(['1', 'x', '2'], codes))
      return [...compileFilter(exprOf(text), schema, context)(input, input.rows)]
    }
    expect(keeps('toint(s) > 1', [0, 1, 2, 2, 0])).toEqual([2, 3])
    expect(keeps('isnull(toint(s))', [0, 1, 2])).toEqual([1])
    expect(keeps('s == "x" or s == "2"', [0, 1, 2])).toEqual([1, 2])
  })

  it('gives texts by a dictionary, whose entries are distinct', () => {
    const evaluator = compile(exprOf('tolower(s)'), schema, context)
    const input = batch(empty(3), dictionary(['a', 'A', 'b'], [1, 0, 2]))
    const out = evaluator.evaluate(input, input.rows) as TextVector
    expect(out.dictionary).toBe(true)
    expect(new Set(out.dict).size).toBe(out.dict.length)
    expect(out.codes[0]).toBe(out.codes[1])
  })

  it('is not kept where it is far more than the dictionary', () => {
    const evaluator = compile(exprOf('strcat(s, strrep("x", 1000))'), schema, context)
    const count = 34_000
    const entries = Array.from({ length: count }, (_, k) => `${k}`)
    const codes = Array.from(entries, (_, k) => k)
    const isDictionary = [dictionary(entries, codes), dictionary(entries, [0, 5])].map(text => {
      const input = batch(empty(text.length), text)
      const out = evaluator.evaluate(input, input.rows) as TextVector
      expect(out.at(1)).toBe((text as TextVector).at(1) + 'x'.repeat(1000))
      return out.dictionary
    })
    expect(isDictionary).toEqual([true, false])
    const other = batch(empty(1), dictionary(['a'], [0]))
    expect((evaluator.evaluate(other, other.rows) as TextVector).dictionary).toBe(true)
  })

  it('is not kept where it is arrays of far more', () => {
    const evaluator = compile(exprOf('range(1, strlen(s) * 5000, 1)'), schema, context)
    const entries = Array.from({ length: 400 }, (_, k) => `text ${k + 1000}`)
    const codes = Array.from(entries, (_, k) => k)
    const isKept = ['few', 'many'].map(how => {
      const text = dictionary(entries, how === 'few' ? [0, 1] : codes)
      const values = [1, 2].map(() => {
        const input = batch(empty(text.length), text)
        return valueAt(evaluator.evaluate(input, input.rows), 1)
      })
      expect(values[1]).toEqual(values[0])
      return values[1] === values[0]
    })
    expect(isKept).toEqual([true, false])
  })

  it('is not kept where it may vary', () => {
    let next = 0
    const varying = { ...context, random: () => (next++ % 2) / 2 }
    const evaluator = compile(exprOf('strcat(s, tostring(rand()))'), schema, varying)
    expect(values(evaluator, dictionary(['a'], [0, 0]))).toEqual(['a0.0', 'a0.5'])
  })
})

describe('a filter', () => {
  const rows: readonly (readonly ScalarValue[])[] = [
    ['a', 1n, true, null],
    ['b', null, null, null],
    ['', 2n, false, null],
    ['a', 2n, true, null],
  ]

  it.each([
    ['b', [0, 3]],
    ['not(b)', [2]],
    ['isnull(b)', [1]],
    ['n == 1 or n == 2', [0, 2, 3]],
    ['n == 1 and b', [0]],
    ['n > 1 and (b or s == "")', [2, 3]],
    ['not(n > 1 and b)', [0, 2]],
    ['not(n > 1 or b)', []],
    ['n != 1', [1, 2, 3]],
    ['n > 0 or isnull(n)', [0, 1, 2, 3]],
    ['true', [0, 1, 2, 3]],
    ['false', []],
    ['bool(null)', []],
    ['bool(null) or b', [0, 3]],
    ['true or n / 0 == 1', [0, 1, 2, 3]],
    ['s == "a" and true', [0, 3]],
    ['false and s == "a"', []],
  ])('%s keeps rows for which it is true', (text, kept) => {
    const filter = compileFilter(exprOf(text), schema, context)
    const input = batch(rows)
    expect([...filter(input, input.rows)]).toEqual(kept)
    const some = Uint32Array.from([3, 1])
    expect([...filter(input, some)]).toEqual([3, 1].filter(row => kept.includes(row)))
    expect([...filter(input, new Uint32Array(0))]).toEqual([])
  })
})

describe('constants', () => {
  it.each([
    ['1 + 2', 3n],
    ['strcat("a", "b")', 'ab'],
    ['iff(true, "x", "y")', 'x'],
    ['dynamic({"a": [1, 2]}).a[1]', 2],
    ['tolong(now())', 0n],
    ['int(null)', null],
  ])('%s is computed once', (text, value) => {
    const evaluator = compile(exprOf(text), schema, context)
    expect(evaluator.constant).toEqual({ value })
    const input = batch(empty(3))
    const out = evaluator.evaluate(input, input.rows)
    expect(out.length).toBeGreaterThanOrEqual(3)
    expect([0, 1, 2].map(row => valueAt(out, row))).toEqual([value, value, value])
  })

  it.each(['rand()', 'n', 'strcat(s, "x")'])('%s is none', text => {
    expect(compile(exprOf(text), schema, context).constant).toBeUndefined()
  })
})

describe('values at unselected positions', () => {
  it('do not show, whatever is computed from them', async () => {
    const text =
      'range x from 1 to 6 step 1 | where x % 2 == 0 | extend y = 10 / (x - 2), s = tostring(x) ' +
      '| where y > 0 or s == "2" | extend z = strcat(s, y), p = parse_json(s) | sort by x asc | project z, p'
    expect(await rowsOf(text)).toEqual([
      ['2', 2],
      ['45', 4],
      ['62', 6],
    ])
  })
})
