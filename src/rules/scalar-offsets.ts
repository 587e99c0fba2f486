/** How a text stands in a YAML file. */
export type ScalarStyle = 'literal' | 'folded' | 'plain' | 'single-quoted' | 'double-quoted'

/**
 * Where in a YAML file each character of a scalar's value stands, and at the end where the value
 * ends; undefined where value and file cannot be brought together. `start` and `end` enclose the
 * scalar's text in the file: without quotes, without a block scalar's header.
 *
 * YAML drops indentation, joins lines and knows escapes: characters that are no blanks are found
 * exactly in every style, blanks exactly in a literal block.
 */
export function scalarOffsets(
  file: string,
  start: number,
  end: number,
  style: ScalarStyle,
  value: string,
): Uint32Array | undefined {
  return style === 'literal'
    ? literalOffsets(file, start, end, value)
    : flowOffsets(file, start, end, style, value)
}

/** A literal block has the value's lines, each behind its indentation. */
function literalOffsets(
  file: string,
  start: number,
  end: number,
  value: string,
): Uint32Array | undefined {
  const offsets = new Uint32Array(value.length + 1)
  let at = start
  let from = 0
  for (const line of value.split('\n')) {
    const lineBreak = file.indexOf('\n', at)
    const next = lineBreak < 0 || lineBreak >= end ? end : lineBreak
    const last = next > at && file[next - 1] === '\r' && !line.endsWith('\r') ? next - 1 : next
    const first = last - line.length
    if (first < at || file.slice(first, last) !== line) return undefined
    for (let k = 0; k <= line.length; k++) offsets[from + k] = first + k
    from += line.length + 1
    at = Math.min(next + 1, end)
  }
  return offsets
}

const BLANK = /^[ \t\r\n]$/

function flowOffsets(
  file: string,
  start: number,
  end: number,
  style: ScalarStyle,
  value: string,
): Uint32Array | undefined {
  const offsets = new Uint32Array(value.length + 1)
  let at = start
  let to = 0
  while (to < value.length) {
    const wanted = value.charAt(to)
    const unit = unitAt(file, at, end, style)
    if (unit === undefined) {
      // The line break that ends a block is the value's own where the file ends without one.
      if (!BLANK.test(wanted)) return undefined
      offsets[to++] = at
    } else if (unit.text !== '' && value.startsWith(unit.text, to)) {
      for (let k = 0; k < unit.text.length; k++) offsets[to++] = at
      at += unit.length
    } else if (unit.text === '') {
      at += unit.length
    } else if (BLANK.test(unit.text) && unit.length === 1) {
      // A blank of the file that is not in the value, or is another there: a joined line.
      if (BLANK.test(wanted)) offsets[to++] = at
      at++
    } else if (BLANK.test(wanted)) {
      offsets[to++] = at
    } else {
      return undefined
    }
  }
  offsets[value.length] = at
  return offsets
}

/** What the file's text at a place gives of the value, and how long it is there. */
interface Unit {
  readonly text: string
  readonly length: number
}

function unitAt(file: string, at: number, end: number, style: ScalarStyle): Unit | undefined {
  if (at >= end) return undefined
  const character = file.charAt(at)
  if (style === 'single-quoted' && character === "'") return { text: "'", length: 2 }
  if (style !== 'double-quoted' || character !== '\\') return { text: character, length: 1 }
  const letter = file.charAt(at + 1)
  const digits = HEX_DIGITS[letter]
  if (digits !== undefined) {
    const code = Number.parseInt(file.slice(at + 2, at + 2 + digits), 16)
    const isCode = code >= 0 && code <= 0x10ffff
    return { text: isCode ? String.fromCodePoint(code) : '', length: 2 + digits }
  }
  if (letter === '\n') return { text: '', length: 2 }
  if (letter === '\r') return { text: '', length: 3 }
  return { text: ESCAPES[letter] ?? letter, length: 2 }
}

const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/** The escapes of YAML that do not stand for the character itself. */
const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
}
