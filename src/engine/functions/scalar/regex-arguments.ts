import type { ScalarValue } from '../../../tables/vector.ts'
import { compileRegex, isRegex, type Regex } from '../../../types/regex.ts'
import { QueryError } from '../query-error.ts'

/** Gives the regular expression of a row's pattern; undefined where the pattern is none. */
export type RegexSource = (pattern: string) => Regex | undefined

/**
 * Prepares the pattern argument at `position`: one that is constant is compiled now, and throws a
 * {@link QueryError} where it is no regular expression; one that varies is compiled when it changes.
 */
export function regexArgument(pattern: ScalarValue | undefined, position: number): RegexSource {
  if (typeof pattern !== 'string') {
    return text => {
      const result = compileRegex(text)
      return isRegex(result) ? result : undefined
    }
  }
  const regex = requireRegex(pattern, position)
  return () => regex
}

/** The regular expression of a constant pattern. @throws QueryError where it is none. */
export function requireRegex(pattern: string, position: number, shown = pattern): Regex {
  const result = compileRegex(pattern)
  if (isRegex(result)) return result
  throw new QueryError('KS160', `'${shown}' is not a regular expression: ${result.error}`, position)
}

/** The pattern that matches only where `pattern` does so at the very start, or the very end. */
export function anchored(pattern: string, at: 'start' | 'end'): string {
  return at === 'start' ? `\\A(?:${pattern})` : `(?:${pattern})\\z`
}
