import { type Dynamic, isArray } from '../../../types/dynamic.ts'
import type { Regex } from '../../../types/regex.ts'

/**
 * Positions of the groups that the array names, by number or by name; undefined where it is no array,
 * is empty, or names a group that the pattern lacks.
 */
export function groupPositions(regex: Regex, chosen: Dynamic): readonly number[] | undefined {
  if (!isArray(chosen) || chosen.length === 0) return undefined
  const positions = chosen.map(group =>
    typeof group === 'string' ? regex.groupNames.indexOf(group) : Number(group),
  )
  const known = positions.every(
    position => Number.isInteger(position) && position >= 1 && position <= regex.groupCount,
  )
  return known ? positions : undefined
}

/**
 * What the groups took in each match: an array of texts for one group, else of arrays of texts. null
 * where nothing matches, or the choice of groups makes no sense.
 */
export function captureGroups(
  regex: Regex | undefined,
  chosen: Dynamic | undefined,
  text: string,
): Dynamic {
  if (regex === undefined) return null
  const positions =
    chosen === undefined
      ? Array.from({ length: regex.groupCount }, (_, index) => index + 1)
      : groupPositions(regex, chosen)
  if (positions === undefined || positions.length === 0) return null
  const [only] = positions
  const found: Dynamic[] = []
  for (const { groups } of regex.matchAll(text)) {
    const texts = positions.map(position => groups[position] ?? '')
    found.push(positions.length === 1 && only !== undefined ? texts[0]! : texts)
  }
  return found.length === 0 ? null : found
}
