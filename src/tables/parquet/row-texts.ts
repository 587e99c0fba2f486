import type { RequiredText } from '../source.ts'
import type { ChunkReader } from './column-chunk.ts'
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
    const found =
      inFilter && known.some(({ chunk }) => chunk.hasDictionary && hasEntry(chunk, words))
        ? undefined
        : rowsWithAny(words, rows, known, file, codesOf)
    if (found === undefined) continue
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
): Uint8Array | undefined {
  const found = new Uint8Array(slotBytes(rows))
  for (const { chunk, signature } of columns) {
    if (chunk.hasDictionary) markEntries(found, words, chunk, codesOf)
    else if (signature === undefined) return undefined
    else {
      for (const word of words) {
        const marked = rowsOfSignature(word, found.length, file, signature)
        if (marked === undefined) return undefined
        for (let k = 0; k < found.length; k++) found[k]! |= marked[k]!
      }
    }
  }
  return found
}

/** The rows whose signature has the word; undefined where it cannot tell. */
function rowsOfSignature(
  word: string,
  size: number,
  file: RandomAccess,
  signature: number,
): Uint8Array | undefined {
  let left: Uint8Array | undefined
  for (const slot of slotsOfWord(word)) {
    const start = signature + slot * size
    if (left === undefined) left = file.read(start, start + size)
    else keepBoth(left, file.view(start, start + size))
  }
  return left
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
function mayHold(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase()
  return words.some(word => lower.includes(word)) || text.includes('\\u')
}

/** Leaves in `into` the bits that `other` has too. */
function keepBoth(into: Uint8Array, other: Uint8Array): void {
  for (let k = 0; k < into.length; k++) into[k]! &= other[k]!
}
