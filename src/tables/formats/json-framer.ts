import type { RecordPath } from '../json/record-columns.ts'
import { findStringStop, skippedNewlines, viewOf } from '../json/skip.ts'
import { concatBytes } from './data-file.ts'

/** What is done with a value that a {@link JsonFramer} meets. */
export type FrameAction =
  /** Its members or elements are looked at one by one. */
  | 'enter'
  /** It is handed on as a record. */
  | 'record'
  /** Its text is handed on, as something that describes the records. */
  | 'capture'
  | 'skip'

/** What a {@link JsonFramer} finds. */
export interface FrameSink {
  /**
   * What to do with the value at `path`, which is a name in an object, 0 for any element of an array,
   * and empty for a value that stands alone. Called before the value is read; `line` is 1-based.
   */
  choose(path: RecordPath, opening: 'object' | 'array' | 'scalar', line: number): FrameAction
  /** A record's bytes, valid until the next chunk is pushed. `line` is 1-based. */
  record(bytes: Uint8Array, start: number, end: number, line: number): void
  /**
   * Takes the record at `start` if it is well-formed and ends before `end`: the position after it.
   * Otherwise -1, and it is handed on by {@link record} when its end is found.
   */
  value(bytes: Uint8Array, start: number, end: number, line: number): number
  capture(path: RecordPath, text: string): void
  /** Bytes that are not what they should be; reading goes on at the next record that can be found. */
  broken(line: number, message: string): void
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const LINE_FEED = 0x0a
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

const NOTHING = new Uint8Array(0)
const DECODER = new TextDecoder()

/** In place of the end of a value: it is not in the chunk. */
const CHUNK_ENDS = -1
/** In place of the end of a value, less the position where the value breaks off. */
const BROKEN = -2

/** Bytes that matter between the strings of a value: quote, line feed and brackets. */
const STRUCTURE = new Uint8Array(256)
for (const byte of [QUOTE, LINE_FEED, OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE]) {
  STRUCTURE[byte] = 1
}
/** Blanks, and the byte that an interrupted writer leaves where it had reserved room. */
const BLANK = new Uint8Array(256)
for (const byte of [0x00, 0x09, LINE_FEED, 0x0d, 0x20]) BLANK[byte] = 1

type State =
  /** Before a value, a name or a closing bracket. */
  | 'between'
  /** After a name, before its colon. */
  | 'colon'
  /** In the value that began at #start: an object or an array. */
  | 'container'
  /** In the value that began at #start: a string. */
  | 'string'
  /** In the value that began at #start: a number, a bool or null. */
  | 'word'
  /** Looking for a line that begins like a record. */
  | 'lost'

/**
 * Finds the records in a stream of JSON of any form that is not plain lines: one document or many
 * one after the other, arrays, records inside of wrappers. It looks at structure only; whether a
 * record is JSON is for its reader to say.
 */
export class JsonFramer {
  readonly #sink: FrameSink
  readonly #maxRecordBytes: number
  #state: State = 'between'
  /** The containers that were entered: the closing bracket of each. */
  readonly #closers: number[] = []
  /** The path of the value that is being read or comes next. */
  readonly #path: (string | number)[] = []
  #line = 1
  /** How far into its line the current byte is, where only blanks and commas precede; else -1. */
  #indent = 0
  /** Where on its line the last value outside of all containers began; 0 until one began a line. */
  #topIndent = 0
  #view = viewOf(NOTHING)
  // The value that is being read.
  #action: FrameAction | 'name' = 'skip'
  #depth = 0
  #inString = false
  #escaped = false
  #valueLine = 1
  #valueIndent = 0
  #size = 0
  /** What of the value was in earlier chunks. */
  #pieces: Uint8Array[] = []

  constructor(sink: FrameSink, maxRecordBytes: number) {
    this.#sink = sink
    this.#maxRecordBytes = maxRecordBytes
  }

  /** The next bytes. The chunk is not kept after the call. */
  push(chunk: Uint8Array): void {
    this.#view = viewOf(chunk)
    let at = 0
    while (at < chunk.length) {
      switch (this.#state) {
        case 'between':
          at = this.#between(chunk, at)
          break
        case 'colon':
          at = this.#colon(chunk, at)
          break
        case 'lost':
          at = this.#lost(chunk, at)
          break
        default: {
          const end = this.#state === 'word' ? this.#wordEnd(chunk, at) : this.#valueEnd(chunk, at)
          if (end >= 0) {
            this.#finish(chunk, at, end)
            at = end
          } else if (end === CHUNK_ENDS) {
            this.#keep(chunk, at)
            return
          } else {
            at = this.#lose(BROKEN - end, 'A string is not closed on its line.')
          }
        }
      }
    }
  }

  /** The end of the stream. */
  end(): void {
    if (this.#state === 'word') this.#finish(NOTHING, 0, 0)
    const inValue = this.#state === 'container' || this.#state === 'string'
    if (inValue && this.#action !== 'name') {
      this.#sink.broken(this.#valueLine, 'The file ends inside of this record.')
    } else if (inValue || this.#state === 'colon' || this.#closers.length > 0) {
      this.#sink.broken(this.#line, 'The file ends before its JSON does.')
    }
  }

  #between(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (byte === LINE_FEED) {
        this.#line++
        this.#indent = 0
      } else if (BLANK[byte] === 1 || byte === COMMA) {
        if (this.#indent >= 0) this.#indent++
      } else return this.#begin(chunk, at, byte)
    }
    return chunk.length
  }

  /** Begins the value, the name or the closing bracket at `at`. */
  #begin(chunk: Uint8Array, at: number, byte: number): number {
    const closer = this.#closers.at(-1)
    this.#valueLine = this.#line
    this.#valueIndent = this.#indent
    this.#indent = -1
    if (byte === closer) {
      this.#closers.pop()
      if (this.#path.length > this.#closers.length) this.#path.pop()
      this.#leave()
      return at + 1
    }
    if (closer === CLOSE_BRACE && this.#path.length < this.#closers.length) {
      if (byte !== QUOTE) return this.#lose(at, 'A name in quotes is missing here.')
      this.#action = 'name'
      this.#start('string')
      return at
    }
    if (closer === undefined && this.#valueIndent >= 0) this.#topIndent = this.#valueIndent
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      const opening = byte === OPEN_BRACE ? 'object' : 'array'
      this.#action = this.#sink.choose(this.#path, opening, this.#line)
      if (this.#action !== 'enter') {
        const after = this.#action === 'record' ? this.#whole(chunk, at) : -1
        if (after < 0) this.#start('container')
        return after < 0 ? at : after
      }
      this.#closers.push(byte === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET)
      if (byte === OPEN_BRACKET) this.#path.push(0)
      return at + 1
    }
    if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte === COLON || closer === undefined) {
      return this.#lose(at, 'No JSON record begins here.')
    }
    this.#action = this.#sink.choose(this.#path, 'scalar', this.#line)
    if (this.#action === 'enter') this.#action = 'skip'
    this.#start(byte === QUOTE ? 'string' : 'word')
    return at
  }

  /** Hands on the record at `at` where all of it is in the chunk: the position after it, else -1. */
  #whole(chunk: Uint8Array, at: number): number {
    const newlines = skippedNewlines()
    const after = this.#sink.value(chunk, at, chunk.length, this.#line)
    if (after < 0) return -1
    this.#line += skippedNewlines() - newlines
    this.#leave()
    return after
  }

  #start(state: State): void {
    this.#state = state
    this.#depth = 0
    this.#inString = false
    this.#escaped = false
    this.#size = 0
    this.#pieces = []
  }

  /** The value is complete: a member of an object takes its name along. */
  #leave(): void {
    if (this.#closers.at(-1) === CLOSE_BRACE) this.#path.pop()
    this.#state = 'between'
  }

  #colon(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (byte === COLON) {
        this.#state = 'between'
        return at + 1
      }
      if (byte === LINE_FEED) this.#line++
      else if (BLANK[byte] !== 1) return this.#lose(at, 'A colon is missing here.')
    }
    return chunk.length
  }

  #wordEnd(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (BLANK[byte] === 1 || byte === COMMA || STRUCTURE[byte] === 1) return at
    }
    return CHUNK_ENDS
  }

  /** The position after the value; or CHUNK_ENDS; or BROKEN less where a string is broken off. */
  #valueEnd(chunk: Uint8Array, from: number): number {
    let at = from
    let inString = this.#inString
    let depth = this.#depth
    if (this.#escaped) {
      this.#escaped = false
      at++
    }
    while (at < chunk.length) {
      if (inString) {
        at = findStringStop(chunk, this.#view, at, chunk.length)
        if (at >= chunk.length) break
        const byte = chunk[at]!
        if (byte === BACKSLASH) {
          if (at + 1 >= chunk.length) this.#escaped = true
          at += 2
        } else if (byte === LINE_FEED) {
          // JSON has no line end in a string: a quote is missing, or the writer was interrupted.
          return BROKEN - at
        } else if (byte !== QUOTE) {
          at++
        } else {
          inString = false
          at++
          if (depth === 0) return at
        }
      } else {
        while (at < chunk.length && STRUCTURE[chunk[at]!] === 0) at++
        if (at >= chunk.length) break
        const byte = chunk[at++]!
        if (byte === QUOTE) inString = true
        else if (byte === LINE_FEED) this.#line++
        else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++
        else if (--depth === 0) return at
      }
    }
    this.#inString = inString
    this.#depth = depth
    return CHUNK_ENDS
  }

  #keep(chunk: Uint8Array, from: number): void {
    this.#size += chunk.length - from
    if (this.#action === 'skip') return
    if (this.#size > this.#maxRecordBytes) this.#pieces = []
    else this.#pieces.push(chunk.slice(from))
  }

  #finish(chunk: Uint8Array, from: number, to: number): void {
    this.#size += to - from
    if (this.#action === 'skip') {
      this.#leave()
    } else if (this.#size > this.#maxRecordBytes) {
      this.#sink.broken(this.#valueLine, `The record is longer than ${this.#maxRecordBytes} bytes.`)
      this.#leave()
    } else if (this.#pieces.length === 0) {
      this.#deliver(chunk, from, to)
    } else {
      this.#pieces.push(chunk.subarray(from, to))
      const bytes = concatBytes(this.#pieces)
      this.#pieces = []
      this.#deliver(bytes, 0, bytes.length)
    }
  }

  #deliver(bytes: Uint8Array, start: number, end: number): void {
    if (this.#action === 'record') {
      this.#sink.record(bytes, start, end, this.#valueLine)
      this.#leave()
      return
    }
    const text = DECODER.decode(bytes.subarray(start, end))
    if (this.#action === 'name') {
      this.#path.push(nameOf(text))
      this.#state = 'colon'
    } else {
      this.#sink.capture(this.#path, text)
      this.#leave()
    }
  }

  #lose(at: number, message: string): number {
    this.#sink.broken(this.#valueLine, message)
    this.#pieces = []
    this.#state = 'lost'
    this.#indent = -1
    return at
  }

  #lost(chunk: Uint8Array, from: number): number {
    let at = from
    while (at < chunk.length) {
      const byte = chunk[at]!
      if (byte === LINE_FEED) {
        this.#line++
        this.#indent = 0
      } else if (this.#indent >= 0 && (BLANK[byte] === 1 || byte === COMMA)) {
        this.#indent++
      } else if (this.#indent >= 0 && this.#resumes(byte, this.#indent)) {
        this.#state = 'between'
        return at
      } else {
        this.#indent = -1
        const lineEnd = chunk.indexOf(LINE_FEED, at)
        if (lineEnd < 0) return chunk.length
        at = lineEnd - 1
      }
      at++
    }
    return at
  }

  /** Whether a line that begins so, so far in, is where the broken value's neighbours begin. */
  #resumes(byte: number, indent: number): boolean {
    const closer = this.#closers.at(-1)
    const opens = byte === OPEN_BRACE || byte === OPEN_BRACKET
    if (closer !== undefined) {
      if (opens && closer === CLOSE_BRACKET && indent === this.#valueIndent) return true
      if (byte === closer && indent < this.#valueIndent) return true
    }
    if (!opens || indent > this.#topIndent) return false
    this.#closers.length = 0
    this.#path.length = 0
    return true
  }
}

/** The name that a JSON string spells; the text itself where its escapes are wrong. */
function nameOf(text: string): string {
  try {
    return JSON.parse(text) as string
  } catch {
    return text.slice(1, -1)
  }
}
