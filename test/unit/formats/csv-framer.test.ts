import { describe, expect, it } from 'vitest'
import { CsvFramer } from '../../../src/tables/formats/csv-framer.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

function frame(text: string, size = 5, delimiter = ',', limit = 1 << 20) {
  const rows: unknown[] = []
  const lines: number[] = []
  const broken: { line: number; message: string }[] = []
  let names: readonly string[] = []
  const framer = new CsvFramer(
    {
      header: found => {
        names = found
      },
      record: (bytes, start, end, line) => {
        rows.push(JSON.parse(decoder.decode(bytes.subarray(start, end))))
        lines.push(line)
      },
      broken: (line, message) => broken.push({ line, message }),
    },
    delimiter,
    limit,
  )
  const bytes = encoder.encode(text)
  for (let at = 0; at < bytes.length; at += size) framer.push(bytes.slice(at, at + size))
  framer.end()
  return { names, rows, lines, broken }
}

describe('CsvFramer', () => {
  it.each([1, 2, 3, 1000])('writes records as JSON arrays, in pieces of %i', size => {
    const text =
      'a,"b, c",d\r\n1,,"x ""y"" \\ z"\r\n"4/28/2021, 2:08:45.221 PM",é\t,"{\n  ""k"": 1\r\n}"\r\n,,""'
    expect(frame(text, size)).toEqual({
      names: ['a', 'b, c', 'd'],
      rows: [
        ['1', null, 'x "y" \\ z'],
        ['4/28/2021, 2:08:45.221 PM', 'é\t', '{\n  "k": 1\r\n}'],
        [null, null, null],
      ],
      lines: [2, 3, 6],
      broken: [],
    })
  })

  it('leaves out blank lines and takes other separators', () => {
    expect(frame('a;b\n\n1;2\r\n\r\n\n3;4\n', 4, ';')).toMatchObject({
      names: ['a', 'b'],
      rows: [
        ['1', '2'],
        ['3', '4'],
      ],
      lines: [3, 6],
    })
  })

  it('takes an empty cell in quotes for a record, not for a blank line', () => {
    expect(frame('a\r\nx\r\n""\r\n\r\n"y"\r\n""', 3)).toMatchObject({
      names: ['a'],
      rows: [['x'], [null], ['y'], [null]],
      lines: [2, 3, 5, 6],
    })
    expect(frame('a,b\n""\n1,2\n')).toMatchObject({
      rows: [['1', '2']],
      broken: [{ line: 2, message: 'The record has 1 cells, the first line has 2.' }],
    })
  })

  it('keeps quotes and returns inside of plain cells, and text after a closing quote', () => {
    expect(frame('a,b\nx"y,"p"q\nc\rd,e\n').rows).toEqual([
      ['x"y', 'pq'],
      ['c\rd', 'e'],
    ])
  })

  it('reports records of another length, and a cell that does not end', () => {
    expect(frame('a,b\n1\n1,2\n1,2,3\n1,"2\n3')).toMatchObject({
      rows: [['1', '2']],
      broken: [
        { line: 2, message: 'The record has 1 cells, the first line has 2.' },
        { line: 4, message: 'The record has 3 cells, the first line has 2.' },
        { line: 5, message: 'The file ends inside of a quoted cell.' },
      ],
    })
  })

  it('reports a record beyond the limit, and goes on', () => {
    expect(frame(`a\n${'x'.repeat(100)}\ny\n`, 8, ',', 32)).toMatchObject({
      rows: [['y']],
      broken: [{ line: 2, message: 'The record is longer than 32 bytes.' }],
    })
  })
})
