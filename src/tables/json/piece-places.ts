import {
  COUNT,
  ELEMENTS_END,
  FIRST_LIST,
  FOUND_WORDS,
  LINES,
  LIST_WORDS,
  MOST_BYTES,
  NEXT_ELEMENT,
  NEXT_TEXT,
  OTHER_SCRATCH,
  PADDING,
  type SkipExports,
  TEXT,
  TEXTS_END,
} from './kernel.ts'
import type { PlacedPatterns } from './line-patterns.ts'

// What threads that share a memory do with it; they load nothing but this.

/** The bytes of a piece, and before it the room for the start of the line that ends in it. */
export const PIECE_BYTES = 1 << 20
export const LEAD_BYTES = 1 << 16

const NEWLINE = 0x0a
const WORD = 4
const PAGE = 1 << 12
/** Numbers that are listed of a record that was walked over, and of a line that was found. */
export const ROW_NUMBERS = 2
export const LINE_NUMBERS = 3

/**
 * Where the places are, behind all other text: of each its words, its lists, its rows, what was found of
 * elements, the texts of strings with escapes, and its text.
 */
const PLACES = MOST_BYTES + PAGE
const LISTS = PAGE
const ROWS = LISTS + LIST_WORDS * WORD
const ROWS_BYTES = 1 << 20
const ELEMENTS = ROWS + ROWS_BYTES
const ELEMENTS_BYTES = 1 << 18
const TEXTS = ELEMENTS + ELEMENTS_BYTES
const TEXTS_BYTES = 1 << 20
const LEAD = TEXTS + TEXTS_BYTES + PAGE
const PIECE = LEAD + LEAD_BYTES
const PLACE_BYTES = PIECE + PIECE_BYTES + PAGE

/** What memory is needed for so many places, as bytes of text. */
export function placesBytes(count: number): number {
  return PLACES + count * PLACE_BYTES
}

/** Lines that are not just records, of which the first ones of a piece are passed over. */
const MOST_ODD = 8

/** Words of a place: the number of the piece that is in it, how long it is, and what was found. */
const STATE = 0
const LENGTH = 1
const START = 2
const STOP = 3
const FOUND = 4
const FOUND_LINES = 5

/** The number of a piece where there is none. */
export const FREE = -1

/** What is done with a piece: its records are walked over, or its lines are looked through. */
export type PieceWork =
  | { readonly root: number; readonly slots: number; readonly opening: number }
  | PlacedPatterns

/** A place for a piece in a memory that threads share. */
export class PiecePlace {
  readonly #words: Int32Array
  readonly #bytes: Uint8Array
  /** Its address. */
  readonly #at: number

  constructor(memory: ArrayBufferLike, number: number) {
    this.#words = new Int32Array(memory)
    this.#bytes = new Uint8Array(memory)
    this.#at = TEXT + PLACES + number * PLACE_BYTES
  }

  /** The number of its piece, which was worked on; {@link FREE} where there is none. */
  get piece(): number {
    return Atomics.load(this.#words, this.#word(STATE))
  }

  set piece(number: number) {
    Atomics.store(this.#words, this.#word(STATE), number)
    Atomics.notify(this.#words, this.#word(STATE))
  }

  /** Waits until it is free. */
  waitUntilFree(): void {
    for (let { piece } = this; piece !== FREE; { piece } = this) {
      Atomics.wait(this.#words, this.#word(STATE), piece)
    }
  }

  /** Where the piece begins, as a position in the text. */
  get start(): number {
    return this.#at + PIECE - TEXT
  }

  /** Room for the bytes of a piece, of a text that has so many more. */
  room(rest: number): Uint8Array {
    const at = this.#at + PIECE
    return this.#bytes.subarray(at, at + Math.max(0, Math.min(rest, PIECE_BYTES)))
  }

  /** How many bytes the piece has. */
  get length(): number {
    return this.#words[this.#word(LENGTH)]!
  }

  /** Where the first line is that begins in the piece and was worked on, and where those end. */
  get lines(): { readonly start: number; readonly stop: number } {
    return { start: this.#words[this.#word(START)]!, stop: this.#words[this.#word(STOP)]! }
  }

  /** How many rows or lines were found. */
  get found(): number {
    return this.#words[this.#word(FOUND)]!
  }

  /** How many lines were looked through. */
  get seen(): number {
    return this.#words[this.#word(FOUND_LINES)]!
  }

  /** What was listed, from a word of it on. */
  listed(from: number, to: number): Int32Array {
    const at = this.#word(0) + LISTS / WORD
    return this.#words.subarray(at + from, at + to)
  }

  /** Where in the words of the memory the rows are. */
  get rows(): number {
    return (this.#at + ROWS) / WORD
  }

  /** Works on the piece of which so many bytes are there, with the words of this thread so far behind. */
  work(
    module: SkipExports,
    length: number,
    isFirst: boolean,
    work: PieceWork,
    scratch: number,
  ): void {
    const words = this.#words
    const { start } = this
    const piece = this.room(length)
    this.#bytes.fill(0, TEXT + start + length, TEXT + start + length + PADDING)
    // Lines that begin in it: where it begins one may be that began before.
    let at = start + (isFirst ? 0 : piece.indexOf(NEWLINE) + 1)
    const last = start + piece.lastIndexOf(NEWLINE) + 1
    const own = scratch / WORD
    const list = own + FIRST_LIST
    let stop = at
    let found = 0
    let seen = 0
    for (let odd = 0; at < last && seen === 0 && odd < MOST_ODD; odd++) {
      // A first line that is not just a record is left to the one that asks.
      if (odd > 0) at = start + piece.indexOf(NEWLINE, at - start) + 1
      if ('root' in work) {
        const { root, slots, opening } = work
        const most = Math.min(
          LIST_WORDS / ROW_NUMBERS,
          Math.floor(ROWS_BYTES / (slots * FOUND_WORDS * WORD)),
        )
        words[own + NEXT_ELEMENT] = this.#at + ELEMENTS
        words[own + ELEMENTS_END] = this.#at + ELEMENTS + ELEMENTS_BYTES
        words[own + NEXT_TEXT] = this.#at + TEXTS
        words[own + TEXTS_END] = this.#at + TEXTS + TEXTS_BYTES
        stop = module.walkLines(root, at, last, this.#at + ROWS, slots, most, opening)
        found = words[own + COUNT]!
        words[own + TEXTS_END] = 0
        seen = found
      } else {
        stop = module.lines(at, last, work.patterns, work.needs, work.late)
        found = words[own + COUNT]!
        seen = words[own + LINES]!
      }
      const numbers = found * ('root' in work ? ROW_NUMBERS : LINE_NUMBERS)
      words.copyWithin(this.#word(0) + LISTS / WORD, list, list + numbers)
    }
    words.set([length, at, stop, found, seen], this.#word(LENGTH))
  }

  #word(word: number): number {
    return this.#at / WORD + word
  }
}

/** Pieces that a thread may have ready before they are asked for. */
export const PLACES_AHEAD = 8
/** Where none has a place, it waits until so many have. */
const WOKEN_FOR = 4

// The words of a board, which all threads of a scan share.
const NEXT = 0
const COUNT_OF = 1
const DONE = 2
const HELD = 3

/** What the threads that read the pieces of a text know in common. */
export class PieceBoard {
  readonly words: Int32Array

  constructor(words: Int32Array) {
    this.words = words
  }

  /** A board for so many pieces and threads. */
  static of(pieces: number, threads: number): PieceBoard {
    const words = new Int32Array(new SharedArrayBuffer((HELD + threads) * WORD)).fill(FREE, HELD)
    words[COUNT_OF] = pieces
    return new PieceBoard(words)
  }

  /** The next piece that nobody reads; undefined where there is none. */
  claim(thread: number): number | undefined {
    const { words } = this
    for (;;) {
      const piece = Atomics.load(words, NEXT)
      if (piece >= Atomics.load(words, COUNT_OF)) {
        // It may have said that it is at one that another has claimed.
        Atomics.store(words, HELD + thread, FREE)
        return undefined
      }
      // Said before it is claimed, so that a claimed one always has its holder.
      Atomics.store(words, HELD + thread, piece)
      if (Atomics.compareExchange(words, NEXT, piece, piece + 1) === piece) return piece
    }
  }

  /** The piece that a thread is at. */
  heldBy(thread: number): number {
    return Atomics.load(this.words, HELD + thread)
  }

  /** A thread has done with its piece, or will not do it. */
  leave(thread: number): void {
    Atomics.store(this.words, HELD + thread, FREE)
    Atomics.add(this.words, DONE, 1)
    Atomics.notify(this.words, DONE)
  }

  /** Changes whenever a thread has done with a piece. */
  get done(): number {
    return Atomics.load(this.words, DONE)
  }

  /** Waits, for so many milliseconds at most, until it is another number. */
  wait(done: number, milliseconds: number): void {
    Atomics.wait(this.words, DONE, done, milliseconds)
  }

  /** Nobody is to read any more. */
  close(): void {
    Atomics.store(this.words, COUNT_OF, 0)
  }

  get isClosed(): boolean {
    return Atomics.load(this.words, COUNT_OF) === 0
  }
}

/** What a thread is asked to do with a text. */
export interface PieceTask {
  readonly board: Int32Array
  /** The bytes of the text. */
  readonly size: number
  /** The number of the thread among those of the board. */
  readonly thread: number
  readonly work: PieceWork
}

/** Reads pieces of a text in another thread, and works on them. */
export class PieceReader {
  readonly #board: PieceBoard
  readonly #task: PieceTask
  readonly #module: SkipExports
  readonly #places: readonly PiecePlace[]
  readonly #read: (into: Uint8Array, position: number) => number
  #turn = 0

  /** `module` works on the memory with the words of this thread; `read` is that of a stored text. */
  constructor(
    task: PieceTask,
    module: SkipExports,
    memory: ArrayBufferLike,
    read: (into: Uint8Array, position: number) => number,
  ) {
    this.#board = new PieceBoard(task.board)
    this.#task = task
    this.#module = module
    this.#places = Array.from({ length: PLACES_AHEAD }, (_, i) => new PiecePlace(memory, i))
    this.#read = read
  }

  /** Waits for a free place and reads the next piece into it; false where there is none. Throws what `read` throws. */
  next(): boolean {
    const { thread, work, size } = this.#task
    const places = this.#places
    const turn = this.#turn++
    const place = places[turn % PLACES_AHEAD]!
    // They are freed in turn. Whoever is woken for each of them takes the processor from the one that wakes.
    if (place.piece !== FREE) places[(turn + WOKEN_FOR - 1) % PLACES_AHEAD]!.waitUntilFree()
    place.waitUntilFree()
    const piece = this.#board.claim(thread)
    if (piece === undefined) return false
    try {
      const position = piece * PIECE_BYTES
      const length = this.#read(place.room(size - position), position)
      place.work(this.#module, length, piece === 0, work, OTHER_SCRATCH)
      place.piece = piece
    } finally {
      this.#board.leave(thread)
    }
    return true
  }
}
