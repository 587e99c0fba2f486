import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  crc32InJavaScript,
  decompressed,
  unzstdInJavaScript,
} from '../../../src/node/decompress.ts'
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

/** What the pieces give until they end or fail, and the message of the failure. */
async function untilFault(pieces: AsyncIterable<Uint8Array>): Promise<[string, string?]> {
  let found = ''
  try {
    for await (const piece of pieces) found += Buffer.from(piece).toString('latin1')
  } catch (error) {
    return [found, (error as Error).message]
  }
  return [found]
}

async function* given(...pieces: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    const buffer = new Uint8Array(piece)
    yield buffer
    // A piece is valid until the next one.
    buffer.fill(0xee)
  }
}

/** A frame of one block that is stored as it is, its content size in one byte. */
const rawFrame = (content: string) =>
  Uint8Array.of(
    ...[0x28, 0xb5, 0x2f, 0xfd, 0x20, content.length],
    ...[(content.length << 3) | 1, content.length >> 5, 0],
    ...strToU8(content),
  )
const skippable = (kind: number, length: number) =>
  Uint8Array.of(0x50 + kind, 0x2a, 0x4d, 0x18, length, 0, 0, 0, ...new Array(length).fill(0xfd))
/** A frame with a checksum at its end. */
const checkedFrame = (content: string) =>
  zstdCompressSync(content, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })
const compressedFrame = (content: string) => zstdCompressSync(strToU8(content))
const joined = (...parts: Uint8Array[]) => concatBytes(parts)

const EARLY = (format: string) => `Its ${format} data end too early.`
const DAMAGED = (format: string) => `Its ${format} data are damaged.`
const FOLLOWED = (format: string) =>
  `Its ${format} data are followed by bytes that are no ${format} data.`

describe.each([
  ['by Node', decompressed],
  ['in JavaScript', unzstdInJavaScript],
])('zstd frames %s', (_, read) => {
  const repeated = 'abcabcabc '.repeat(12)
  const several = joined(
    skippable(0, 4),
    rawFrame('one\n'),
    rawFrame(''),
    checkedFrame('two\n'),
    skippable(15, 0),
    compressedFrame(''),
    compressedFrame(repeated),
    rawFrame('three\n'),
    skippable(7, 3),
  )
  const content = `one\ntwo\n${repeated}three\n`

  it('are read one after another, split anywhere', async () => {
    expect(await untilFault(read(given(several)))).toEqual([content])
    for (let size = 1; size < 12; size++) {
      expect(await untilFault(read(inPieces(several, size)))).toEqual([content])
    }
    for (let at = 0; at <= several.length; at++) {
      const pieces = given(several.subarray(0, at), several.subarray(at))
      expect(await untilFault(read(pieces))).toEqual([content])
    }
  })

  it('end too early wherever they are cut inside one', async () => {
    const [one, two, three] = [rawFrame('one\n'), checkedFrame('two\n'), rawFrame('three\n')]
    const data = joined(one, two, skippable(1, 2), three)
    const ends = new Map([
      [one.length, 'one\n'],
      [one.length + two.length, 'one\ntwo\n'],
      [one.length + two.length + 10, 'one\ntwo\n'],
      [data.length, 'one\ntwo\nthree\n'],
    ])
    let before = ''
    for (let length = 4; length <= data.length; length++) {
      const whole = ends.get(length)
      before = whole ?? before
      // The checksum is all that the second frame lacks in its last four bytes.
      const lacks = one.length + two.length - length
      const found = lacks > 0 && lacks <= 4 ? 'one\ntwo\n' : before
      expect([length, ...(await untilFault(read(given(data.subarray(0, length)))))]).toEqual(
        whole === undefined ? [length, found, EARLY('zstd')] : [length, whole],
      )
    }
  })

  it.each([
    ['text', strToU8('garbage\n')],
    ['a byte', Uint8Array.of(0x0a)],
    ['zeros', new Uint8Array(9)],
    ['something that begins like a frame', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfe)],
    ['the end of a skippable magic number', Uint8Array.of(0x2a, 0x4d, 0x18, 0x50)],
  ])('are given where %s follows, and that it does', async (__, junk) => {
    const data = joined(rawFrame('one\n'), compressedFrame(repeated), junk)
    for (let size = 1; size <= data.length; size++) {
      expect(await untilFault(read(inPieces(data, size)))).toEqual([
        `one\n${repeated}`,
        FOLLOWED('zstd'),
      ])
    }
  })

  it('are given up to the block that is damaged', async () => {
    // A last block of the reserved type.
    const damaged = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 1, 0x0f, 0, 0, 0x61)
    // A block that is stored, then the one of the reserved type.
    const later = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 4, 0x10, 0, 0, 0x62, 0x63, 0x0f, 0, 0)
    expect(await untilFault(read(given(joined(rawFrame('a'), damaged))))).toEqual([
      'a',
      DAMAGED('zstd'),
    ])
    expect(await untilFault(read(given(joined(rawFrame('a'), later))))).toEqual([
      'abc',
      DAMAGED('zstd'),
    ])
  })

  it('are read where there are many small ones', async () => {
    const frames = Array.from({ length: 20_000 }, (___, index) => rawFrame(`${index}\n`))
    const expected = Array.from({ length: 20_000 }, (___, index) => `${index}\n`).join('')
    const [found, fault] = await untilFault(read(given(joined(...frames))))
    expect(fault).toBeUndefined()
    expect(found === expected).toBe(true)
  })

  it('may be larger than a piece', async () => {
    const frame = zstdCompressSync(bytes)
    const found = await whole(read(inPieces(joined(frame, frame), 5000)))
    expect(Buffer.from(found).equals(joined(bytes, bytes))).toBe(true)
  })
})

it('says that the checksum of a zstd frame is wrong, behind its content', async () => {
  const frame = new Uint8Array(checkedFrame('two\n'))
  frame[frame.length - 1]! ^= 1
  expect(await untilFault(decompressed(given(joined(rawFrame('one\n'), frame))))).toEqual([
    'one\ntwo\n',
    DAMAGED('zstd'),
  ])
})

it('says that zstd data need more memory than is taken for them', async () => {
  // A frame with a window of 256 MB, and one block that is stored as it is.
  const header = Uint8Array.of(...[0x28, 0xb5, 0x2f, 0xfd], 0x00, 0x90, (4 << 3) | 1, 0, 0)
  expect(await untilFault(decompressed(given(joined(header, strToU8('one\n')))))).toEqual([
    '',
    'Its zstd data take more than 128 MB of memory to unpack: unpack them with zstd -d --long=31.',
  ])
})

describe('gzip members', () => {
  /** A member of one block that is stored as it is, with every field that a header can have. */
  const named = (content: string) => {
    const plain = gzipSync(content, { level: 0 })
    const fields = [3, 0, 1, 2, 3, ...strToU8('a.json\0'), ...strToU8('note\0'), 0x12, 0x34]
    const header = [0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3]
    return Uint8Array.of(...header, ...fields, ...plain.subarray(10))
  }
  const repeated = 'abcabcabc '.repeat(12)
  const several = joined(named('one\n'), gzipSync(''), gzipSync(repeated), named('two\n'))
  const content = `one\n${repeated}two\n`

  it('are read one after another, split anywhere', async () => {
    for (const data of [several, joined(several, new Uint8Array(20))]) {
      for (let size = 1; size < 12; size++) {
        expect(await untilFault(decompressed(inPieces(data, size)))).toEqual([content])
      }
      for (let at = 0; at <= data.length; at++) {
        const pieces = given(data.subarray(0, at), data.subarray(at))
        expect(await untilFault(decompressed(pieces))).toEqual([content])
      }
    }
  })

  it('are read behind zeros', async () => {
    const data = joined(gzipSync('one\n'), new Uint8Array(5), gzipSync('two\n'))
    expect(await untilFault(decompressed(given(data)))).toEqual(['one\ntwo\n'])
  })

  it.each([
    ['text', strToU8('garbagegarbage\n')],
    ['a byte', Uint8Array.of(0x0a)],
    ['something that begins like a member', Uint8Array.of(0x1f, 0x8c, 8, 0)],
    ['zeros and text', strToU8('\0\0\0garbage')],
  ])('are given where %s follows, and that it does', async (_, junk) => {
    const data = joined(named('one\n'), gzipSync(repeated), junk)
    for (let size = 1; size <= data.length; size++) {
      expect(await untilFault(decompressed(inPieces(data, size)))).toEqual([
        `one\n${repeated}`,
        FOLLOWED('gzip'),
      ])
    }
  })

  it('end too early wherever they are cut inside one', async () => {
    const one = named('one\n')
    // What is stored begins behind the header of 29 or 10 bytes, and five of the block.
    const data = joined(one, gzipSync('two\n', { level: 0 }))
    for (let length = 2; length < data.length; length++) {
      const inOne = Math.min(Math.max(length - 34, 0), 4)
      const inTwo = Math.min(Math.max(length - one.length - 15, 0), 4)
      const found = 'one\n'.slice(0, inOne) + 'two\n'.slice(0, inTwo)
      expect([
        length,
        ...(await untilFault(decompressed(given(data.subarray(0, length))))),
      ]).toEqual(length === one.length ? [length, found] : [length, found, EARLY('gzip')])
    }
  })

  it('are given where the checksum or the length behind them is wrong', async () => {
    for (const back of [8, 5, 4, 1]) {
      const member = new Uint8Array(gzipSync('two\n'))
      member[member.length - back]! ^= 1
      expect(await untilFault(decompressed(given(joined(named('one\n'), member))))).toEqual([
        'one\ntwo\n',
        DAMAGED('gzip'),
      ])
    }
  })

  it('are damaged where the method or a flag is unknown', async () => {
    for (const [at, value] of [
      [2, 7],
      [3, 0x20],
    ] as const) {
      const member = new Uint8Array(gzipSync('two\n'))
      member[at] = value
      expect(await untilFault(decompressed(given(joined(named('one\n'), member))))).toEqual([
        'one\n',
        DAMAGED('gzip'),
      ])
    }
  })

  it('give most of what is in front of the damage', async () => {
    // Two blocks that are stored, of 60000 bytes each, then one of the reserved type.
    const block = (start: number) =>
      joined(Uint8Array.of(0, 0x60, 0xea, 0x9f, 0x15), bytes.subarray(start, start + 60_000))
    const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3)
    const data = joined(header, block(0), block(60_000), Uint8Array.of(7, 0, 0, 0))
    const [found, fault] = await untilFault(decompressed(inPieces(data, 1 << 20)))
    expect(fault).toBe(DAMAGED('gzip'))
    expect(text.startsWith(found)).toBe(true)
    expect(found.length).toBeGreaterThan(120_000 - (1 << 14))
  })

  it('are read where there are many small ones', async () => {
    const members = Array.from({ length: 5000 }, (_, index) => gzipSync(`${index}\n`))
    const expected = Array.from({ length: 5000 }, (_, index) => `${index}\n`).join('')
    const [found, fault] = await untilFault(decompressed(given(joined(...members))))
    expect(fault).toBeUndefined()
    expect(found === expected).toBe(true)
  })
})

it('computes a checksum in parts', () => {
  // The check value of CRC-32.
  expect(crc32InJavaScript(strToU8('123456789'), 0)).toBe(0xcbf43926)
  expect(crc32InJavaScript(strToU8('6789'), crc32InJavaScript(strToU8('12345'), 0))).toBe(
    0xcbf43926,
  )
})

describe('decompressed, by the way', () => {
  it('stops where the reader does, or the signal', async () => {
    for (const data of [gzipSync(bytes), zstdCompressSync(bytes)]) {
      for await (const piece of decompressed(inPieces(data, 1000))) {
        expect(piece.length).toBeGreaterThan(0)
        break
      }
      const control = new AbortController()
      const reading = decompressed(inPieces(data, 1000), control.signal)
      await reading.next()
      control.abort(new Error('stop'))
      await expect(whole(reading)).rejects.toThrow('stop')
    }
  })

  it('hands on a failure of what it reads', async () => {
    for (const data of [gzipSync(bytes), zstdCompressSync(bytes)]) {
      const failing = async function* () {
        yield data.subarray(0, 1000)
        throw new Error('gone')
      }
      await expect(whole(decompressed(failing()))).rejects.toThrow('gone')
    }
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

  it.each([
    ['zst', zstdCompressSync],
    ['gz', gzipSync],
  ])('reads all that is joined in a file of %s', async (ending, pack) => {
    const parts = [pack(strToU8(line('a') + line('b'))), pack(strToU8(line('c')))]
    const path = await put(`joined.json.${ending}`, joined(...parts, ...parts))
    expect(await names([path])).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
  })

  it.each([
    ['zst', 'zstd', zstdCompressSync],
    ['gz', 'gzip', gzipSync],
  ])(
    'gives the rows before the junk in a file of %s, and reports it',
    async (ending, format, pack) => {
      const rows = Array.from({ length: 2000 }, (_, index) => `row ${index}`)
      const data = joined(pack(strToU8(rows.map(line).join(''))), strToU8('garbagegarbage\n'))
      const path = await put(`junk.json.${ending}`, data)
      const { sources } = await openData({ data: [], tables: { AuditLogs: [path] }, catalog })
      const found = await readTable(sources.get('AuditLogs')!, ['OperationName'])
      expect(found.rows.map(row => row['OperationName'])).toEqual(rows)
      expect(found.problems.map(problem => problem.message)).toEqual([
        expect.stringContaining(FOLLOWED(format)),
      ])
    },
  )

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

  it('reports an entry whose bytes are not those that were put in', async () => {
    const archive = zipSync({ 'AuditLogs.json': [strToU8(line('one')), { level: 0 }] })
    archive[Buffer.from(archive).indexOf('one')] = 0x58
    const path = await put('changed.zip', archive)
    const source = (await openData({ data: [path], catalog })).sources.get('AuditLogs')
    const { problems = [] } = (source && (await readTable(source, ['OperationName']))) ?? {}
    expect(problems.map(({ message }) => message)).toEqual([
      'Its ZIP data cannot be read: the checksum of the file is wrong.',
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
