import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decompressed, unzstdInJavaScript } from '../../../src/node/decompress.ts'
import { openData } from '../../../src/node/open-data.ts'
import { Catalog } from '../../../src/tables/catalog.ts'
import { concatBytes } from '../../../src/tables/formats/data-file.ts'
import { readTable } from '../formats/read-table.ts'

const catalog = Catalog.builtin()
const line = (name: string) => `${JSON.stringify({ OperationName: name, Type: 'AuditLogs' })}\n`
const text = Array.from({ length: 40_000 }, (_, index) => line(`operation ${index}`)).join('')
const bytes = strToU8(text)

async function* inPieces(data: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(size)
  for (let start = 0; start < data.length; start += size) {
    const piece = data.subarray(start, start + size)
    // One buffer for all pieces, as files are read.
    buffer.set(piece)
    yield buffer.subarray(0, piece.length)
  }
}

async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece.slice())
  return concatBytes(all)
}

describe('decompressed', () => {
  it.each([
    ['plain', bytes],
    ['gzip', gzipSync(bytes)],
    ['zstd', zstdCompressSync(bytes)],
  ])('gives the bytes of %s data', async (_, data) => {
    for (const size of [4, 7000, 1 << 20]) {
      if (size === 4 && data.length > 1 << 20) continue
      expect(Buffer.from(await whole(decompressed(inPieces(data, size)))).equals(bytes)).toBe(true)
    }
  })

  it('gives nothing of nothing', async () => {
    expect(await whole(decompressed(inPieces(new Uint8Array(0), 8)))).toHaveLength(0)
  })

  it('reads zstd without Node too', async () => {
    const found = await whole(unzstdInJavaScript(inPieces(zstdCompressSync(bytes), 5000)))
    expect(Buffer.from(found).equals(bytes)).toBe(true)
  })

  it.each([
    ['gzip', gzipSync(bytes)],
    ['zstd', zstdCompressSync(bytes)],
  ])('says where %s data end too early or are damaged', async (format, data) => {
    const half = data.subarray(0, data.length >> 1)
    await expect(whole(decompressed(inPieces(half, 5000)))).rejects.toThrow(
      new RegExp(`Its ${format} data (end too early|are damaged)`),
    )
    const wrong = new Uint8Array(data)
    wrong.fill(0xff, 5, 40)
    await expect(whole(decompressed(inPieces(wrong, 5000)))).rejects.toThrow(`Its ${format} data`)
  })

  it('says where zstd data end too early without Node too', async () => {
    const data = zstdCompressSync(bytes)
    const half = data.subarray(0, data.length >> 1)
    await expect(whole(unzstdInJavaScript(inPieces(half, 5000)))).rejects.toThrow('Its zstd data')
  })
})

describe('openData', () => {
  let root = ''
  const put = async (name: string, content: Uint8Array): Promise<string> => {
    const path = join(root, name)
    await writeFile(path, content)
    return path
  }
  const names = async (paths: string[]): Promise<unknown[]> => {
    const opened = await openData({ data: paths, catalog })
    expect([opened.problems, opened.unrecognised]).toEqual([[], []])
    const source = opened.sources.get('AuditLogs')
    if (source === undefined) throw new Error(JSON.stringify(opened.files))
    return (await readTable(source, ['OperationName'])).rows.map(row => row['OperationName'])
  }

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'kqlab-zip-'))
  })
  afterAll(() => rm(root, { recursive: true, force: true }))

  it('reads zstd', async () => {
    const path = await put('a.json.zst', zstdCompressSync(strToU8(line('a') + line('b'))))
    expect(await names([path])).toEqual(['a', 'b'])
  })

  it('reads the logs in a ZIP archive, in its order', async () => {
    const path = await put(
      'export.zip',
      zipSync({
        'b/one.json': strToU8(line('one')),
        'a/two.ndjson.gz': gzipSync(line('two')),
        'a/three.json': [strToU8(line('three')), { level: 0 }],
        'a/readme.txt': strToU8('hello'),
        '__MACOSX/a/._three.json': strToU8('junk'),
        '.hidden/x.json': strToU8('junk'),
      }),
    )
    expect(await names([path])).toEqual(['one', 'two', 'three'])
    const { ignored, files } = await openData({ data: [root], catalog })
    expect(ignored).toEqual([join(path, 'a/readme.txt')])
    expect(files.map(file => file.path)).toContain(join(path, 'a/three.json'))
  })

  it('tells the table from the name of the archive', async () => {
    const row = strToU8('{"TimeGenerated":"2026-01-01T00:00:00Z","OperationName":"z"}\n')
    const path = await put('AuditLogs_2026-01.zip', zipSync({ 'data.json': row }))
    expect(await names([path])).toEqual(['z'])
  })

  it('reads a whole archive as the table that it is given for', async () => {
    const path = await put(
      'any.zip',
      zipSync({ 'x.csv': strToU8('a,b\n1,2\n'), 'y.csv': strToU8('a\n3\n') }),
    )
    const { sources } = await openData({ data: [], tables: { Any: [path] }, catalog })
    const { rows } = await readTable(sources.get('Any')!, ['a'])
    expect(rows.map(row => String(row['a']))).toEqual(['1', '3'])
  })

  it('reports an archive that is damaged, or holds no logs', async () => {
    const archive = zipSync({ 'x.json': strToU8(line('x')) })
    const cut = await put('cut.zip', archive.subarray(0, archive.length - 30))
    const empty = await put('empty.zip', zipSync({ 'x.txt': strToU8('x') }))
    const { problems } = await openData({ data: [cut, empty], catalog })
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Its ZIP data cannot be read: /),
      'The ZIP archive holds no logs.',
    ])
  })

  it('reports an entry that is damaged', async () => {
    const archive = zipSync({ 'AuditLogs.json': strToU8(text) })
    archive.fill(0xff, 200, 400)
    const path = await put('entry.zip', archive)
    const opened = await openData({ data: [path], catalog })
    const found = [...opened.problems.map(({ message }) => message)]
    const source = opened.sources.get('AuditLogs')
    if (source !== undefined) {
      found.push(...(await readTable(source, ['OperationName'])).problems.map(p => p.message))
    }
    expect(found.join()).toMatch(/Its ZIP data cannot be read/)
  })
})
