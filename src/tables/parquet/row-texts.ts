import { hidingEscape } from '../json/record-words.ts'
import { viewOf } from '../json/skip.ts'
import type { RequiredText } from '../source.ts'
import { Word } from '../word.ts'
import type { ByteTexts } from './byte-texts.ts'
import { type ChunkReader, lowerBound, plainTexts } from './column-chunk.ts'
import type { RandomAccess } from './file-metadata.ts'
import { slotBytes, slotsOfWord } from './word-signature.ts'

/** Of more words it takes longer to look for them than to look at the rows. */
const MOST_WORDS = 32

/** What is known of a column of texts in a row group. */
export interface TextColumn {
  readonly chunk: ChunkReader
  /** Where its signature lies in the file; undefined where it has none. */
  readonly signature: number | undefined
}

/**
 * The rows of a row group that may have the texts, a bit a row; undefined where all may.
 *
 * @param column a column by its name; undefined where the file has none of it, which has no text
 * @param codesOf the dictionary's codes of all rows of a column that has a dictionary
 */
export function rowsWithTexts(
  texts: readonly RequiredText[],
  rows: number,
  file: RandomAccess,
  column: (name: string) => TextColumn | undefined,
  codesOf: (chunk: ChunkReader) => Uint32Array,
): Uint8Array | undefined {
  let left: Uint8Array | undefined
  for (const { columns, words, inFilter = false } of texts) {
    if (words.length > MOST_WORDS) continue
    const known = columns.flatMap(name => column(name) ?? [])
    // The filter looks at the entries of dictionaries itself, unless none of them will do.
    const isLeft =
      inFilter &&
      known.every(({ chunk }) => chunk.hasDictionary) &&
      known.some(({ chunk }) => mayHold(chunk.dictionary(), words).includes(1))
    if (isLeft) continue
    const found = rowsWithAny(words, rows, known, file, codesOf)
    if (left === undefined) left = found
    else keepBoth(left, found)
  }
  return left
}

function rowsWithAny(
  words: readonly string[],
  rows: number,
  columns: readonly TextColumn[],
  file: RandomAccess,
  codesOf: (chunk: ChunkReader) => Uint32Array,
): Uint8Array {
  const found = new Uint8Array(slotBytes(rows))
  for (const { chunk, signature } of columns) {
    if (chunk.hasDictionary) markEntries(found, words, chunk, codesOf)
    else if (signature === undefined) markTexts(found, words, chunk)
    else {
      const unsigned = words.filter(word => !markSigned(found, word, file, signature))
      if (unsigned.length > 0) markTexts(found, unsigned, chunk)
    }
  }
  return found
}

/** Marks the rows whose signature has the word; false where it cannot tell. */
function markSigned(
  found: Uint8Array,
  word: string,
  file: RandomAccess,
  signature: number,
): boolean {
  const size = found.length
  let left: Uint8Array | undefined
  for (const slot of slotsOfWord(word)) {
    const start = signature + slot * size
    if (left === undefined) left = file.read(start, start + size)
    else keepBoth(left, file.view(start, start + size))
  }
  if (left === undefined) return false
  for (let k = 0; k < size; k++) found[k]! |= left[k]!
  return true
}

/** Marks the rows whose texts may have one of the words. */
function markTexts(found: Uint8Array, words: readonly string[], chunk: ChunkReader): void {
  for (const page of chunk.pages()) {
    const has = mayHold(plainTexts(page), words)
    let value = 0
    for (let row = 0; row < page.rows; row++) {
      if (page.nulls?.[row] !== 1 && has[value++] === 1) mark(found, page.firstRow + row)
    }
  }
}

/** Marks the rows whose entries of the dictionary may have one of the words. */
function markEntries(
  found: Uint8Array,
  words: readonly string[],
  chunk: ChunkReader,
  codesOf: (chunk: ChunkReader) => Uint32Array,
): void {
  const has = mayHold(chunk.dictionary(), words)
  if (!has.includes(1)) return
  const codes = codesOf(chunk)
  for (let row = 0; row < codes.length; row++) if (has[codes[row]!] === 1) mark(found, row)
}

function mark(found: Uint8Array, row: number): void {
  found[row >> 3]! |= 1 << (row & 7)
}

/** For each text, 1 where its bytes have one of the words, or an escape that may hide letters of it. */
function mayHold({ bytes, ends }: ByteTexts, words: readonly string[]): Uint8Array {
  const has = new Uint8Array(ends.length)
  const view = viewOf(bytes)
  const markEach = (next: (start: number) => number): void => {
    let at = next(0)
    while (at >= 0) {
      // What lies across the end of a text, or in a length, is taken for a word of it.
      const index = lowerBound(ends, at + 1)
      has[index] = 1
      at = next(ends[index]!)
    }
  }
  markEach(start => hidingEscape(bytes, view, start, bytes.length))
  for (const text of words) {
    const word = new Word(text)
    markEach(start => word.indexIn(bytes, start, bytes.length))
  }
  return has
}

/** Leaves in `into` the bits that `other` has too. */
function keepBoth(into: Uint8Array, other: Uint8Array): void {
  for (let k = 0; k < into.length; k++) into[k]! &= other[k]!
}
