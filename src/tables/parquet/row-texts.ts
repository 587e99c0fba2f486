import { hidingEscape } from '../json/record-words.ts'
import { viewOf } from '../json/skip.ts'
import type { RequiredText } from '../source.ts'
import { identityRows } from '../vector.ts'
import { Word } from '../word.ts'
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
      known.some(({ chunk }) => hasEntry(chunk, words))
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

/** Marks the rows in whose texts the bytes have one of the words, or may hide it. */
function markTexts(found: Uint8Array, words: readonly string[], chunk: ChunkReader): void {
  const searched = words.map(text => new Word(text))
  for (const page of chunk.pages()) {
    const { bytes, ends } = plainTexts(page)
    const { length } = bytes
    const view = viewOf(bytes)
    const rows = page.nulls && presentRows(page.nulls)
    const mark = (next: (start: number) => number): void => {
      let at = next(0)
      while (at >= 0) {
        // What lies across the end of a text, or in a length, is taken for a word of it.
        const value = lowerBound(ends, at + 1)
        const row = page.firstRow + (rows?.[value] ?? value)
        found[row >> 3]! |= 1 << (row & 7)
        at = next(ends[value]!)
      }
    }
    mark(start => hidingEscape(bytes, view, start, length))
    for (const word of searched) mark(start => word.indexIn(bytes, start, length))
  }
}

/** The rows that have a value. */
function presentRows(nulls: Uint8Array): Uint32Array {
  return identityRows(nulls.length).filter(row => nulls[row] === 0)
}

function markEntries(
  found: Uint8Array,
  words: readonly string[],
  chunk: ChunkReader,
  codesOf: (chunk: ChunkReader) => Uint32Array,
): void {
  const has = Uint8Array.from(chunk.dictionary().texts(), text => Number(mayHold(text, words)))
  if (!has.includes(1)) return
  const codes = codesOf(chunk)
  for (let row = 0; row < codes.length; row++) {
    if (has[codes[row]!] === 1) found[row >> 3]! |= 1 << (row & 7)
  }
}

function hasEntry(chunk: ChunkReader, words: readonly string[]): boolean {
  return chunk
    .dictionary()
    .texts()
    .some(text => mayHold(text, words))
}

/** Letters that are written as `\u0041` do not show. */
const ESCAPE = '\\u'

function mayHold(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase()
  return words.some(word => lower.includes(word)) || text.includes(ESCAPE)
}

/** Leaves in `into` the bits that `other` has too. */
function keepBoth(into: Uint8Array, other: Uint8Array): void {
  for (let k = 0; k < into.length; k++) into[k]! &= other[k]!
}
