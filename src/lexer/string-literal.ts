const SINGLE: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
])

const ESCAPE =
  /\\(?:(["'\\abfnrtv])|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g

/** Made where it is needed: to work out what these sets have takes long. */
const special = (): RegExp => /["\\\p{Cc}\u2028\u2029]|\p{Surrogate}/gu

/** The text that a string literal stands for, and whether it is written as obfuscated. */
export interface StringValue {
  readonly text: string
  readonly obfuscated: boolean
}

/**
 * The value of one string literal as it stands in a query: `'…'`, `"…"`, `@'…'`, `@"…"`, or a
 * multi-line one, each possibly after `h`.
 * @see https://learn.microsoft.com/kusto/query/scalar-data-types/string
 */
export function stringValue(literal: string): StringValue {
  const obfuscated = literal.startsWith('h') || literal.startsWith('H')
  const body = obfuscated ? literal.slice(1) : literal
  if (body.startsWith('```') || body.startsWith('~~~')) {
    return { text: body.slice(3, -3), obfuscated }
  }
  if (body.startsWith('@')) {
    const quote = body[1] as string
    return { text: body.slice(2, -1).replaceAll(quote + quote, quote), obfuscated }
  }
  return { text: decodeEscapes(body.slice(1, -1)), obfuscated }
}

function decodeEscapes(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(ESCAPE, (_, single, octal, hex, unicode, wide) => {
    if (single !== undefined) return SINGLE.get(single) as string
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
    const code = Number.parseInt(hex ?? unicode ?? wide, 16)
    return code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code)
  })
}

/** A string literal in double quotes whose {@link stringValue} is the text. */
export function quoteString(text: string): string {
  return `"${text.replace(special(), escapeCharacter)}"`
}

function escapeCharacter(character: string): string {
  switch (character) {
    case '"':
    case '\\':
      return `\\${character}`
    case '\n':
      return '\\n'
    case '\r':
      return '\\r'
    case '\t':
      return '\\t'
    default:
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  }
}
