import { describe, expect, it } from 'vitest'
import {
  instanceOf,
  type Kernel,
  OTHER_SCRATCH,
  sharedKernel,
} from '../../../../src/tables/json/kernel.ts'
import { LineFilter } from '../../../../src/tables/json/line-filter.ts'
import {
  FREE,
  LEAD_BYTES,
  PIECE_BYTES,
  PieceBoard,
  PieceReader,
  type PieceTask,
  PLACES_AHEAD,
  placesBytes,
} from '../../../../src/tables/json/piece-places.ts'
import { type Pieces, scanPieces } from '../../../../src/tables/json/scan-pieces.ts'
import type { StoredText } from '../../../../src/tables/json/segment-reader.ts'
import { type PieceThread, sharedPieces } from '../../../../src/tables/json/shared-pieces.ts'
import type { ReadProblem } from '../../../../src/tables/source.ts'
import { DynamicVector, TextVector, type Vector } from '../../../../src/tables/vector.ts'
import { numberedReader, readerOf, rowsOf, type Wanted, wanted, wantedPath } from './read.ts'

const encoder = new TextEncoder()

/** What another thread does when it is started: so many pieces, and no more. */
class OtherThread implements PieceThread {
  readonly kernel: Kernel
  isLost = false
  isReleased = false
  readonly #next: (task: PieceTask) => void

  constructor(text: StoredText, pieces: number) {
    const shared = sharedKernel(placesBytes(PLACES_AHEAD))
    if (shared === undefined) throw new Error('there is no shared memory')
    const { kernel, module, memory } = shared
    const functions = instanceOf(module, memory, OTHER_SCRATCH, true)
    this.kernel = kernel
    this.#next = task => {
      const reader = new PieceReader(task, functions, memory.buffer, text.read)
      for (let piece = 0; piece < pieces && reader.next(); piece++);
    }
  }

  start(task: PieceTask): void {
    this.isReleased = false
    try {
      this.#next(task)
    } catch {
      // Whoever has claimed a piece and does not read it says so on the board.
    }
  }

  release(): void {
    this.isReleased = true
  }
}

/** A text that can be read up to a position, and then ends, or fails. */
function textOf(bytes: Uint8Array, end = bytes.length, reason?: Error): StoredText {
  const read = (into: Uint8Array, position: number): number => {
    const part = bytes.subarray(position, Math.max(position, Math.min(position + into.length, end)))
    if (reason !== undefined && part.length < into.length) throw reason
    into.set(part)
    return part.length
  }
  return { size: bytes.length, read }
}

/** Pieces that tell in whose memory they are. */
function told(pieces: Pieces, memories: Set<Uint8Array>): Pieces {
  const read = async (piece: number) => {
    const found = await pieces.read(piece)
    if (found.length > 0) memories.add(found.bytes)
    return found
  }
  const { bytes, lead, size } = pieces
  return { bytes, lead, size, read, release: () => pieces.release?.(), close: () => pieces.close() }
}

/** The texts that a column has codes for, where it has. */
function dictionaryOf(column: Vector): readonly (readonly string[])[] {
  const texts = column instanceof DynamicVector ? column.texts : column
  return texts instanceof TextVector && texts.dictionary ? [texts.dict] : []
}

interface Options {
  /** What each of the other threads does. */
  readonly others: readonly PieceThread[]
  readonly filter?: LineFilter
  readonly problems?: ReadProblem[]
  readonly signal?: AbortSignal
  /** What is read of records; their members n and s where it is not told. */
  readonly columns?: readonly Wanted[]
}

async function scanned(
  text: StoredText,
  { others, filter, problems = [], signal, columns }: Options,
) {
  const reader = columns === undefined ? numberedReader(problems) : readerOf(columns, problems)
  let unexamined = 0
  const wanted = {
    kernel: true,
    filter,
    unexamined: (lines: number) => {
      unexamined += lines
    },
  }
  const pieces = sharedPieces(text, others, reader, filter, signal)
  if (pieces === undefined) throw new Error('there is no room')
  const memories = new Set<Uint8Array>()
  const rows: unknown[][] = []
  const dictionaries = new Set<readonly string[]>()
  for await (const batch of scanPieces(told(pieces, memories), reader, wanted, signal)) {
    rows.push(...rowsOf(batch))
    for (const dict of batch.columns.flatMap(dictionaryOf)) dictionaries.add(dict)
  }
  // Whoever compares texts compares their codes.
  for (const dict of dictionaries) expect(new Set(dict).size).toBe(dict.length)
  expect(others.every(other => (other as OtherThread).isReleased)).toBe(true)
  return { rows, problems, unexamined, memories: memories.size }
}

function record(n: number, length: number): string {
  return `{"n":${n},"s":"${String(n % 7).repeat(Math.max(0, length - `{"n":${n},"s":""}\n`.length))}"}\n`
}

/** Lines of these lengths, with their newlines. */
function linesOf(lengths: readonly number[]): string {
  return lengths.map((length, n) => record(n, length)).join('')
}

function expected(lengths: readonly number[]): unknown[][] {
  return lengths.map((length, n) => {
    const { s } = JSON.parse(record(n, length))
    return [BigInt(n), s]
  })
}

const CASES: readonly [string, readonly number[]][] = [
  ['many lines', Array.from({ length: 30_000 }, (_, n) => 100 + (n % 137))],
  ['more lines than a place lists', Array.from({ length: 200_000 }, (_, n) => 20 + (n % 3))],
  ['lines that end where pieces end', [PIECE_BYTES, PIECE_BYTES - 100, 100, PIECE_BYTES, 50, 60]],
  ['a line that begins with the last byte of a piece', [PIECE_BYTES - 1, 300, 300]],
  ['a line that ends with the first byte of a piece', [PIECE_BYTES - 300, 301, 300]],
  ['a start of a line that just has room', [PIECE_BYTES - LEAD_BYTES, LEAD_BYTES + 90, 80]],
  ['one that has none', [PIECE_BYTES - LEAD_BYTES - 1, LEAD_BYTES + 90, 80]],
  ['a line over several pieces', [70, 3 * PIECE_BYTES + 12_345, 60, PIECE_BYTES, 50]],
  ['more pieces than a segment has', Array.from({ length: 39 }, () => PIECE_BYTES - 7777)],
  ['nothing', []],
]

describe('a board of pieces', () => {
  it('says of each thread what it is at, and of none what another has claimed', () => {
    const board = PieceBoard.of(2, 2)
    expect([board.claim(0), board.heldBy(0)]).toEqual([0, 0])
    expect([board.claim(1), board.heldBy(1)]).toEqual([1, 1])
    const { done } = board
    board.leave(0)
    expect(board.done).toBe(done + 1)
    expect(board.heldBy(0)).toBe(FREE)
    // As when another was faster: it has said that it is at the last one.
    board.words[3] = 1
    expect([board.claim(0), board.heldBy(0)]).toEqual([undefined, FREE])
    expect(board.heldBy(1)).toBe(1)
    board.close()
    expect([board.isClosed, board.claim(1)]).toEqual([true, undefined])
  })
})

describe('a text whose pieces several threads read', () => {
  it.each(CASES)('has all of its records, whoever reads what: %s', async (_, lengths) => {
    const text = textOf(encoder.encode(linesOf(lengths)))
    for (const pieces of [[], [0], [1], [PLACES_AHEAD], [2, 3]]) {
      const others = pieces.map(count => new OtherThread(text, count))
      const { rows, problems, memories } = await scanned(text, { others })
      expect(problems).toEqual([])
      expect(rows).toEqual(expected(lengths))
      // Those who were to read did, as far as there was something.
      const readers = pieces.filter(count => count > 0).length
      const there = Math.ceil(text.size / PIECE_BYTES)
      if (there > readers * PLACES_AHEAD) expect(memories).toBe(readers + 1)
      else if (readers > 0 && there > 0) expect(memories).toBeGreaterThan(0)
    }
  })

  it('has its last line without a newline, and odd lines between', async () => {
    const some = linesOf(Array.from({ length: 9000 }, () => 200))
    const odd = `${some}\n{"n":1,\r\n  {"n":-1,"s":"blank before"} \r\n${some}{"\\u006e":-2,"s":"\\u0061"}\n${some}{"n":-3,"s":"end"}`
    const text = textOf(encoder.encode(odd))
    const alone = await scanned(text, { others: [] })
    expect(alone.rows.length).toBe(27_003)
    expect(alone.problems.map(({ line }) => line)).toEqual([9002])
    for (const count of [1, 2, PLACES_AHEAD]) {
      const { rows, problems } = await scanned(text, { others: [new OtherThread(text, count)] })
      expect(rows).toEqual(alone.rows)
      expect(problems).toEqual(alone.problems)
    }
  })

  it('has the lines that may matter, and counts the others', async () => {
    const line = (n: number) =>
      `{"n":${n},"s":"${n % 500 === 7 ? 'a Needle' : 'hay'}${'-'.repeat(80)}"}\n`
    const lines = Array.from({ length: 60_000 }, (_, n) => line(n))
    lines[31_000] = '{"n":1,"s":"needle"\n'
    lines[41_000] = '{"n":41000,"s":"n\\u0065edle"}\n'
    const text = textOf(encoder.encode(lines.join('')))
    const filter = LineFilter.of({ words: [['needle']] })
    for (const pieces of [[0], [1], [PLACES_AHEAD], [1, 2]]) {
      const others = pieces.map(count => new OtherThread(text, count))
      const { rows, problems, unexamined } = await scanned(text, { others, filter })
      const numbers = Array.from({ length: 120 }, (_, i) => BigInt(i * 500 + 7)).concat(41_000n)
      expect(rows.map(([n]) => n)).toEqual(numbers.sort((a, b) => Number(a - b)))
      expect(problems.map(({ line }) => line)).toEqual([31_001])
      expect(unexamined).toBe(60_000 - 122)
    }
  })

  it('is read by this thread where another one is lost, or gives up', async () => {
    const lengths = Array.from({ length: 12 }, () => PIECE_BYTES / 2)
    const text = textOf(encoder.encode(linesOf(lengths)))
    const broken: StoredText = {
      ...text,
      read: () => {
        throw new Error('not here')
      },
    }
    const gaveUp = new OtherThread(broken, 1)
    expect((await scanned(text, { others: [gaveUp] })).rows).toEqual(expected(lengths))
    // It has claimed a piece, as the board says, and ends before it has read it.
    const lost = new OtherThread(text, 0)
    lost.start = ({ board, thread }) => {
      Atomics.store(board, 3 + thread, 0)
      Atomics.add(board, 0, 1)
      lost.isLost = true
    }
    expect((await scanned(text, { others: [lost] })).rows).toEqual(expected(lengths))
  })

  it('waits for a thread that is at its piece', async () => {
    const lengths = Array.from({ length: 12 }, () => PIECE_BYTES / 2)
    const text = textOf(encoder.encode(linesOf(lengths)))
    const slow = new OtherThread(text, 0)
    slow.start = ({ board, thread }) => {
      Atomics.store(board, 3 + thread, 0)
      Atomics.add(board, 0, 1)
      // It is lost while it is waited for.
      setImmediate(() => {
        slow.isLost = true
      })
    }
    expect((await scanned(text, { others: [slow] })).rows).toEqual(expected(lengths))
  })

  it('gives what comes before a fault, and the fault', async () => {
    const lengths = Array.from({ length: 100 }, () => PIECE_BYTES / 10)
    const bytes = encoder.encode(linesOf(lengths))
    for (const count of [0, 1, 4]) {
      const text = textOf(bytes, 2.45 * PIECE_BYTES, new Error('The disk is broken.'))
      const problems: ReadProblem[] = []
      const others = [new OtherThread(text, count)]
      await expect(scanned(text, { others, problems })).rejects.toThrow('The disk is broken.')
      // The line that it cuts off is none.
      expect(problems).toEqual([])
      const again = await scanned(textOf(bytes), { others: [] })
      expect(again.rows.length).toBe(100)
    }
  })

  it('may be shorter than it was', async () => {
    const bytes = encoder.encode(linesOf(Array.from({ length: 100 }, () => PIECE_BYTES / 10)))
    const text = textOf(bytes, 2.45 * PIECE_BYTES)
    const { rows, problems } = await scanned(text, { others: [new OtherThread(text, 2)] })
    expect(rows.length).toBe(24)
    expect(problems).toMatchObject([{ line: 25 }])
  })

  it('ends where it ended when it was opened', async () => {
    const lengths = Array.from({ length: 40 }, () => PIECE_BYTES / 8)
    const bytes = encoder.encode(linesOf(lengths))
    // Others write to it: 25 lines were there.
    const text = { ...textOf(bytes), size: 25 * (PIECE_BYTES / 8) }
    for (const count of [0, 1, 4]) {
      const { rows, problems } = await scanned(text, { others: [new OtherThread(text, count)] })
      expect(rows.length).toBe(25)
      expect(problems).toEqual([])
    }
  })

  it('has long lines over a border looked through as others are', async () => {
    const long = (text: string) => `{"n":1,"s":"${'-'.repeat(150_000)}${text}",}\n`
    const before = linesOf(Array.from({ length: 9 }, () => 110_000))
    const filter = LineFilter.of({ words: [['needle']] })
    for (const [text, faults] of [
      ['hay', 0],
      ['needle', 1],
    ] as const) {
      const bytes = encoder.encode(before + long(text) + before)
      const { rows, problems, unexamined } = await scanned(textOf(bytes), { others: [], filter })
      expect(rows).toEqual([])
      expect(problems.map(({ line }) => line)).toEqual(faults === 1 ? [10] : [])
      expect(unexamined).toBe(19 - faults)
    }
  })

  it('ends by its signal', async () => {
    const text = textOf(encoder.encode(linesOf([80, 80])))
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(scanned(text, { others: [], signal })).rejects.toThrow('enough')
    expect((await scanned(text, { others: [] })).rows.length).toBe(2)
  })

  it('may have any number of texts that repeat, in memories that are used again', async () => {
    const lines = Array.from(
      { length: 400_000 },
      (_, n) => `{"n":${n},"s":"t${n % 2 ? n % 150_000 : n % 10}"}\n`,
    )
    const text = textOf(encoder.encode(lines.join('')))
    const others = [new OtherThread(text, PLACES_AHEAD)]
    for (let round = 0; round < 2; round++) {
      const { rows } = await scanned(text, { others })
      expect(rows.length).toBe(400_000)
      const wrong = rows.filter(([n, s]) => {
        const number = Number(n)
        return s !== `t${number % 2 ? number % 150_000 : number % 10}`
      })
      expect(wrong).toEqual([])
    }
  })

  it('has what strings with escapes stand for, whoever reads them', async () => {
    // The texts of s hardly repeat. Halves of pairs cannot be UTF-8.
    const s = (n: number) =>
      `${n} "${'x\\\t'.repeat(n % 40)}"${n % 900 === 7 ? '\ud83d' : '\u{1F600}'}`
    const d = (n: number) => ({ a: `"${n % 5}"\n`, b: { c: `\\${n}` } })
    const e = (n: number) => (n % 3 === 0 ? `["${n}"]` : n % 3 === 1 ? `[${n % 7} "\n` : [`${n}\t`])
    const count = 40_000
    const lines = Array.from({ length: count }, (_, n) => {
      const inner = n % 11 === 0 ? d(n) : JSON.stringify(d(n), undefined, n % 2)
      const line = JSON.stringify({
        s: s(n),
        d: inner,
        e: e(n),
        f: `"${n % 50}"`,
        g: 'x'.repeat(200),
      })
      return `${n % 2 === 0 ? line : line.replaceAll('x', '\\u0078').replace('\\\\\\"', '\\\\\\u0022')}\n`
    })
    const expected = Array.from({ length: count }, (_, n) => {
      const { a, b } = d(n)
      const own = e(n)
      return [s(n), a, b.c, n % 3 === 0 ? JSON.parse(String(own)) : own, `"${n % 50}"`]
    })
    const text = textOf(encoder.encode(lines.join('')))
    expect(text.size).toBeGreaterThan(12 * PIECE_BYTES)
    const columns = [
      wanted('s', 'string'),
      wantedPath('d', 'a'),
      wantedPath('d', 'b', 'c'),
      wanted('e', 'dynamic'),
      wanted('f', 'dynamic'),
    ]
    for (const pieces of [0, 3, PLACES_AHEAD]) {
      const { rows } = await scanned(text, { others: [new OtherThread(text, pieces)], columns })
      expect(rows.length).toBe(count)
      const wrong = rows.findIndex((row, n) => JSON.stringify(row) !== JSON.stringify(expected[n]))
      expect(wrong < 0 ? [] : rows[wrong]).toEqual(wrong < 0 ? [] : expected[wrong])
    }
  })
})
