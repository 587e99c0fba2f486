import { describe, expect, it } from 'vitest'
import { Catalog } from '../../../src/tables/catalog.ts'
import { openFiles } from '../../../src/tables/formats/open-files.ts'
import { Utf8Check } from '../../../src/tables/formats/utf8-check.ts'
import type { TableSource } from '../../../src/tables/source.ts'
import { memoryFile } from './memory-file.ts'
import { readTable } from './read-table.ts'

/** A text in which ~ is a byte that UTF-8 never has. */
function bytesOf(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text)
  return bytes.map(byte => (byte === 0x7e ? 0xfc : byte))
}

function lineOf(pieces: readonly Uint8Array[]): number | undefined {
  const check = new Utf8Check()
  for (const piece of pieces) check.add(piece)
  check.end()
  return check.faultyLine
}

describe('the first line that is not UTF-8', () => {
  it.each([
    ['', undefined],
    ['a\nMüller €\u{1F600}\n', undefined],
    ['~', 1],
    ['a\nM~ller\nb\n~\n', 2],
    ['a\nb\nM~ller', 3],
    ['é\r\n\r\nM~ller\r\n', 3],
  ])('of %j is %s', (text, line) => {
    const bytes = bytesOf(text)
    expect(lineOf([bytes])).toBe(line)
    // In pieces that end within characters, too; a line that is in none of them whole is the last one.
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(lineOf([bytes.subarray(0, cut), bytes.subarray(cut)])).toBe(line)
    }
  })

  it('is that of a character that is not complete', () => {
    const [a, newline, start] = [0x61, 0x0a, 0xe9]
    expect(lineOf([Uint8Array.of(a, newline, a, start)])).toBe(2)
    expect(lineOf([Uint8Array.of(a, start), Uint8Array.of(newline, a, newline)])).toBe(1)
    expect(lineOf([Uint8Array.of(a, newline, start), Uint8Array.of(0x80), Uint8Array.of(a)])).toBe(
      2,
    )
    expect(lineOf([Uint8Array.of(start), Uint8Array.of(0x80), Uint8Array.of(0x80)])).toBeUndefined()
  })

  it('is not looked for behind a megabyte', () => {
    const line = 'x'.repeat(1023)
    const lines = (before: number) => bytesOf(`${`${line}\n`.repeat(before)}~\n${line}\n`)
    expect(lineOf([lines(1000)])).toBe(1001)
    expect(lineOf([lines(1024)])).toBeUndefined()
  })
})

describe('a file that is not UTF-8', () => {
  it.each([
    ['T.csv', 'n,s\n1,a\n2,M~ller\n'],
    ['T.ndjson', '{"n":1,"s":"a"}\n\n{"n":2,"s":"M~ller"}\n'],
    ['T.json', '[{"n":1,"s":"a"},\n\n{"n":2,"s":"M~ller"}]'],
  ])('%s is read, and told of', async (path, text) => {
    const catalog = Catalog.empty().with({ T: { n: 'long', s: 'string' } })
    const file = memoryFile(path, bytesOf(text))
    const { sources, problems } = await openFiles([{ file, tables: ['T'] }], { catalog })
    expect(problems).toEqual([])
    const read = await readTable(sources.get('T') as TableSource, ['n', 's'])
    expect(read.rows).toEqual([
      { n: 1n, s: 'a' },
      { n: 2n, s: 'M\ufffdller' },
    ])
    expect(read.problems).toEqual([
      {
        file: path,
        kind: 'record',
        message:
          'Line 3 has bytes that are not UTF-8, and others may: they are read as U+FFFD. Is the file in another encoding, such as Windows-1252?',
      },
    ])
  })
})
