import { readFileSync } from 'node:fs'
import { reasonOf } from '../node/data-paths.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { SourceText } from '../text/source-text.ts'
import { Failure } from './exit.ts'
import type { Reporter } from './reporter.ts'

/** A query, and the text in which people know it. */
export interface QueryText {
  readonly text: string
  /** The file or the argument that the query is in. */
  readonly source: SourceText
  /** A diagnostic of the query with its places in the source. */
  locate(diagnostic: Diagnostic): Diagnostic
}

/** A query that is the whole of a text. */
export function plainQuery(text: string, name?: string): QueryText {
  return { text, source: new SourceText(text, name), locate: diagnostic => diagnostic }
}

/** The text of a file, without a byte order mark. Ends the command where it cannot be read. */
export async function readText(path: string, reporter: Reporter): Promise<string> {
  try {
    return textOfBytes(readFileSync(path))
  } catch (error) {
    await reporter.inFile({
      code: 'KQL400',
      severity: 'error',
      message: reasonOf(error),
      file: path,
    })
    throw new Failure(path)
  }
}

/** The text that the bytes of a file are, without a byte order mark. */
export function textOfBytes(bytes: Uint8Array): string {
  const [first = 0, second = 0] = bytes
  const mark = first * 256 + second
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}
