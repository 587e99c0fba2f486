import { parseDatetime, parseIsoBytes } from '../../types/datetime.ts'
import { parseLong, parseReal } from '../../types/number.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { stringAt, textAt } from '../json/json-text.ts'
import {
  SEEN_BOOL,
  SEEN_CONTAINER,
  SEEN_LONG,
  SEEN_REAL,
  SEEN_TEXT,
  SEEN_TIME,
  typeOfKinds,
} from '../observed-kinds.ts'

/** A column without a known type, as the records of a file have it. */
export interface ObservedColumn {
  readonly name: string
  /** The kinds of its values, summed. */
  readonly kinds: number
  /** Its type, where the file itself declares one. */
  readonly declared?: ScalarType
}

/** The type of a column that was observed. */
export function observedType({ kinds, declared }: ObservedColumn): ScalarType {
  return declared ?? typeOfKinds(kinds)
}

/** Both lists of columns in first-seen order; a column in both has the type that holds either. */
export function widen(
  first: readonly ObservedColumn[],
  second: readonly ObservedColumn[],
): ObservedColumn[] {
  const columns = new Map(first.map(column => [column.name, column]))
  for (const column of second) {
    const before = columns.get(column.name)
    columns.set(column.name, before === undefined ? column : wider(before, column))
  }
  return [...columns.values()]
}

function wider(first: ObservedColumn, second: ObservedColumn): ObservedColumn {
  const { name } = first
  const kinds = first.kinds | second.kinds
  const declared = first.declared ?? second.declared
  const agree = (first.declared ?? declared) === (second.declared ?? declared)
  return declared !== undefined && agree ? { name, kinds, declared } : { name, kinds }
}

const QUOTE = 0x22

/** The kind of a JSON value. */
export function kindOfJson(bytes: Uint8Array, start: number, end: number): number {
  switch (bytes[start]) {
    case QUOTE:
      return isIsoTime(bytes, start + 1, end - 1) ? SEEN_TIME : SEEN_TEXT
    case 0x74:
    case 0x66:
      return SEEN_BOOL
    case 0x6e:
      return 0
    case 0x5b:
    case 0x7b:
      return SEEN_CONTAINER
    default:
      return parseLong(textAt(bytes, start, end)) === null ? SEEN_REAL : SEEN_LONG
  }
}

/** A date alone may be a version or a name; exports write the time too. */
function isIsoTime(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 19 || bytes[start + 4] !== 0x2d || bytes[start + 10] !== 0x54) return false
  return parseIsoBytes(bytes, start, end) !== null
}

/** The kind of a value that the file has as text whatever it was; 0 where it is missing. */
export function kindOfText(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== QUOTE) return kindOfJson(bytes, start, end)
  const text = stringAt(bytes, start + 1, end - 1)
  if (text === '' || text === 'None') return 0
  if (/^(true|false)$/i.test(text)) return SEEN_BOOL
  // Leading zeros, signs and blanks are those of identifiers and codes; so are more digits than a long has.
  if (/^-?(0|[1-9]\d*)$/.test(text)) return parseLong(text) === null ? SEEN_TEXT : SEEN_LONG
  if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(text) && parseReal(text) !== null) {
    return SEEN_REAL
  }
  if (/^\d{1,4}[-/]\d{1,2}[-/]\d{1,4}[T ,]/.test(text) && parseDatetime(text) !== null) {
    return SEEN_TIME
  }
  return /^\s*[[{]/.test(text) && isJson(text) ? SEEN_CONTAINER : SEEN_TEXT
}

/** Texts of several kinds are texts after all: a mixture is no reason to take them for JSON. */
export function kindsOfTexts(kinds: number): number {
  const isOne = (kinds & (kinds - 1)) === 0
  return isOne || kinds === (SEEN_LONG | SEEN_REAL) ? kinds : SEEN_TEXT
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
