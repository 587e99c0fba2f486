/**
 * Positions in text count code points, as KQL does, not UTF-16 units.
 */

const SURROGATE = /[\ud800-\udfff]/

/** How many code points the text has. */
export function codePointLength(text: string): number {
  return SURROGATE.test(text) ? Array.from(text).length : text.length
}

/** The code points from `start` up to `end`, as `slice` takes them: from 0, neither negative. */
export function sliceCodePoints(text: string, start: number, end: number): string {
  if (!SURROGATE.test(text)) return text.slice(start, end)
  return Array.from(text).slice(start, end).join('')
}

/** The UTF-16 position of the code point at `position`; past the end, the length. */
export function unitOfCodePoint(text: string, position: number): number {
  if (!SURROGATE.test(text)) return Math.min(position, text.length)
  let unit = 0
  for (let left = position; left > 0 && unit < text.length; left--) {
    unit += text.codePointAt(unit)! > 0xffff ? 2 : 1
  }
  return unit
}

/** The position in code points of the UTF-16 position `unit`. */
export function codePointOfUnit(text: string, unit: number): number {
  return codePointLength(text.slice(0, unit))
}

/** How many bytes the text has in UTF-8. */
export function utf8Length(text: string): number {
  let size = text.length
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) continue
    // Each half of a pair adds one to its own unit: four bytes for two units.
    size += unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return size
}

/**
 * The text in upper or lower case, each character by its simple mapping: `ß` has none, and a final
 * sigma is no exception.
 */
export function changeCase(text: string, to: 'upper' | 'lower'): string {
  const whole = to === 'upper' ? text.toUpperCase() : text.toLowerCase()
  if (whole.length === text.length && !whole.includes('ς')) return whole
  let changed = ''
  for (const character of text) {
    const other = to === 'upper' ? character.toUpperCase() : character.toLowerCase()
    changed += other.length === character.length ? other : character
  }
  return changed
}
