import { type Dynamic, isArray } from '../../../types/dynamic.ts'

/**
 * The text with the occurrences of `lookups` replaced by the entries of `rewrites` at their places.
 * The text is read once: at each place the first entry of the list that matches there counts, and
 * what it gives is not searched again. What matches an entry without a string to replace it stays,
 * and no other entry looks into it.
 */
export function replaceStrings(text: string, lookups: Dynamic, rewrites: Dynamic): string {
  if (!isArray(lookups) || !isArray(rewrites)) return text
  const entries = lookups.flatMap((lookup, index) => {
    if (typeof lookup !== 'string' || lookup === '') return []
    const rewrite = rewrites[index]
    return [{ lookup, rewrite: typeof rewrite === 'string' ? rewrite : lookup }]
  })
  let result = ''
  let copied = 0
  let at = 0
  while (at < text.length) {
    const found = entries.find(entry => text.startsWith(entry.lookup, at))
    if (found === undefined) {
      at++
      continue
    }
    result += text.slice(copied, at) + found.rewrite
    at += found.lookup.length
    copied = at
  }
  return result + text.slice(copied)
}
