import { InternalError } from '../../../text/internal-error.ts'
import { compileRegex, isRegex, type Regex, type RegexMatch } from '../../../types/regex.ts'
import patterns from './user-agent-patterns.json' with { type: 'json' }

/** What a user agent is searched for. */
export type UserAgentPart = 'browser' | 'os' | 'device'

/** Of a longer text only the beginning is searched: there are more than a thousand patterns. */
const MAX_LENGTH = 4096

/** A pattern, and what its parts are called: null where they are what a group of the pattern found. */
class UserAgentPattern {
  readonly #pattern: string
  readonly #replacements: readonly (string | null)[]
  #regex: Regex | undefined

  constructor([pattern = '', ...replacements]: readonly (string | null)[]) {
    this.#pattern = pattern ?? ''
    this.#replacements = replacements
  }

  /** The match in the text; null where there is none. The pattern is compiled when it is first asked. */
  exec(text: string): RegexMatch | null {
    this.#regex ??= compiled(this.#pattern)
    return this.#regex.test(text) ? this.#regex.exec(text) : null
  }

  /** The replacement at the position with the groups in it, else the group; empty where it found none. */
  part(match: RegexMatch, position: number, group: number): string {
    const replacement = this.#replacements[position] ?? null
    if (replacement === null) return match.groups[group] ?? ''
    return replacement.replace(/\$(\d)/g, (_, digit) => match.groups[Number(digit)] ?? '').trim()
  }
}

function compiled(pattern: string): Regex {
  const regex = compileRegex(pattern)
  if (!isRegex(regex)) throw new InternalError(`${pattern}: ${regex.error}`)
  return regex
}

const lists = new Map<UserAgentPart, readonly UserAgentPattern[]>()

function patternsOf(part: UserAgentPart): readonly UserAgentPattern[] {
  let list = lists.get(part)
  if (list === undefined) {
    list = patterns[part].map(line => new UserAgentPattern(line))
    lists.set(part, list)
  }
  return list
}

/** Family and versions of a browser: `Other` and nothing where no pattern knows it. */
export function browserOf(userAgent: string): readonly string[] {
  return partsOf('browser', userAgent, [1, 2, 3, 4])
}

/** Family and versions of an operating system: `Other` and nothing where no pattern knows it. */
export function operatingSystemOf(userAgent: string): readonly string[] {
  return partsOf('os', userAgent, [1, 2, 3, 4, 5])
}

/** Family, brand and model of a device: `Other` and nothing where no pattern knows it. */
export function deviceOf(userAgent: string): readonly string[] {
  // There is no group for a brand that has no name.
  return partsOf('device', userAgent, [1, Number.NaN, 1])
}

/** `groups`: the group that each part is where the pattern says nothing else. */
function partsOf(
  part: UserAgentPart,
  userAgent: string,
  groups: readonly number[],
): readonly string[] {
  const text = userAgent.slice(0, MAX_LENGTH)
  for (const pattern of patternsOf(part)) {
    const match = pattern.exec(text)
    if (match !== null) return groups.map((group, at) => pattern.part(match, at, group))
  }
  return groups.map((_, at) => (at === 0 ? 'Other' : ''))
}
