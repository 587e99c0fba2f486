import { describe, expect, it } from 'vitest'
import type { FrameAction } from '../../../src/tables/formats/json-framer.ts'
import { JsonFramer } from '../../../src/tables/formats/json-framer.ts'
import { skipValue, viewOf } from '../../../src/tables/json/skip.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

interface Found {
  records: { text: string; line: number }[]
  captures: Record<string, string>
  broken: { line: number; message: string }[]
}

/**
 * Frames a text given in pieces of `size` bytes. `paths` says what to do by path, with * for 0. What
 * is found is the same whether the sink takes well-formed records itself or not.
 */
function frame(text: string, paths: Record<string, FrameAction>, size = 7, limit = 1 << 20): Found {
  const found = frameBy(text, paths, size, limit, () => -1)
  const taken = frameBy(text, paths, size, limit, (bytes, start) => {
    const after = skipValue(bytes, viewOf(bytes), start, bytes.length)
    return after < 0 || after > bytes.length || after - start > limit ? -1 : after
  })
  expect(taken).toEqual(found)
  return found
}

function frameBy(
  text: string,
  paths: Record<string, FrameAction>,
  size: number,
  limit: number,
  endOf: (bytes: Uint8Array, start: number) => number,
): Found {
  const found: Found = { records: [], captures: {}, broken: [] }
  const record = (bytes: Uint8Array, start: number, end: number, line: number) => {
    found.records.push({ text: decoder.decode(bytes.subarray(start, end)), line })
  }
  const framer = new JsonFramer(
    {
      choose: path => paths[path.map(step => (step === 0 ? '*' : step)).join('/')] ?? 'skip',
      record,
      value: (bytes, start, _end, line) => {
        const after = endOf(bytes, start)
        if (after >= 0) record(bytes, start, after, line)
        return after
      },
      capture: (path, captured) => {
        found.captures[path.join('/')] = captured
      },
      broken: (line, message) => found.broken.push({ line, message }),
    },
    limit,
  )
  const bytes = encoder.encode(text)
  for (let at = 0; at < bytes.length; at += size) framer.push(bytes.slice(at, at + size))
  framer.end()
  return found
}

const alone = { '': 'record' } as const
const inArray = { '': 'enter', '*': 'record' } as const
const inRecords = { '': 'enter', records: 'enter', 'records/*': 'record' } as const

describe('JsonFramer', () => {
  it.each([1, 2, 3, 7, 1000])('finds documents one after the other, in pieces of %i', size => {
    const text = '{"a":1}{"a":"}{\\"]\\\\"}\n\n {"a":\n[{},{"é":"]"}]}'
    expect(frame(text, alone, size)).toEqual({
      records: [
        { text: '{"a":1}', line: 1 },
        { text: '{"a":"}{\\"]\\\\"}', line: 1 },
        { text: '{"a":\n[{},{"é":"]"}]}', line: 3 },
      ],
      captures: {},
      broken: [],
    })
  })

  it.each([1, 4, 1000])('finds the elements of arrays, scalars too, in pieces of %i', size => {
    const found = frame('[ {"a":1}, 12 ,"x", null,\n[1],-3.5e2]', inArray, size)
    expect(found.records.map(record => record.text)).toEqual([
      '{"a":1}',
      '12',
      '"x"',
      'null',
      '[1]',
      '-3.5e2',
    ])
    expect(found.records.map(record => record.line)).toEqual([1, 1, 1, 1, 2, 2])
    expect(found.broken).toEqual([])
  })

  it.each([1, 5, 1000])('finds records in wrappers back to back, in pieces of %i', size => {
    const text =
      '{"records":[{"a":1},{"a":2}]}{"count":1,"records":[{"a":3}],"x":{"records":[{"a":0}]}}\n' +
      '{"records":[]}\n{"re\\u0063ords":[{"a":4}]}'
    const found = frame(text, inRecords, size)
    expect(found.records.map(record => record.text)).toEqual([
      '{"a":1}',
      '{"a":2}',
      '{"a":3}',
      '{"a":4}',
    ])
    expect(found.records.map(record => record.line)).toEqual([1, 1, 1, 3])
    expect(found.broken).toEqual([])
  })

  it('hands on what describes the records', () => {
    const found = frame('{"columns":[{"name":"a"}],"error":"x","rows":[[1],[2]]}', {
      '': 'enter',
      columns: 'capture',
      error: 'capture',
      rows: 'enter',
      'rows/*': 'record',
    })
    expect(found.captures).toEqual({ columns: '[{"name":"a"}]', error: '"x"' })
    expect(found.records.map(record => record.text)).toEqual(['[1]', '[2]'])
  })

  it('reports a document that breaks off, and keeps what came before', () => {
    expect(frame('{"records":[{"a":1},\n{"a":2', inRecords)).toMatchObject({
      records: [{ text: '{"a":1}' }],
      broken: [{ line: 2, message: 'The file ends inside of this record.' }],
    })
    expect(frame('{"records":[{"a":1}', inRecords)).toMatchObject({
      records: [{ text: '{"a":1}' }],
      broken: [{ line: 1, message: 'The file ends before its JSON does.' }],
    })
    expect(frame('{"recor', inRecords).broken).toHaveLength(1)
    expect(frame('{"records"', inRecords).broken).toHaveLength(1)
  })

  it('finds the next record after one with an open string', () => {
    const lines = '[\n{"a":1},\n{"a":"no end},\n{"a":3},\n{"b":{\n"c":4}}\n]\n'
    const found = frame(lines, inArray)
    expect(found.records.map(record => record.text)).toEqual([
      '{"a":1}',
      '{"a":3}',
      '{"b":{\n"c":4}}',
    ])
    expect(found.broken).toEqual([{ line: 3, message: 'A string is not closed on its line.' }])
  })

  it('does not take what is inside of a broken record for a record', () => {
    const lines = [
      '[',
      '  {',
      '    "a": "no end,',
      '    "inner": [',
      '      {',
      '        "x": 1',
      '      }',
      '    ]',
      '  },',
      '  {',
      '    "a": 2',
      '  }',
      ']',
    ].join('\n')
    const found = frame(lines, inArray)
    expect(found.records).toEqual([{ text: '{\n    "a": 2\n  }', line: 10 }])
    expect(found.broken).toHaveLength(1)
  })

  it('begins anew with a wrapper on a line of its own after a broken one', () => {
    const found = frame('{"records":[{"a":1},{"a":"x\n{"records":[{"a":2}]}\n', inRecords)
    expect(found.records.map(record => record.text)).toEqual(['{"a":1}', '{"a":2}'])
    expect(found.broken).toEqual([{ line: 1, message: 'A string is not closed on its line.' }])
  })

  it.each([
    ['garbage\n{"a":1}', 1],
    ['{"a":1} garbage\n{"a":2}', 2],
    ['{"a":1}}\n{"a":2}', 2],
    ['42\n{"a":1}', 1],
  ])('skips what is no record: %j', (text, records) => {
    const found = frame(text, alone)
    expect(found.records).toHaveLength(records)
    expect(found.broken).toEqual([{ line: 1, message: 'No JSON record begins here.' }])
  })

  it('passes over bytes of zero, as an interrupted writer leaves them', () => {
    const found = frame('{"a":1}\n\0\0\0\0\n{"a":2}\0\0', alone)
    expect(found.records).toHaveLength(2)
    expect(found.broken).toEqual([])
  })

  it('reports a record beyond the limit, and goes on', () => {
    const found = frame(`{"a":"${'x'.repeat(100)}"}{"a":1}`, alone, 16, 64)
    expect(found.records).toEqual([{ text: '{"a":1}', line: 1 }])
    expect(found.broken).toEqual([{ line: 1, message: 'The record is longer than 64 bytes.' }])
  })

  it('follows any depth', () => {
    const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    expect(frame(`${deep}\n{"b":1}`, alone, 1 << 16).records).toHaveLength(2)
  })
})
