import { addAbortSignal } from 'node:stream'
import type { DataFile } from '../tables/formats/data-file.ts'
import { decompressed } from './decompress.ts'

/** What stands for standard input where a path is wanted. */
export const STANDARD_INPUT = '-'

let reading: Promise<readonly Uint8Array[]> | undefined

/** Standard input as a file. It is kept in memory, as files are read several times. */
export function standardInputFile(signal?: AbortSignal): DataFile {
  return {
    path: STANDARD_INPUT,
    read: stop => decompressed(again(signal), stop),
  }
}

async function* again(signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  reading ??= readAll(signal)
  for (const piece of await reading) yield piece
}

async function readAll(signal: AbortSignal | undefined): Promise<readonly Uint8Array[]> {
  const pieces: Uint8Array[] = []
  const input = signal === undefined ? process.stdin : addAbortSignal(signal, process.stdin)
  for await (const piece of input) pieces.push(new Uint8Array(piece as Buffer))
  return pieces
}
