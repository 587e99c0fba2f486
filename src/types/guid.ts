const BRACED = /^\{(.*)\}$|^\((.*)\)$/s
const START = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}/i
const HEX = new RegExp(`${START.source}$`, 'i')

/**
 * The guid in lower case with its four dashes. Each dash may be missing, as
 * `toguid("0123456789ab-cdef-0123-456789abcdef")` shows; braces or parentheses and blanks around it
 * do not count. null when it is none.
 * @see https://learn.microsoft.com/kusto/query/toguid-function
 */
export function parseGuid(text: string): string | null {
  const trimmed = text.trim()
  const braced = BRACED.exec(trimmed)
  const body = braced === null ? trimmed : (braced[1] ?? braced[2] ?? '')
  if (!HEX.test(body)) return null
  const lower = body.toLowerCase()
  if (lower.length === 36) return lower
  const hex = lower.replaceAll('-', '')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The guid that a text is or starts with, as `toguid` reads it; null where there is none. */
export function leadingGuid(text: string): string | null {
  const [start] = START.exec(text.trim()) ?? []
  return parseGuid(start ?? text)
}
