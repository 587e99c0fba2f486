import {
  COUNT,
  FIRST_LIST,
  FOUND_WORDS,
  type Kernel,
  sharedKernel,
  type WalkedPiece,
} from './kernel.ts'
import type { FoundLines, LinePatterns } from './line-patterns.ts'
import {
  FREE,
  LEAD_BYTES,
  LINE_NUMBERS,
  PIECE_BYTES,
  PieceBoard,
  PiecePlace,
  type PieceTask,
  type PieceWork,
  PLACES_AHEAD,
  placesBytes,
  ROW_NUMBERS,
} from './piece-places.ts'
import type { RecordReader } from './record-reader.ts'
import type { Piece, Pieces } from './scan-pieces.ts'
import type { StoredText } from './segment-reader.ts'
import { placePatterns, withKernel } from './skip-memory.ts'

/** Another thread that reads pieces into a memory that this one shares. */
export interface PieceThread {
  readonly kernel: Kernel
  /** Whether it has ended, which it never should. */
  readonly isLost: boolean
  /** Has it read a text; it is done some time after the board is closed. */
  start(task: PieceTask): void
  /** Nothing of its memory is used any more: it may have another text to read. */
  release(): void
}

/** A memory in which a thread has pieces. */
interface Lane {
  readonly kernel: Kernel
  /** All of its text. */
  readonly bytes: Uint8Array
  readonly places: readonly PiecePlace[]
  readonly work: PieceWork
  /** Has strings that have no codes any more not looked for. */
  leaveWasted(): void
}

/** The places of this thread's memory: for a piece that it claims, and for one that nobody else reads. */
const OWN_PLACES = 2
const OWN = 0
const ORPHAN = 1

/** How long this thread waits for others until it looks whether they are still there, in milliseconds. */
const PATIENCE = 20

/** After so many pieces timers and signals have their turn. */
const PIECES_A_TURN = 128

/** Memories of this thread that no scan uses. */
const idle: Kernel[] = []

/**
 * The pieces of a text that this thread and others read. Whoever reads a piece walks over its records, or
 * looks through its lines, right then, while it is in the cache of its processor; this thread takes what was
 * found, piece by piece in order. undefined where what is wanted has no room in their memories.
 */
export function sharedPieces(
  text: StoredText,
  threads: readonly PieceThread[],
  reader: RecordReader,
  lines: LinePatterns | undefined,
  signal?: AbortSignal,
): Pieces | undefined {
  const kernel = idle.pop() ?? sharedKernel(placesBytes(OWN_PLACES), false)?.kernel
  const own = kernel && laneOf(kernel, OWN_PLACES, reader, lines)
  const others = threads
    .map(thread => laneOf(thread.kernel, PLACES_AHEAD, reader, lines))
    .filter(lane => lane !== undefined)
  if (own !== undefined && others.length === threads.length) {
    return new SharedPieces(text, threads, own, others, signal)
  }
  if (kernel !== undefined) idle.push(kernel)
  for (const thread of threads) thread.release()
  return undefined
}

/** Has a thread's memory ready for a scan; it reads nothing now. */
function laneOf(
  kernel: Kernel,
  count: number,
  reader: RecordReader,
  lines: LinePatterns | undefined,
): Lane | undefined {
  const { pieces: bytes } = kernel
  if (bytes === undefined) return undefined
  const places = Array.from({ length: count }, (_, i) => new PiecePlace(kernel.memory.buffer, i))
  for (const place of places) place.piece = FREE
  kernel.module.forget()
  kernel.clearTries()
  if (lines !== undefined) {
    const work = placePatterns(kernel, lines)
    return { kernel, bytes, places, work, leaveWasted: () => undefined }
  }
  const placed = reader.placeIn(kernel)
  if (placed === undefined) return undefined
  const { trie, slots, opening } = placed
  const work = { root: trie.root, slots, opening }
  return { kernel, bytes, places, work, leaveWasted: () => trie.leaveWasted() }
}

/** A piece that is there: whose it is, and where. */
interface Found {
  readonly lane: Lane
  readonly place: PiecePlace
}

class SharedPieces implements Pieces {
  readonly bytes = PIECE_BYTES
  readonly lead = LEAD_BYTES
  readonly size: number
  readonly #text: StoredText
  readonly #threads: readonly PieceThread[]
  readonly #lanes: readonly Lane[]
  readonly #own: Lane
  readonly #board: PieceBoard
  /** Why pieces that this thread has read could not be read, by their numbers. */
  readonly #faults = new Map<number, unknown>()
  readonly #signal: AbortSignal | undefined
  #held: PiecePlace | undefined

  constructor(
    text: StoredText,
    threads: readonly PieceThread[],
    own: Lane,
    others: readonly Lane[],
    signal: AbortSignal | undefined,
  ) {
    this.#text = text
    this.#signal = signal
    this.size = text.size
    this.#threads = threads
    this.#own = own
    this.#lanes = [...others, own]
    this.#board = PieceBoard.of(Math.ceil(text.size / PIECE_BYTES), threads.length + 1)
    threads.forEach((thread, i) => {
      const { work } = others[i]!
      thread.start({ board: this.#board.words, size: text.size, thread: i, work })
    })
  }

  async read(piece: number): Promise<Piece> {
    if (this.#signal !== undefined && piece % PIECES_A_TURN === PIECES_A_TURN - 1) await turn()
    const { lane, place } = await this.#find(piece)
    this.#held = place
    if (this.#faults.has(piece)) throw this.#faults.get(piece)
    lane.leaveWasted()
    const { kernel, bytes } = lane
    const walked = new Walked(kernel, place, lane.work)
    return {
      bytes,
      start: place.start,
      length: place.length,
      use: take => {
        kernel.walked = walked
        try {
          withKernel(kernel, take)
        } finally {
          kernel.walked = undefined
        }
      },
    }
  }

  async #find(piece: number): Promise<Found> {
    const board = this.#board
    for (;;) {
      const { done } = board
      const found = this.#ready(piece)
      if (found !== undefined) return found
      if (piece * PIECE_BYTES >= this.size) return this.#readInto(ORPHAN, piece)
      if (this.#own.places[OWN]!.piece === FREE) {
        const claimed = board.claim(this.#threads.length)
        if (claimed !== undefined) {
          this.#readInto(OWN, claimed)
          board.leave(this.#threads.length)
          continue
        }
      }
      if (!this.#isHeld(piece) && this.#ready(piece) === undefined) {
        return this.#readInto(ORPHAN, piece)
      }
      board.wait(done, PATIENCE)
      if (board.done === done) await turn()
    }
  }

  /** The piece, where somebody has read it. */
  #ready(piece: number): Found | undefined {
    for (const lane of this.#lanes) {
      for (const place of lane.places) if (place.piece === piece) return { lane, place }
    }
    return undefined
  }

  /** Whether a thread that is there is at the piece. */
  #isHeld(piece: number): boolean {
    return this.#threads.some((thread, i) => !thread.isLost && this.#board.heldBy(i) === piece)
  }

  /** Reads a piece into a place of this thread. */
  #readInto(number: number, piece: number): Found {
    const lane = this.#own
    const place = lane.places[number]!
    const position = piece * PIECE_BYTES
    let length = 0
    try {
      if (position < this.size) length = this.#text.read(place.room(this.size - position), position)
    } catch (reason) {
      this.#faults.set(piece, reason)
    }
    place.work(lane.kernel.module, length, piece === 0, lane.work, 0)
    place.piece = piece
    return { lane, place }
  }

  release(): void {
    if (this.#held !== undefined) this.#held.piece = FREE
    this.#held = undefined
  }

  async close(): Promise<void> {
    this.#board.close()
    for (const { places } of this.#lanes) for (const place of places) place.piece = FREE
    for (const thread of this.#threads) thread.release()
    idle.push(this.#own.kernel)
  }
}

/** Lets messages and signals have their turn. */
function turn(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 0))
}

/** What was found of a piece by whoever read it. */
class Walked implements WalkedPiece {
  readonly #kernel: Kernel
  readonly #place: PiecePlace
  readonly #slots: number | undefined
  #taken = 0
  #at: number

  constructor(kernel: Kernel, place: PiecePlace, work: PieceWork) {
    this.#kernel = kernel
    this.#place = place
    this.#slots = 'root' in work ? work.slots : undefined
    this.#at = place.found > 0 || place.seen > 0 ? place.lines.start : NOWHERE
  }

  get at(): number {
    return this.#at
  }

  takeRows(address: number, most: number): number {
    const slots = this.#slots
    if (slots === undefined) return NOWHERE
    const { words } = this.#kernel
    const place = this.#place
    const from = this.#taken
    const to = Math.min(place.found, from + most)
    const rowWords = slots * FOUND_WORDS
    const rows = place.rows
    words.copyWithin(address / 4, rows + from * rowWords, rows + to * rowWords)
    words.set(place.listed(from * ROW_NUMBERS, to * ROW_NUMBERS), FIRST_LIST)
    words[COUNT] = to - from
    this.#taken = to
    const isAll = to === place.found
    const next = isAll ? place.lines.stop : place.listed(to * ROW_NUMBERS, to * ROW_NUMBERS + 1)[0]!
    this.#at = isAll ? NOWHERE : next
    return next
  }

  takeLines(): FoundLines | undefined {
    if (this.#slots !== undefined) return undefined
    const place = this.#place
    this.#at = NOWHERE
    const places = place.listed(0, place.found * LINE_NUMBERS).slice()
    return { lines: place.seen, end: place.lines.stop, places }
  }
}

/** No position. */
const NOWHERE = -1
