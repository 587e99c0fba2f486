import { describe, expect, it } from 'vitest'
import type { ColumnBatch } from '../../../../src/tables/batch.ts'
import { RecordReader } from '../../../../src/tables/json/record-reader.ts'
import type { ReadProblem } from '../../../../src/tables/source.ts'
import type { DynamicVector, TextVector } from '../../../../src/tables/vector.ts'
import { parseDatetime } from '../../../../src/types/datetime.ts'
import type { ScalarType } from '../../../../src/types/scalar-type.ts'
import { readNdjson, rowsOf, wanted, wantedPath } from './read.ts'

/** The value of a JSON value in a column of the type; the problem's message where it is one. */
async function valueIn(type: ScalarType, json: string): Promise<unknown> {
  const { rows, problems } = await readNdjson(`{"c":${json}}`, [wanted('c', type)])
  expect(rows).toHaveLength(1)
  if (problems.length > 0) {
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ kind: 'value', column: 'c', line: 1, file: 'test.json' })
    return problems[0]!.message
  }
  return rows[0]![0]
}

describe('values of records', () => {
  it.each<[ScalarType, string, unknown]>([
    ['string', '"x"', 'x'],
    ['string', '"\\u00e9\\n\\ud83d\\ude00"', 'é\n😀'],
    ['string', '"é😀"', 'é😀'],
    ['string', '"\\ud800"', '\ud800'],
    ['string', 'null', ''],
    ['string', '0', '0'],
    ['string', '1.50', '1.50'],
    ['string', '12345678901234567890', '12345678901234567890'],
    ['string', 'true', 'true'],
    ['string', '[]', '[]'],
    ['string', '{ }', '{}'],
    [
      'string',
      '[{"a": 1,"b":[ ]} , "x, {y}"]',
      '[\n  {\n    "a": 1,\n    "b": []\n  },\n  "x, {y}"\n]',
    ],
    ['bool', 'true', true],
    ['bool', 'false', false],
    ['bool', '"True"', true],
    ['bool', '"false"', false],
    ['bool', '1', true],
    ['bool', '0', false],
    ['bool', '""', null],
    ['bool', '"yes"', '"yes" is no bool.'],
    ['int', '2147483647', 2147483647],
    ['int', '-2147483648', -2147483648],
    ['int', '2147483648', '"2147483648" is no int.'],
    ['int', '"12"', 12],
    ['int', '1.0', 1],
    ['int', '1.5', '"1.5" is no int.'],
    ['long', '0', 0n],
    ['long', '-1', -1n],
    ['long', '4294967296', 4294967296n],
    ['long', '-4294967297', -4294967297n],
    ['long', '9007199254740993', 9007199254740993n],
    ['long', '9223372036854775807', 9223372036854775807n],
    ['long', '-9223372036854775808', -9223372036854775808n],
    ['long', '9223372036854775808', '"9223372036854775808" is no long.'],
    ['long', '"1234"', 1234n],
    ['long', '"9007199254740993"', 9007199254740993n],
    ['long', '1e3', 1000n],
    ['long', '12.0', 12n],
    ['long', '"1.0"', 1n],
    ['long', '12.5', '"12.5" is no long.'],
    ['long', 'true', 1n],
    ['long', '""', null],
    ['long', '"abc"', '"abc" is no long.'],
    ['long', '[1]', '"[1]" is no long.'],
    ['real', '1.5', 1.5],
    ['real', '-0.1', -0.1],
    ['real', '123456789012.345', 123456789012.345],
    ['real', '0.30000000000000004', 0.30000000000000004],
    ['real', '1e-7', 1e-7],
    ['real', '1e400', Number.POSITIVE_INFINITY],
    ['real', '7', 7],
    ['real', '"2.5"', 2.5],
    ['real', '"NaN"', Number.NaN],
    ['real', '"x"', '"x" is no real.'],
    ['datetime', '"2024-03-01T10:20:30.1234567Z"', parseDatetime('2024-03-01T10:20:30.1234567Z')],
    [
      'datetime',
      '"2019-10-18T04:45:48.0729893-05:00"',
      parseDatetime('2019-10-18T09:45:48.0729893Z'),
    ],
    ['datetime', '"11/14/2025 1:48:53 AM"', parseDatetime('2025-11-14T01:48:53Z')],
    ['datetime', '"2024-03-01T10:20:30\\u005a"', parseDatetime('2024-03-01T10:20:30Z')],
    ['datetime', '""', null],
    ['datetime', 'null', null],
    ['datetime', '1700000000', '"1700000000" is no datetime.'],
    ['datetime', '"soon"', '"soon" is no datetime.'],
    ['timespan', '"1.02:03:04"', 937840000000n],
    ['timespan', '5', '"5" is no timespan.'],
    ['guid', '"01BFA0B2-0000-0000-0000-00000000000A"', '01bfa0b2-0000-0000-0000-00000000000a'],
    ['guid', '""', null],
    ['guid', '"x"', '"x" is no guid.'],
    ['dynamic', 'null', null],
    ['dynamic', 'true', true],
    ['dynamic', '5', 5],
    ['dynamic', '9007199254740993', 9007199254740993n],
    ['dynamic', '"x"', 'x'],
    ['dynamic', '"5"', '5'],
    ['dynamic', '{"b":1,"a":[2]}', { b: 1, a: [2] }],
    ['dynamic', '"{\\"b\\":1}"', { b: 1 }],
    ['dynamic', '"[1,2]"', [1, 2]],
    ['dynamic', '" [ ] "', []],
    ['dynamic', '"[1,2"', '[1,2'],
    ['dynamic', '"{x}"', '{x}'],
    ['dynamic', '["{}"]', ['{}']],
  ])('%s from %s', async (type, json, expected) => {
    expect(await valueIn(type, json)).toEqual(expected)
  })

  it('keeps a real of the value 1.0 apart from a long in a dynamic', async () => {
    const { batches } = await readNdjson('{"d":1.0}\n{"d":1}', [wanted('d', 'dynamic')])
    const column = batches[0]!.columns[0] as DynamicVector
    expect(column.at(0)).toEqual({ value: 1 })
    expect(column.at(1)).toBe(1)
  })

  it('reads a decimal with all its digits', async () => {
    const { batches } = await readNdjson('{"c":0.1234567890123456789}', [wanted('c', 'decimal')])
    expect(String((batches[0]!.columns[0] as { values: unknown[] }).values[0])).toBe(
      '0.1234567890123456789',
    )
  })

  it('does not take an object for a string that is spelled like it', async () => {
    const lines = '{"s":{}}\n{"s":"{}"}\n{"s":[1, 2]}\n{"s":"[1, 2]"}\n{"s":{}}'
    const { rows } = await readNdjson(lines, [wanted('s', 'string')])
    expect(rows.flat()).toEqual(['{}', '{}', '[\n  1,\n  2\n]', '[1, 2]', '{}'])
  })

  it('writes JSON text without blanks on request', async () => {
    const line = '{"s": {"a" : [1, {"b": "x y"}]} }'
    const { rows } = await readNdjson(line, [wanted('s', 'string')], { jsonText: 'compact' })
    expect(rows).toEqual([['{"a":[1,{"b":"x y"}]}']])
    const pretty = await readNdjson(line, [wanted('s', 'string', { jsonText: 'compact' })])
    expect(pretty.rows).toEqual(rows)
  })
})

describe('columns of records', () => {
  it('takes the first candidate that is there and not null', async () => {
    const column = wanted('Level', 'string', { candidates: [['Level'], ['p', 'level']] })
    const lines = ['{"Level":4}', '{"Level":null,"p":{"level":"5"}}', '{"p":{"level":""}}', '{}']
    const { rows } = await readNdjson(lines.join('\n'), [column])
    expect(rows.flat()).toEqual(['4', '5', '', ''])
  })

  it('puts a constant where there is nothing', async () => {
    const bag = wanted('d', 'dynamic', { candidates: [], constant: new Map([['x', 1]]) })
    const columns = [
      wanted('a', 'string', { candidates: [], constant: 'Azure AD' }),
      wanted('b', 'long', { constant: 7n }),
      bag,
      { ...wantedPath('d', 'x'), from: bag.from },
    ]
    const { rows } = await readNdjson('{"a":"x","b":1}\n{}', columns)
    expect(rows).toEqual([
      ['Azure AD', 1n, { x: 1 }, 1],
      ['Azure AD', 7n, { x: 1 }, 1],
    ])
  })

  it('replaces texts', async () => {
    const replace = new Map<string, string | null>([
      ['0', 'success'],
      ['None', null],
      ['True', 'true'],
    ])
    const columns = (['string', 'long', 'bool', 'guid', 'datetime'] as const).map(type =>
      wanted(type, type, { replace }),
    )
    const lines = [
      '{"string":0,"long":"None","bool":"True","guid":"None","datetime":"None"}',
      '{"string":"None","long":"5","bool":"None","guid":"x"}',
      '{"string":"0","long":"0"}',
    ]
    const { rows, problems } = await readNdjson(lines.join('\n'), columns)
    expect(rows).toEqual([
      ['success', null, true, null, null],
      ['', 5n, null, null, null],
      ['success', null, null, null, null],
    ])
    expect(problems.map(({ line, column, message }) => [line, column, message])).toEqual([
      [2, 'guid', '"x" is no guid.'],
      [3, 'long', '"0" is no long.'],
    ])
  })

  it('makes a requested column that the records lack null', async () => {
    const context = { batchSize: 10, report: () => undefined }
    const reader = new RecordReader(
      [
        { name: 'a', type: 'string', column: 'a' },
        { name: 'b', type: 'long', column: 'b' },
        { name: 'c', type: 'dynamic', column: 'c', path: ['x'] },
      ],
      [],
      context,
      { file: 'x' },
    )
    const bytes = new TextEncoder().encode('{"a":1,"b":2,"c":{"x":1}}')
    reader.readRecord(bytes, 0, bytes.length, 1)
    expect(rowsOf(reader.takeRest() as ColumnBatch)).toEqual([['', null, null]])
    expect(reader.takeRest()).toBeUndefined()
  })

  it('makes what a record lacks null, whichever row it is', async () => {
    const types = ['bool', 'int', 'long', 'real', 'decimal', 'datetime', 'timespan'] as const
    const columns = types.map(type => wanted(type, type))
    const full = JSON.stringify({
      ...{ bool: true, int: 1, long: 2, real: 0.5, decimal: '1.5' },
      ...{ datetime: '2026-03-01T00:00:00Z', timespan: '01:00:00' },
    })
    // Vectors begin with some rows, and double.
    for (const rows of [255, 256, 257, 511, 512, 513, 1023, 1024, 1025]) {
      const lines = [...Array.from({ length: rows }, () => full), '{}']
      const { rows: read } = await readNdjson(lines.join('\n'), columns, { batchSize: 5000 })
      expect(read[rows]).toEqual(types.map(() => null))
    }
  })

  it('counts rows where no column is wanted', async () => {
    const { batches } = await readNdjson('{"a":1}\n{}\n{"b":[]}', [])
    expect(batches.map(batch => batch.rowCount)).toEqual([3])
  })

  it('follows paths into objects, arrays, and JSON in a string', async () => {
    const columns = [
      wanted('d', 'dynamic'),
      wantedPath('d', 'a', 0, 'b'),
      wantedPath('d', 'a', -1, 'b'),
      wantedPath('d', 'a', -1),
      wantedPath('d', 'c'),
    ]
    const value = '{"a":[{"b":1},{"b":"x"}],"c":"{}"}'
    const lines = [
      `{"d":${value}}`,
      `{"d":${JSON.stringify(value)}}`,
      '{"d":"text"}',
      '{"d":[1]}',
      '{"d":"{\\"a\\":[{\\"b\\":"}',
      '{}',
    ]
    const { rows, problems } = await readNdjson(lines.join('\n'), columns)
    const tree = { a: [{ b: 1 }, { b: 'x' }], c: '{}' }
    expect(problems).toEqual([])
    expect(rows).toEqual([
      [tree, 1, 'x', { b: 'x' }, '{}'],
      [tree, 1, 'x', { b: 'x' }, '{}'],
      ['text', null, null, null, null],
      [[1], null, null, null, null],
      ['{"a":[{"b":', null, null, null, null],
      [null, null, null, null, null],
    ])
  })

  it('follows a path from the candidate that has the column', async () => {
    const candidates = [['a'], ['p', 'a']]
    const from = { name: 'a', type: 'dynamic', candidates } as const
    const column = { name: 'x', type: 'dynamic', column: 'a', path: ['k'], from } as const
    const lines = '{"a":null,"p":{"a":{"k":1}}}\n{"a":{"j":0},"p":{"a":{"k":2}}}'
    expect((await readNdjson(lines, [column])).rows).toEqual([[1], [null]])
  })

  it('reads records that are arrays', async () => {
    const columns = [
      wanted('a', 'string', { candidates: [[0]] }),
      wanted('b', 'long', { candidates: [[1]] }),
    ]
    const { rows, problems } = await readNdjson('["x",1]\n["y"]\n{"a":1}', columns)
    expect(rows).toEqual([
      ['x', 1n],
      ['y', null],
    ])
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ line: 3, message: 'The record is JSON, but no array.' })
  })

  it('keeps the records that a filter accepts, and asks it once a text', async () => {
    const asked: (string | undefined)[] = []
    const filter = {
      candidates: [['Type'], ['category']],
      accepts(text: string | undefined) {
        asked.push(text)
        return text === 'A' || text === undefined
      },
    }
    const lines = ['A', 'B', 'A', 'B'].map((type, i) => `{"Type":"${type}","n":${i}}`)
    lines.push('{"category":"A","n":4}', '{"n":5}', '{"Type":"B","n":"x"}')
    const { rows, problems } = await readNdjson(lines.join('\n'), [wanted('n', 'long')], { filter })
    expect(rows.flat()).toEqual([0n, 2n, 4n, 5n])
    expect(problems).toEqual([])
    expect(asked).toEqual([undefined, 'A', 'B'])
  })
})

describe('text columns of records', () => {
  it('share one dictionary of distinct texts between batches', async () => {
    const lines = Array.from({ length: 10 }, (_, i) => `{"s":"v${i % 3}"}`).join('\n')
    const { batches } = await readNdjson(
      `${lines}\n{"s":"\\u0076\\u0030"}`,
      [wanted('s', 'string')],
      {
        batchSize: 4,
      },
    )
    const columns = batches.map(batch => batch.columns[0] as TextVector)
    expect(columns.map(({ dictionary }) => dictionary)).toEqual([true, true, true])
    expect(columns[0]!.dict).toBe(columns[2]!.dict)
    expect(columns[2]!.dict).toEqual(['v0', 'v1', 'v2'])
    expect([...columns[2]!.codes]).toEqual([2, 0, 0])
  })

  it.each(['string', 'guid', 'dynamic'] as const)(
    'hold every text of a %s column where none repeats',
    async type => {
      const hex = (i: number) => i.toString(16).padStart(12, '0')
      const texts = Array.from({ length: 5000 }, (_, i) => {
        if (type === 'guid') return `00000000-0000-0000-0000-${hex(i)}`
        return `${hex(i)}${i % 7 === 0 ? ' é' : ''}${i % 11 === 0 ? '\n"' : ''}${'x'.repeat(i % 60)}`
      })
      const lines = texts.map(text => JSON.stringify({ c: text })).join('\n')
      const { rows, batches } = await readNdjson(`${lines}\n{}`, [wanted('c', type)], {
        batchSize: 1500,
      })
      expect(rows.flat()).toEqual([...texts, type === 'string' ? '' : null])
      if (type === 'dynamic') return
      const columns = batches.map(batch => batch.columns[0] as TextVector)
      expect(columns.map(({ dictionary }) => dictionary)).toEqual([false, false, false, false])
      expect(columns[3]!.dict).toHaveLength(501)
    },
  )

  it('keep a long text and JSON with letters beyond ASCII', async () => {
    const long = 'ü'.repeat(5000)
    const line = JSON.stringify({ s: long, d: { k: long, ä: [long] } })
    const columns = [wanted('s', 'string'), wanted('d', 'dynamic'), wantedPath('d', 'ä', 0)]
    const { rows } = await readNdjson(line, columns)
    expect(rows).toEqual([[long, { k: long, ä: [long] }, long]])
  })

  it('decode bytes that are not UTF-8 to the replacement character, and keep a BOM inside', async () => {
    const bytes = Uint8Array.of(
      ...[...'{"s":"a'].map(char => char.charCodeAt(0)),
      0xff,
      ...[...'"}\n{"s":"'].map(char => char.charCodeAt(0)),
      0xef,
      0xbb,
      0xbf,
      ...[...'b"}\n{"s":"a'].map(char => char.charCodeAt(0)),
      0xef,
      0xbf,
      0xbd,
      ...[...'"}'].map(char => char.charCodeAt(0)),
    )
    const { rows, batches } = await readNdjson(bytes, [wanted('s', 'string')])
    expect(rows.flat()).toEqual(['a\uFFFD', '\uFEFFb', 'a\uFFFD'])
    expect((batches[0]!.columns[0] as TextVector).dict).toHaveLength(2)
  })
})

describe('batches of records', () => {
  const rowCounts = async (lengths: readonly number[], options = {}) => {
    const lines = lengths.map(length => `{"s":"${'x'.repeat(length)}"}`).join('\n')
    const { rows, batches } = await readNdjson(lines, [wanted('s', 'string')], options)
    expect(rows.map(([text]) => String(text).length)).toEqual(lengths)
    return batches.map(({ rowCount }) => rowCount)
  }

  it.each([true, false])('end with a record of more than a megabyte (kernel: %s)', async kernel => {
    const long = 1 << 20
    expect(await rowCounts([1, 2, long, 3, 4, long, long, 5], { kernel })).toEqual([3, 3, 1, 1])
  })

  it('end with 16 MB of records', async () => {
    // Eight bytes are around the text: 33 records have 16.5 million bytes, 34 have 17.
    const counts = await rowCounts(Array.from({ length: 40 }, () => 500_000 - 8))
    expect(counts).toEqual([34, 6])
  })

  it('have no dictionary of long texts, however few they are', async () => {
    const lines = Array.from({ length: 20 }, (_, n) => `{"s":"${n} ${'x'.repeat(900_000)}"}`)
    const { batches } = await readNdjson(lines.join('\n'), [wanted('s', 'string')])
    const dictionaries = batches.map(batch => (batch.columns[0] as TextVector).dictionary)
    expect(dictionaries.at(-1)).toBe(false)
  })
})

describe('lines of records', () => {
  const lines = async (text: string, options = {}) => {
    const { rows, problems } = await readNdjson(text, [wanted('a', 'long')], options)
    return { rows: rows.flat(), problems: problems.map(({ line, message }) => [line, message]) }
  }

  it('may end in CRLF, be blank, or be padded with NUL bytes or a BOM', async () => {
    const text = '\uFEFF{"a":1}\r\n\r\n  {"a":2}  \n\n\0\0\0\0{"a":3}\n\0\0\n\uFEFF{"a":4}\0\0'
    expect(await lines(text)).toEqual({ rows: [1n, 2n, 3n, 4n], problems: [] })
  })

  it('report what is malformed with its line, and go on', async () => {
    const text =
      '{"a":1}\n{"a":2\n{"a":3}}\n{"a":\u00014}\n[5]\n"x"\n{"a":6}{"a":7}\n{"a":8}\n{"a":'
    expect(await lines(text)).toEqual({
      rows: [1n, 8n],
      problems: [
        [2, 'The record ends too early: it is incomplete.'],
        [3, "The record is not JSON: unexpected '}' at byte 8 of the record."],
        [4, 'The record is not JSON: unexpected control character 0x01 at byte 6 of the record.'],
        [5, 'The record is JSON, but no object.'],
        [6, 'The record is JSON, but no object.'],
        [7, "The record is not JSON: unexpected '{' at byte 8 of the record."],
        [9, 'The record ends too early: it is incomplete.'],
      ],
    })
  })

  it('do not take a record over two lines for one', async () => {
    const { rows, problems } = await lines('{"a":\n1}\n{"a":2}')
    expect(rows).toEqual([2n])
    expect(problems.map(([line]) => line)).toEqual([1, 2])
  })

  it('name the depth of a record that nests too deep', async () => {
    const { problems } = await lines(`{"a":${'['.repeat(100_000)}`)
    expect(problems).toEqual([
      [1, 'The record nests deeper than 1000 levels at byte 1006 of the record.'],
    ])
  })

  it('skip a line that is too long, without keeping it', async () => {
    const encoder = new TextEncoder()
    function* chunks() {
      yield encoder.encode('{"a":1}\n{"a":"')
      for (let i = 0; i < 1000; i++) yield encoder.encode('x'.repeat(1000))
      yield encoder.encode('"}\n{"a":2}\n{"a":3,"b":"')
      yield encoder.encode(`${'y'.repeat(100)}"}\n{"a":4}`)
    }
    const problems: ReadProblem[] = []
    const all = await readNdjson([...chunks()], [wanted('a', 'long')], { maxRecordBytes: 64 })
    problems.push(...all.problems)
    expect(all.rows.flat()).toEqual([1n, 2n, 4n])
    expect(problems.map(({ line, message }) => [line, message])).toEqual([
      [2, 'The record is longer than 64 bytes.'],
      [4, 'The record is longer than 64 bytes.'],
    ])
  })

  it('stop where the signal says so', async () => {
    const controller = new AbortController()
    const context = { batchSize: 1, report: () => undefined }
    const reader = new RecordReader([], [], context, { file: 'x' })
    const { scanNdjson } = await import('../../../../src/tables/json/scan-ndjson.ts')
    const batches = scanNdjson([new TextEncoder().encode('{}\n{}\n{}')], reader, controller.signal)
    await batches.next()
    controller.abort()
    await expect(batches.next()).rejects.toThrow()
  })

  it('let a fatal problem end the scan', async () => {
    const context = {
      batchSize: 10,
      report(problem: ReadProblem) {
        throw new Error(problem.message)
      },
    }
    const reader = new RecordReader([], [], context, { file: 'x' })
    const bytes = new TextEncoder().encode('{]')
    expect(() => reader.readRecord(bytes, 0, 2, 1)).toThrow("unexpected ']'")
  })
})
