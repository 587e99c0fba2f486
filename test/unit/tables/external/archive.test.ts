import { gzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { bytesFile, openingOf, unpacked } from '../../../../src/tables/external/archive.ts'
import { formatOfName } from '../../../../src/tables/external/external-format.ts'
import type { DataFile } from '../../../../src/tables/formats/data-file.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

async function textOf(file: DataFile): Promise<string> {
  let text = ''
  for await (const piece of file.read()) text += new TextDecoder().decode(piece)
  return text
}

async function contents(packed: Uint8Array): Promise<string[][]> {
  const files = await unpacked(bytesFile('f', packed))
  return Promise.all(files.map(async file => [file.path, await textOf(file)]))
}

describe('unpacked', () => {
  it('gives what is packed, and other files as they are', async () => {
    expect(await contents(bytes('PK'))).toEqual([['f', 'PK']])
    expect(await contents(gzipSync(bytes('x')))).toEqual([['f', 'x']])
    const zip = zipSync({ 'a.csv': bytes('1'), dir: { 'b.csv': bytes('2') } })
    expect(await contents(zip)).toEqual([
      ['f/a.csv', '1'],
      ['f/dir/b.csv', '2'],
    ])
  })

  it('gives all members of gzip data', async () => {
    const members = ['aaaa\n', 'bb\n', ''].map(text => [...gzipSync(bytes(text))])
    expect(await contents(Uint8Array.from(members.flat()))).toEqual([['f', 'aaaa\nbb\n']])
  })

  it.each([
    gzipSync(bytes('text')).subarray(0, 12),
    Uint8Array.from([...gzipSync(bytes('text')), ...bytes('and no gzip data behind it')]),
    bytes('PK\x03\x04damaged'),
    Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0),
  ])('refuses what is damaged, and zstd', async packed => {
    await expect(contents(packed)).rejects.toMatchObject({ name: 'DataFileError' })
  })
})

it('openingOf gives the first byte that counts', async () => {
  const opening = (text: string) => openingOf(bytesFile('f', bytes(text)).read())
  expect(await opening('\ufeff\n [1]')).toBe(0x5b)
  expect(await opening(' \n')).toBeUndefined()
})

it.each([
  ['https://h/a/b.csv?sv=2020&x=.txt', 'csv'],
  ['https://h/b.TSV.gz;impersonate', 'tsv'],
  ['b.json.zip', 'json'],
  ['b.json.zst', 'json'],
  ['b.jsonl', 'json'],
  ['b.parquet', 'parquet'],
  ['https://h/feed', undefined],
  ['https://h/feed.php', undefined],
])('formatOfName of %s is %s', (name, format) => {
  expect(formatOfName(name)).toBe(format)
})
