import type { Container, FramePattern, FramesContainer } from './container.ts'
import type { FrameSink } from './json-framer.ts'
import { JsonFramer } from './json-framer.ts'

/** What the first bytes of a file say about it. */
export type Sniffed =
  | { readonly kind: 'container'; readonly container: Container }
  | { readonly kind: 'empty' }
  /** It is not something that can be read; the message says what it is. */
  | { readonly kind: 'refused'; readonly message: string }

/** How many bytes {@link sniff} wants at most; fewer only where the file is shorter. */
export const SNIFF_BYTES = 1 << 20

const DECODER = new TextDecoder()

/**
 * How the records of a file are packed, by its first bytes, which are decompressed and UTF-8. `whole`
 * says that they are all there is. What is one of `columns`, the dynamic ones of its table, is no member
 * around records.
 */
export function sniff(
  head: Uint8Array,
  whole: boolean,
  fileName: string,
  columns: ReadonlySet<string> = new Set(),
): Sniffed {
  const refusal = refusedMagic(head)
  if (refusal !== undefined) return { kind: 'refused', message: refusal }
  let at = 0
  while (at < head.length && isBlank(head[at]!)) at++
  if (at === head.length) {
    if (whole) return { kind: 'empty' }
    return { kind: 'refused', message: `Its first ${SNIFF_BYTES} bytes are blank.` }
  }
  const first = String.fromCharCode(head[at]!)
  const container = '{['.includes(first)
    ? sniffJson(head.subarray(at), whole, columns)
    : sniffCsv(head.subarray(at), fileName)
  if (typeof container === 'string') return { kind: 'refused', message: container }
  return { kind: 'container', container }
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0
}

/** What an archive begins with: a file, nothing, or that it is one of several. */
const ZIP_MAGIC = ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08']

function refusedMagic(head: Uint8Array): string | undefined {
  const magic = String.fromCharCode(...head.subarray(0, 4))
  if (magic === 'PAR1')
    return 'It is a Parquet file, which kqlab reads only from disk and not packed.'
  // What is compressed once was decompressed before.
  if (magic === '\x28\xb5\x2f\xfd' || magic.startsWith('\x1f\x8b')) {
    return 'It is compressed twice: decompress it once.'
  }
  if (ZIP_MAGIC.includes(magic)) return 'It is a ZIP archive: unpack it.'
  if (/^BZh[1-9]/.test(magic)) return 'It is compressed by bzip2: decompress it, or use gzip.'
  if (magic === 'Obj\x01') return 'It is an Avro file, which kqlab cannot read.'
  return undefined
}

/** A document's members and elements near its root, each path once, in the order they appear. */
interface Outline {
  readonly root: 'object' | 'array'
  /** Paths joined by `/`, with `*` for an element, to how the value opens. */
  readonly paths: ReadonlyMap<string, 'object' | 'array' | 'scalar'>
}

const OUTLINE_DEPTH = 4
const OUTLINE_STEP = 1 << 14

/** The outline takes no notice of what it does not look for: the reader proper reports it. */
const ignore = () => undefined

/** The outline of the first document, as far as the bytes go. */
function outline(head: Uint8Array): Outline {
  const paths = new Map<string, 'object' | 'array' | 'scalar'>()
  let documents = 0
  const sink: FrameSink = {
    choose(path, opening) {
      if (path.length === 0) documents++
      if (documents > 1) return 'skip'
      const key = path.map(step => (typeof step === 'number' ? '*' : step)).join('/')
      if (!paths.has(key)) paths.set(key, opening)
      return opening !== 'scalar' && path.length < OUTLINE_DEPTH ? 'enter' : 'skip'
    },
    record: ignore,
    value: () => -1,
    capture: ignore,
    broken: ignore,
  }
  const framer = new JsonFramer(sink, SNIFF_BYTES)
  for (let at = 0; at < head.length && documents < 2; at += OUTLINE_STEP) {
    framer.push(head.subarray(at, at + OUTLINE_STEP))
  }
  const root = head[0] === 0x5b ? 'array' : 'object'
  return { root, paths }
}

function frames(
  format: string,
  records: readonly FramePattern[],
  captures: readonly FramePattern[] = [],
  tabular = false,
): FramesContainer {
  return { kind: 'frames', format, records, captures, tabular }
}

function sniffJson(
  head: Uint8Array,
  whole: boolean,
  columns: ReadonlySet<string>,
): Container | string {
  const { root, paths } = outline(head)
  if (root === 'array') {
    if (paths.has('*/FrameType')) return KUSTO_V2
    if (paths.get('*') === 'object') return frames('JSON array', [['*']])
    if (!paths.has('*') && whole) return frames('JSON array', [['*']])
    return 'It is a JSON array whose elements are not objects.'
  }
  if (paths.has('tables/*/columns/*/name') || paths.has('tables/*/rows')) return LOG_ANALYTICS
  if (paths.has('Tables/*/Columns/*/ColumnName') || paths.has('Tables/*/Rows')) return KUSTO_V1
  for (const [schema, results] of [
    ['schema', 'results'],
    ['Schema', 'Results'],
  ] as const) {
    if (paths.get(schema) === 'array' && (!whole || paths.get(results) === 'array')) {
      return frames('Defender hunting response', [[results, '*']], [[schema]])
    }
  }
  // Its alerts may be far behind its runs.
  const isReplay = paths.get('alerts') === 'array' || paths.has('runs/*/status')
  if (paths.get('runs') === 'array' && isReplay) return REPLAY
  const isRow = ['TimeGenerated', 'Timestamp', 'Type', 'time', 'category'].some(key =>
    paths.has(key),
  )
  if (!isRow) {
    if (paths.get('@odata.context') === 'scalar' && paths.get('value') === 'array') {
      return frames('Microsoft Graph response', [['value', '*']], [['@odata.context']])
    }
    for (const key of ['records', 'value', 'Results', 'results']) {
      if (columns.has(key)) continue
      if (paths.get(key) === 'array' && paths.get(`${key}/*`) !== 'scalar') {
        return frames(`JSON with ${key}`, [[key, '*']], [['@odata.context']])
      }
    }
  }
  return isLines(head, whole) ? { kind: 'lines', format: 'NDJSON' } : frames('JSON', [[]])
}

const LOG_ANALYTICS = frames(
  'Log Analytics query response',
  [['tables', '*', 'rows', '*']],
  [['tables', '*', 'name'], ['tables', '*', 'columns'], ['error']],
  true,
)

const KUSTO_V1 = frames(
  'Kusto v1 response',
  [['Tables', '*', 'Rows', '*']],
  [
    ['Tables', '*', 'TableName'],
    ['Tables', '*', 'Columns'],
  ],
  true,
)

const KUSTO_V2 = frames(
  'Kusto v2 response',
  [['*', 'Rows', '*']],
  [
    ['*', 'TableKind'],
    ['*', 'Columns'],
    ['*', 'HasErrors'],
  ],
  true,
)

/** What `kqlab replay --format json` prints. */
const REPLAY = frames('JSON of a replay', [
  ['alerts', '*'],
  ['incidents', '*'],
])

/** Whether each of the first lines holds one whole JSON value. */
function isLines(head: Uint8Array, whole: boolean): boolean {
  let start = 0
  let lines = 0
  while (start < head.length && lines < 2) {
    const lineFeed = head.indexOf(0x0a, start)
    if (lineFeed < 0 && !whole) break
    const end = lineFeed < 0 ? head.length : lineFeed
    const line = DECODER.decode(head.subarray(start, end)).replaceAll('\0', '').trim()
    start = end + 1
    if (line === '') continue
    lines++
    try {
      JSON.parse(line)
      return true
    } catch {
      // A first line may be damaged where the rest is sound; a document of several lines opens with
      // a line that is no JSON either, and so does its second line.
    }
  }
  return false
}

/** Made where it is needed: to work out what these sets have takes long. */
const csvName = (): RegExp => /^[\p{L}\p{M}\p{N}_$ .@()/#-]+( \[[^\]]+\])?$/u
/** What a file that is told to be CSV may call a column besides, or not call it: markup and JSON are none. */
const ANY_NAME = /^[^<>{}"\p{Cc}]*$/u
const CSV_MARKER = /^(\$table|TimeGenerated|Timestamp)$| \[[^\]]+\]$/
const SURE_MARKER = /^(\$table|TimeGenerated|Timestamp)$/
const DELIMITERS = [',', ';', '\t']

function sniffCsv(head: Uint8Array, fileName: string): Container | string {
  const lineFeed = head.indexOf(0x0a)
  const text = DECODER.decode(head.subarray(0, lineFeed < 0 ? head.length : lineFeed)).trimEnd()
  const notText = 'It is neither JSON nor CSV text.'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they tell binary files from text
  if (/[\x00-\x08\x0e-\x1f\ufffd]/.test(text)) return notText
  const begins = `It begins with ${JSON.stringify(text.slice(0, 60))}.`
  const named = /\.[ct]sv(\.(gz|gzip|zst))?$/i.test(fileName)
  const csv = (delimiter: string) => ({ kind: 'csv', format: 'CSV', delimiter }) as const
  let plain = false
  for (const delimiter of DELIMITERS) {
    const names = splitHeader(text, delimiter)
    if (!names.every(name => csvName().test(name))) continue
    const marked = names.some(name => CSV_MARKER.test(name))
    if (names.length > 1 ? marked || named : named && !/[;\t]/.test(text)) return csv(delimiter)
    plain ||= names.length > 1
  }
  const headers = DELIMITERS.map(delimiter => ({ delimiter, names: splitHeader(text, delimiter) }))
  const header = headers.reduce((a, b) => (b.names.length > a.names.length ? b : a))
  const told =
    named || (header.names.length > 1 && header.names.some(name => SURE_MARKER.test(name)))
  const isHeader = header.names.some(name => name !== '')
  if (told && isHeader && header.names.every(name => ANY_NAME.test(name))) {
    return csv(header.delimiter)
  }
  return plain
    ? `It is not JSON, and CSV is told by a name that ends in .csv, or a column TimeGenerated. ${begins}`
    : `${notText} ${begins}`
}

/** The names of a header line. */
export function splitHeader(line: string, delimiter: string): string[] {
  return line.split(delimiter).map(name => {
    const trimmed = name.trim()
    return /^".*"$/.test(trimmed) ? trimmed.slice(1, -1).replaceAll('""', '"') : trimmed
  })
}
