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

/** The text that the bytes of a file are, without a byte order mark. */
export interface DecodedText {
  readonly text: string
  /** That there are bytes that are no text, at the first of them: U+FFFD stands in their place. */
  readonly fault?: Diagnostic
}

/**
 * The text of a file, without a byte order mark. Ends the command where it cannot be read, or has bytes
 * that are no text.
 */
export async function readText(path: string, reporter: Reporter): Promise<string> {
  return soundText(await readDecoded(path, reporter), path, reporter)
}

/** The text of a file, which may not be wanted in the end. Ends the command where it cannot be read. */
export async function readDecoded(path: string, reporter: Reporter): Promise<DecodedText> {
  try {
    return decodedText(readFileSync(path))
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

/** The text. Ends the command where it has bytes that are none, which is reported. */
export async function soundText(
  { text, fault }: DecodedText,
  name: string,
  reporter: Reporter,
  code: Diagnostic['code'] = 'KQL400',
): Promise<string> {
  if (fault === undefined) return text
  await reporter.inSource(new SourceText(text, name), { ...fault, code })
  throw new Failure(name)
}

/** The text of bytes in UTF-8, or in UTF-16 with a byte order mark. */
export function decodedText(bytes: Uint8Array): DecodedText {
  const [first = 0, second = 0] = bytes
  const mark = first * 256 + second
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8'
  const text = new TextDecoder(encoding).decode(bytes)
  const at = firstReplaced(text, bytes, encoding)
  if (at === undefined) return { text }
  const name = encoding === 'utf-8' ? 'UTF-8' : 'UTF-16'
  const fault: Diagnostic = {
    code: 'KQL400',
    severity: 'error',
    message: `There are bytes here that are not ${name}.`,
    span: { start: at, end: at + 1 },
    hint: 'Is the file in another encoding, such as Windows-1252? Save it as UTF-8.',
  }
  return { text, fault }
}

const UTF8_MARK = [0xef, 0xbb, 0xbf]

/** U+FFFD as it is in an encoding. */
const REPLACEMENT = {
  'utf-8': [0xef, 0xbf, 0xbd],
  'utf-16le': [0xfd, 0xff],
  'utf-16be': [0xff, 0xfd],
} as const

/** Where the first U+FFFD of the text is that the bytes do not have themselves. */
function firstReplaced(
  text: string,
  bytes: Uint8Array,
  encoding: keyof typeof REPLACEMENT,
): number | undefined {
  const own = REPLACEMENT[encoding]
  const unit = encoding === 'utf-8' ? 'utf8' : 'utf16le'
  const isMarked = encoding !== 'utf-8' || UTF8_MARK.every((byte, index) => bytes[index] === byte)
  // Up to the first that was replaced, the text is as long as its bytes. A mark is as long as U+FFFD.
  let offset = isMarked ? own.length : 0
  for (let from = 0; ; ) {
    const at = text.indexOf('\ufffd', from)
    if (at < 0) return undefined
    offset += Buffer.byteLength(text.slice(from, at), unit)
    if (own.some((byte, index) => bytes[offset + index] !== byte)) return at
    offset += own.length
    from = at + 1
  }
}
