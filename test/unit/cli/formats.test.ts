import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvText } from '../../../src/cli/formats/csv.ts'
import type { ScalarValue } from '../../../src/tables/vector.ts'
import { parseDynamic } from '../../../src/types/dynamic-json.ts'
import type { ScalarType } from '../../../src/types/scalar-type.ts'
import { printed } from './printed.ts'

/** The JSON of one value. */
async function json(type: ScalarType, value: ScalarValue): Promise<string> {
  const text = await printed('ndjson', [{ name: 'v', type }], [[value]])
  return text.slice('{"v":'.length, -'}\n'.length)
}

describe('values as JSON', () => {
  it.each<[ScalarType, ScalarValue, string]>([
    ['long', 9_223_372_036_854_775_807n, '9223372036854775807'],
    ['long', null, 'null'],
    ['int', -1, '-1'],
    ['real', 0.1, '0.1'],
    ['real', 1e21, '1e+21'],
    ['real', -0, '-0.0'],
    ['real', Number.NaN, '"NaN"'],
    ['real', Number.POSITIVE_INFINITY, '"Infinity"'],
    ['real', Number.NEGATIVE_INFINITY, '"-Infinity"'],
    ['bool', false, 'false'],
    ['string', 'a"\\\n\ud800', '"a\\"\\\\\\n\\ud800"'],
    ['guid', '74be27de-1e4e-49d9-b579-fe0b331d3642', '"74be27de-1e4e-49d9-b579-fe0b331d3642"'],
    ['guid', null, 'null'],
    ['datetime', 0n, '"0001-01-01T00:00:00.0000000Z"'],
    ['timespan', -1n, '"-00:00:00.0000001"'],
    ['dynamic', parseDynamic('{"2":1.0,"1":[null]}') ?? null, '{"2":1.0,"1":[null]}'],
    ['dynamic', null, 'null'],
    ['dynamic', 'text', '"text"'],
  ])('%s %s is %s', async (type, value, expected) => {
    expect(await json(type, value)).toBe(expected)
  })

  it('reads back as what was printed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            s: fc.string({ unit: 'binary' }),
            r: fc.double(),
            l: fc.bigInt(-(2n ** 53n), 2n ** 53n),
          }),
        ),
        async rows => {
          const schema = [
            { name: 's', type: 'string' },
            { name: 'r', type: 'real' },
            { name: 'l', type: 'long' },
          ] as const
          const values = rows.map(({ s, r, l }) => [s, r, l])
          const text = await printed('json', schema, values)
          const special = (r: number) => (Number.isFinite(r) ? r : String(r))
          expect(JSON.parse(text)).toEqual({
            columns: schema,
            rows: rows.map(({ s, r, l }) => [s, special(r), Number(l)]),
          })
          const lines = (await printed('ndjson', schema, values)).split('\n').slice(0, -1)
          expect(lines.map(line => JSON.parse(line))).toEqual(
            rows.map(({ s, r, l }) => ({ s, r: special(r), l: Number(l) })),
          )
        },
      ),
      { numRuns: 50 },
    )
  })

  it('keeps a column named __proto__', async () => {
    const text = await printed('ndjson', [{ name: '__proto__', type: 'long' }], [[1n]])
    expect(text).toBe('{"__proto__":1}\n')
  })
})

describe('text in CSV', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    [' padded ', '" padded "'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
    ['a=1', 'a=1'],
    ['=cmd|"/c calc"!A1', `"'=cmd|""/c calc""!A1"`],
  ])('%j is %j', (text, expected) => {
    expect(csvText(text)).toBe(expected)
  })

  it('prints an empty cell alone so that the line is not empty', async () => {
    expect(await printed('csv', [{ name: 'a', type: 'string' }], [[''], ['x']])).toBe('a\n""\nx\n')
  })

  it('never starts a field with what begins a formula', async () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(/^"?[=+\-@\t\r\n]/.test(csvText(text))).toBe(false)
      }),
    )
  })
})
