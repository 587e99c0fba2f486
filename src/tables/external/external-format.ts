import type { Container } from '../formats/container.ts'
import { plainAddress } from './external-data.ts'

/** How the records of external data are packed. */
export type ExternalFormat = 'delimited' | 'text' | 'raw' | 'json'

const DELIMITERS: ReadonlyMap<string, string> = new Map([
  ['csv', ','],
  ['tsv', '\t'],
  ['psv', '|'],
  ['scsv', ';'],
  ['sohsv', '\u0001'],
])

const OTHERS: ReadonlyMap<string, ExternalFormat> = new Map([
  ['txt', 'text'],
  ['raw', 'raw'],
  ['json', 'json'],
  ['multijson', 'json'],
  ['singlejson', 'json'],
])

/** Formats that are known by their extension and that cannot be read. */
const UNREAD = ['parquet', 'avro', 'apacheavro', 'orc', 'tsve', 'w3clogfile', 'azmonstream']

/** The formats that can be read, by the names that `with (format=…)` gives them. */
export const EXTERNAL_FORMATS: readonly string[] = [...DELIMITERS.keys(), ...OTHERS.keys()]

/** A format by its name in lower case; undefined where it cannot be read. */
export function formatNamed(name: string): ExternalFormat | undefined {
  return DELIMITERS.has(name) ? 'delimited' : OTHERS.get(name)
}

/**
 * The name of the format that the extension of an address or path tells, aside from compression;
 * undefined where it tells none.
 */
export function formatOfName(name: string): string | undefined {
  const path = plainAddress(name).split(/[?#]/, 1)[0] ?? ''
  const extension = /\.(\w+)(?:\.(?:gz|gzip|zst|zip))?$/i.exec(path)?.[1]?.toLowerCase()
  if (extension === undefined) return undefined
  if (extension === 'ndjson' || extension === 'jsonl') return 'json'
  return EXTERNAL_FORMATS.includes(extension) || UNREAD.includes(extension) ? extension : undefined
}

/** The container of a format; `opening` is the first byte that is no blank. */
export function containerOf(
  format: string,
  skipFirst: boolean,
  opening: number | undefined,
): Container | undefined {
  const delimiter = DELIMITERS.get(format)
  if (delimiter !== undefined) {
    return { kind: 'csv', format: 'CSV', delimiter, headless: { skipFirst } }
  }
  switch (OTHERS.get(format)) {
    case 'text':
      return { kind: 'text', format: 'text', whole: false, skipFirst }
    case 'raw':
      return { kind: 'text', format: 'text', whole: true, skipFirst: false }
    case 'json': {
      const records = opening === 0x5b ? [['*']] : [[]]
      return { kind: 'frames', format: 'JSON', records, captures: [], tabular: false }
    }
    default:
      return undefined
  }
}
