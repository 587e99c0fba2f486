import { gather } from '../batch.ts'
import { DynamicWriter } from '../json/dynamic-writer.ts'
import { splitPath, writeInside } from '../json/found-value.ts'
import type { RecordPath } from '../json/record-columns.ts'
import { RecordScanner } from '../json/record-scanner.ts'
import { skipBlanks, viewOf } from '../json/skip.ts'
import type { Vector } from '../vector.ts'
import type { ByteTexts } from './byte-texts.ts'
import type { ChunkReader } from './column-chunk.ts'
import { eachPiece, readCodes, WantedRows } from './read-vector.ts'

/**
 * What is at paths in the values of a dynamic column, a vector for each of the paths: in the rows at the
 * positions, which rise; in all rows where there are none given. Of the values nothing else is built.
 * @throws DataFileError where they are not as kqlab writes them.
 */
export function readPaths(
  chunk: ChunkReader,
  paths: readonly RecordPath[],
  rows?: Uint32Array,
): Vector[] {
  const wanted = new WantedRows(chunk, rows)
  const places = new Places(paths)
  if (chunk.hasDictionary) {
    const entries = chunk.dictionary()
    const codes = readCodes(wanted, entries.count)
    const { nulls } = wanted
    const used = new Uint8Array(entries.count)
    for (let row = 0; row < codes.length; row++) if (nulls?.[row] !== 1) used[codes[row]!] = 1
    for (let k = 0; k < used.length; k++) {
      if (used[k] === 1) places.add(entries, k)
      else places.addNull()
    }
    // For the rows without a value.
    places.addNull()
    const own = codes.map((code, row) => (nulls?.[row] === 1 ? used.length : code))
    return places.take().map(vector => gather(vector, own))
  }
  let next = 0
  const addNulls = (before: number): void => {
    for (; next < before; next++) places.addNull()
  }
  eachPiece(wanted, (texts, position, row) => {
    addNulls(row)
    places.add(texts, position)
    next++
  })
  addNulls(wanted.length)
  return places.take()
}

/** A path, as far as it has no position from the end, and the rest of it. */
interface Place {
  readonly slot: number
  readonly rest: RecordPath
  readonly writer: DynamicWriter
}

/** Collects what is at the paths, value by value. */
class Places {
  readonly #scanner = new RecordScanner()
  readonly #places: readonly Place[]
  #bytes: Uint8Array = new Uint8Array(0)
  #view = viewOf(this.#bytes)

  constructor(paths: readonly RecordPath[]) {
    this.#places = paths.map(path => {
      const { known, rest } = splitPath(path)
      return { slot: this.#scanner.want(known), rest, writer: new DynamicWriter(false, undefined) }
    })
  }

  add({ bytes, starts, ends }: ByteTexts, index: number): void {
    if (this.#bytes !== bytes) {
      this.#bytes = bytes
      this.#view = viewOf(bytes)
    }
    const scanner = this.#scanner
    const end = ends[index]!
    const isJson =
      scanner.scanOnly(bytes, this.#view, skipBlanks(bytes, starts[index]!, end), end) >= 0
    for (const { slot, rest, writer } of this.#places) {
      if (isJson) writeInside(scanner, slot, rest, writer)
      else writer.writeCell(null)
    }
  }

  addNull(): void {
    for (const { writer } of this.#places) writer.writeCell(null)
  }

  take(): Vector[] {
    return this.#places.map(({ writer }) => writer.take())
  }
}
