import { describe, expect, it } from 'vitest'
import { LineFilter } from '../../../../src/tables/json/line-filter.ts'
import { piecesAhead, type TextAhead } from '../../../../src/tables/json/scan-ahead.ts'
import { scanPieces } from '../../../../src/tables/json/scan-pieces.ts'
import {
  LEAD_BYTES,
  leavePieces,
  PIECE_BYTES,
  piecesRoom,
} from '../../../../src/tables/json/skip-memory.ts'
import type { ReadProblem } from '../../../../src/tables/source.ts'
import { numberedReader, rowsOf } from './read.ts'

const encoder = new TextEncoder()

/** A record of a line of so many bytes, without its newline. */
function record(n: number, length: number): string {
  return `{"n":${n},"s":"${'x'.repeat(length - `{"n":${n},"s":""}`.length)}"}`
}

/** A text that can be read up to a position, and then ends, or fails. */
function textOf(bytes: Uint8Array, end = bytes.length, reason?: Error): TextAhead {
  const readAhead = async (into: Uint8Array, position: number): Promise<number> => {
    await Promise.resolve()
    const part = bytes.subarray(position, Math.min(position + into.length, end))
    if (reason !== undefined && part.length < into.length) throw reason
    into.set(part)
    return part.length
  }
  const read = (): number => {
    throw new Error('it is read ahead')
  }
  return { size: bytes.length, read, readAhead }
}

interface Scanned {
  /** How many rows came at once. */
  readonly batches: readonly number[]
  readonly unexamined: number
  readonly numbers: unknown[]
  readonly lengths: unknown[]
  readonly problems: ReadProblem[]
}

/** The numbers and lengths of texts of the records. */
async function scanned(
  text: TextAhead,
  {
    maxRecordBytes = 1 << 26,
    problems = [],
    signal,
    filter,
  }: {
    maxRecordBytes?: number
    problems?: ReadProblem[]
    signal?: AbortSignal
    filter?: LineFilter
  } = {},
): Promise<Scanned> {
  const reader = numberedReader(problems, { maxRecordBytes })
  let unexamined = 0
  const leaveOut = (lines: number): void => {
    unexamined += lines
  }
  const wanted = { kernel: true, filter, unexamined: leaveOut }
  const pieces = piecesAhead(text)
  if (pieces === undefined) throw new Error('there is no room')
  const rows: unknown[][] = []
  const batches: number[] = []
  for await (const batch of scanPieces(pieces, reader, wanted, signal)) {
    rows.push(...rowsOf(batch))
    batches.push(batch.rowCount)
  }
  const lengths = rows.map(([, s]) => String(s).length)
  return { batches, unexamined, numbers: rows.map(([n]) => n), lengths, problems }
}

/** Lines of these lengths, with their newlines. */
function linesOf(lengths: readonly number[]): Uint8Array {
  return encoder.encode(lengths.map((length, n) => `${record(n, length - 1)}\n`).join(''))
}

function counting(count: number): bigint[] {
  return Array.from({ length: count }, (_, n) => BigInt(n))
}

describe('a text that is read ahead', () => {
  it.each<[string, readonly number[]]>([
    ['lines that end where pieces end', [PIECE_BYTES, PIECE_BYTES - 100, 100, PIECE_BYTES, 50]],
    ['a line that begins with the last byte of a piece', [PIECE_BYTES - 1, 300, 300]],
    ['a line that ends with the first byte of a piece', [PIECE_BYTES - 300, 301, 300]],
    ['a start of a line that just has room', [PIECE_BYTES - LEAD_BYTES, LEAD_BYTES + 90, 80]],
    ['one that has none', [PIECE_BYTES - LEAD_BYTES - 1, LEAD_BYTES + 90, 80]],
    ['a line over several pieces', [70, 3 * PIECE_BYTES + 12_345, 60, PIECE_BYTES, 50]],
    ['more pieces than there are places', Array.from({ length: 29 }, () => PIECE_BYTES - 7777)],
    ['nothing', []],
  ])('has all of its records: %s', async (_, lengths) => {
    const bytes = linesOf(lengths)
    for (const text of [bytes, bytes.subarray(0, -1)]) {
      const { numbers, lengths: found, problems } = await scanned(textOf(text))
      expect(problems).toEqual([])
      expect(numbers).toEqual(counting(lengths.length))
      expect(found).toEqual(lengths.map((length, n) => length - 1 - `{"n":${n},"s":""}`.length))
    }
  })

  it('has lines that count on', async () => {
    const good = `${record(1, 99_999)}\n`
    const bytes = encoder.encode(`${good.repeat(50)}{"n":2,\n${good.repeat(50)}{"n"`)
    const { numbers, problems } = await scanned(textOf(bytes))
    expect(numbers.length).toBe(100)
    expect(problems.map(({ line }) => line)).toEqual([51, 102])
  })

  it('has the few lines that matter taken at once, in their order, with those that are many', async () => {
    // Four segments and a bit, of which the third has its last lines together.
    const lines = Array.from({ length: 1025 }, (_, n) => `${record(n, (1 << 16) - 1)}\n`)
    const few = Array.from({ length: 31 }, (_, k) => k * 33 + 7)
    const many = Array.from({ length: 40 }, (_, k) => k + 720)
    const wanted = [...new Set([...few, 507, ...many])].sort((a, b) => a - b)
    for (const n of wanted) lines[n] = lines[n]!.replace('xxxxxx', 'needle')
    lines[507] = '{"n":507,"s":"needle",}\n'
    lines[508] = '{"n":508,"s":"n\\u0065edle"}\n'
    const filter = LineFilter.of({ words: [['needle']] })
    const found = await scanned(textOf(encoder.encode(lines.join(''))), { filter })
    const rows = wanted.filter(n => n !== 507).concat(508)
    expect(found.numbers).toEqual(rows.sort((a, b) => a - b).map(BigInt))
    expect(found.problems.map(({ line }) => line)).toEqual([508])
    expect(found.unexamined).toBe(1025 - rows.length - 1)
    // Half a megabyte of lines waits for as many of the second segment, which are enough; the third has many.
    expect(found.batches).toEqual([8 + 8 + 1, 7 + 40, 7])
  })

  it('gives the few lines that come before a fault', async () => {
    const lines = Array.from({ length: 600 }, (_, n) => `${record(n, (1 << 16) - 1)}\n`)
    for (const n of [5, 300, 599]) lines[n] = lines[n]!.replace('xxxxxx', 'needle')
    const bytes = encoder.encode(lines.join(''))
    const text = textOf(bytes, 500 << 16, new Error('The disk is broken.'))
    const reader = numberedReader([])
    const filter = LineFilter.of({ words: [['needle']] })
    const pieces = piecesAhead(text)
    const rows: unknown[] = []
    const scan = async (): Promise<void> => {
      const wanted = { kernel: true, filter, unexamined: () => undefined }
      for await (const batch of scanPieces(pieces!, reader, wanted)) {
        rows.push(...rowsOf(batch).map(([n]) => n))
      }
    }
    await expect(scan()).rejects.toThrow('The disk is broken.')
    expect(rows).toEqual([5n, 300n])
  })

  it('may have a line that is too long', async () => {
    const bytes = linesOf([80, 2 * PIECE_BYTES, 80])
    const { numbers, problems } = await scanned(textOf(bytes), { maxRecordBytes: PIECE_BYTES })
    expect(numbers).toEqual([0n, 2n])
    expect(problems).toMatchObject([{ line: 2 }])
  })

  it('may be shorter than it was', async () => {
    const bytes = linesOf(Array.from({ length: 100 }, () => PIECE_BYTES / 10))
    // Cut off within the 25th line.
    const { numbers, problems } = await scanned(textOf(bytes, 2.45 * PIECE_BYTES))
    expect(numbers).toEqual(counting(24))
    expect(problems).toMatchObject([{ line: 25 }])
  })

  it('gives what comes before a fault, and the fault', async () => {
    const bytes = linesOf(Array.from({ length: 100 }, () => PIECE_BYTES / 10))
    const text = textOf(bytes, 2.45 * PIECE_BYTES, new Error('The disk is broken.'))
    const problems: ReadProblem[] = []
    await expect(scanned(text, { problems })).rejects.toThrow('The disk is broken.')
    // The line that it cuts off is none.
    expect(problems).toEqual([])
    // The room is free again.
    expect((await scanned(textOf(bytes))).numbers.length).toBe(100)
  })

  it('ends by its signal, and frees the room', async () => {
    const bytes = linesOf([80, 80])
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(scanned(textOf(bytes), { signal })).rejects.toThrow('enough')
    expect((await scanned(textOf(bytes))).numbers).toEqual([0n, 1n])
  })

  it('has no room while another one is read', async () => {
    expect(piecesRoom()).toBeDefined()
    await expect(scanned(textOf(linesOf([80])))).rejects.toThrow('there is no room')
    leavePieces()
    expect((await scanned(textOf(linesOf([80])))).numbers).toEqual([0n])
  })
})
