import { type Dynamic, isArray } from '../../../types/dynamic.ts'

/**
 * The text with the occurrences of `lookups` replaced by the entries of `rewrites` at their places.
 * The first entry of the list is looked for in the whole text, each further one in what is left
 * between the matches so far: what a rewrite brings in is not searched. What matches an entry without
 * a string to replace it stays, and no later entry looks into it.
 */
export function replaceStrings(text: string, lookups: Dynamic, rewrites: Dynamic): string {
  if (!isArray(lookups) || !isArray(rewrites)) return text
  // Texts at even places are still searched, those at odd ones are done.
  let pieces = [text]
  lookups.forEach((lookup, index) => {
    if (typeof lookup !== 'string' || lookup === '') return
    const rewrite = rewrites[index]
    const replacement = typeof rewrite === 'string' ? rewrite : lookup
    pieces = pieces.flatMap((piece, at) =>
      at % 2 === 1
        ? [piece]
        : piece.split(lookup).flatMap((part, k) => (k === 0 ? [part] : [replacement, part])),
    )
  })
  return pieces.join('')
}
