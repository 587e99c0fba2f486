/** What ends the literal part of a pattern that is looked at. */
const BREAKING = /[.[\]^$(){}|*+?\\]/
/** What follows a backslash that stands for one character, for one of a class, or for a place. */
const SIMPLE_ESCAPES = /[^A-Za-z0-9]|[abfnrtvAbBdDsSwWzZ]/
/** A number of times; what else begins with a brace is a brace. */
const REPETITION = /^\{\d*,?\d*\}/
/** One or more times, which something behind it makes any number of times. */
const STACKED = /^\++[*?{]/

/**
 * Runs of ASCII letters and digits that every match of a regular expression has, as RE2 reads it. Of
 * what is in groups nothing is taken, and nothing at all where the pattern has alternatives outside of
 * them, or something that is not read here.
 */
export function literalRuns(pattern: string): readonly string[] {
  // Where blanks and comments do not count, letters may be in a comment.
  if (/\(\?[a-zA-Z]*x/.test(pattern)) return []
  // Without regard to case, k and s match letters beyond ASCII too.
  const foldsCase = /\(\?[a-zA-Z]*i/.test(pattern)
  const runs: string[] = []
  let run = ''
  const end = (): void => {
    runs.push(run)
    run = ''
  }
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at)
    if (!BREAKING.test(char)) {
      const isLiteral = /[A-Za-z0-9]/.test(char) && !(foldsCase && /[kKsS]/.test(char))
      if (isLiteral) run += char
      else end()
      continue
    }
    switch (char) {
      case '|':
        return []
      case '?':
      case '*':
        // The character before may be missing, or be there again.
        run = run.slice(0, -1)
        end()
        break
      case '+':
        if (STACKED.test(pattern.slice(at))) run = run.slice(0, -1)
        end()
        break
      case '{': {
        const [times] = REPETITION.exec(pattern.slice(at)) ?? []
        if (times !== undefined) {
          run = run.slice(0, -1)
          at += times.length - 1
        }
        end()
        break
      }
      case '(':
        end()
        at = groupEnd(pattern, at)
        break
      case '[':
        end()
        at = classEnd(pattern, at)
        break
      case '\\':
        end()
        // What follows \Q, \x, \p and the like may have alternatives, or none.
        if (!SIMPLE_ESCAPES.test(pattern.charAt(at + 1))) return []
        at++
        break
      default:
        end()
    }
  }
  end()
  return runs
}

function closing(pattern: string, from: number, bracket: string): number {
  const at = pattern.indexOf(bracket, from)
  return at < 0 ? pattern.length : at
}

/** The end of the class at a bracket; one right behind it is part of the class. */
function classEnd(pattern: string, from: number): number {
  let at = from + 1
  if (pattern[at] === '^') at++
  if (pattern[at] === ']') at++
  for (; at < pattern.length && pattern[at] !== ']'; at++) {
    if (pattern[at] === '\\') at++
    else if (pattern.startsWith('[:', at)) at = closing(pattern, at, ':]') + 1
  }
  return at
}

function groupEnd(pattern: string, from: number): number {
  let depth = 0
  for (let at = from; at < pattern.length; at++) {
    const char = pattern[at]
    if (char === '\\') at++
    else if (char === '[') at = classEnd(pattern, at)
    else if (char === '(') depth++
    else if (char === ')' && --depth === 0) return at
  }
  return pattern.length
}
