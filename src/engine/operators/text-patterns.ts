/** The texts of one pattern: how many there are, and what stands between the terms that they share. */
interface Group {
  readonly terms: readonly string[]
  readonly gaps: readonly Gap[]
  readonly representative: string
  count: number
}

/** A pattern of texts, in which `*` stands for any text. */
export interface TextPattern {
  readonly pattern: string
  readonly count: number
  /** The first text that has the pattern. */
  readonly representative: string
}

interface Term {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** The terms of a text: runs of ASCII letters and digits. `toggled` are the characters where it is otherwise. */
function termsOf(text: string, toggled: ReadonlySet<string>): Term[] {
  const terms: Term[] = []
  let start = -1
  for (let at = 0; at <= text.length; at++) {
    const character = text.charAt(at)
    const inTerm = character !== '' && isAlphanumeric(character) !== toggled.has(character)
    if (inTerm && start < 0) start = at
    if (inTerm || start < 0) continue
    terms.push({ text: text.slice(start, at), start, end: at })
    start = -1
  }
  return terms
}

function isAlphanumeric(character: string): boolean {
  return /^[A-Za-z0-9]$/.test(character)
}

/** What texts of a group have at one place between, before or behind the terms that they share. */
class Gap {
  readonly #first: string
  #left: string
  #right: string
  #isSame = true
  #hasTerms: boolean

  constructor(text: string, terms: readonly Term[]) {
    this.#first = text
    this.#left = terms.length === 0 ? text : text.slice(0, terms[0]!.start)
    this.#right = terms.length === 0 ? text : text.slice(terms.at(-1)!.end)
    this.#hasTerms = terms.length > 0
  }

  add(other: Gap): void {
    if (this.#first !== other.#first) this.#isSame = false
    if (this.#left !== other.#left) this.#left = ''
    if (this.#right !== other.#right) this.#right = ''
    if (other.#hasTerms) this.#hasTerms = true
  }

  toString(): string {
    if (!this.#hasTerms) return this.#isSame ? this.#first : '*'
    const [left, right] = [this.#left, this.#right].map(text =>
      [...text].some(isAlphanumeric) ? '' : text,
    )
    return `${left}*${right}`
  }
}

/** What goes with no pattern. */
export const OTHERS = 'others'

/**
 * Patterns of texts, after Vaarandi's clustering of event logs: a term that stands at its place in more
 * than a share of the texts is kept, unless it is a number; texts with the same terms kept are a group,
 * where there are more than that share of them. All other texts are the last pattern.
 */
export class TextPatterns {
  readonly #texts = new Map<string, number>()
  readonly #toggled: ReadonlySet<string>
  readonly #share: number
  readonly #patternOf = new Map<string, string>()
  #total = 0

  /** `toggled`: letters and digits that separate terms too, and other characters that do not. */
  constructor(share: number, toggled: string) {
    this.#share = share
    this.#toggled = new Set(toggled)
  }

  add(text: string): void {
    this.#texts.set(text, (this.#texts.get(text) ?? 0) + 1)
    this.#total++
  }

  get distinct(): number {
    return this.#texts.size
  }

  /** The pattern of a text, once the patterns were found. */
  patternOf(text: string): string {
    return this.#patternOf.get(text) ?? OTHERS
  }

  /** The patterns, that of most texts first; {@link OTHERS} is the last. */
  find(): TextPattern[] {
    const frequent = this.#frequentTerms()
    const groups = new Map<string, Group>()
    const groupOf = new Map<string, Group>()
    for (const [text, count] of this.#texts) {
      const terms = termsOf(text, this.#toggled)
      const kept = terms.flatMap(({ text: term }, place) =>
        frequent.has(`${place} ${term}`) ? [place] : [],
      )
      if (kept.length === 0) continue
      const key = kept.map(place => `${place} ${terms[place]!.text}`).join('\n')
      const gaps = gapsOf(text, terms, kept)
      let group = groups.get(key)
      if (group === undefined) {
        const shared = kept.map(place => terms[place]!.text)
        group = { terms: shared, gaps, representative: text, count: 0 }
        groups.set(key, group)
      } else {
        for (const [place, gap] of group.gaps.entries()) gap.add(gaps[place]!)
      }
      group.count += count
      groupOf.set(text, group)
    }
    return this.#patternsOf([...groups.values()], groupOf)
  }

  #isFrequent(count: number): boolean {
    // A product is not exact: a count that is just the share must not exceed it.
    return count > this.#share * this.#total * (1 + Number.EPSILON * 4)
  }

  #frequentTerms(): ReadonlySet<string> {
    const counts = new Map<string, number>()
    for (const [text, count] of this.#texts) {
      termsOf(text, this.#toggled).forEach(({ text: term }, place) => {
        if (/^[0-9]+$/.test(term)) return
        const key = `${place} ${term}`
        counts.set(key, (counts.get(key) ?? 0) + count)
      })
    }
    const frequent = [...counts].filter(([, count]) => this.#isFrequent(count))
    return new Set(frequent.map(([key]) => key))
  }

  #patternsOf(groups: readonly Group[], groupOf: ReadonlyMap<string, Group>): TextPattern[] {
    const enough = groups.filter(({ count }) => this.#isFrequent(count))
    const texts = new Map(enough.map(group => [group, patternText(group)]))
    for (const [text, group] of groupOf) {
      const pattern = texts.get(group)
      if (pattern !== undefined) this.#patternOf.set(text, pattern)
    }
    // Groups whose terms stand at other places can look alike.
    const found = new Map<string, TextPattern>()
    for (const [group, pattern] of texts) {
      const same = found.get(pattern)
      const { representative } = same ?? group
      found.set(pattern, { pattern, count: group.count + (same?.count ?? 0), representative })
    }
    const patterns = [...found.values()].sort((a, b) => b.count - a.count)
    const rest = this.#total - patterns.reduce((sum, { count }) => sum + count, 0)
    if (rest > 0) patterns.push({ pattern: OTHERS, count: rest, representative: '' })
    return patterns
  }
}

function gapsOf(text: string, terms: readonly Term[], kept: readonly number[]): Gap[] {
  return [...kept, terms.length].map((place, index) => {
    const before = index === 0 ? -1 : kept[index - 1]!
    const start = before < 0 ? 0 : terms[before]!.end
    const end = terms[place]?.start ?? text.length
    const inside = terms
      .slice(before + 1, place)
      .map(term => ({ ...term, start: term.start - start, end: term.end - start }))
    return new Gap(text.slice(start, end), inside)
  })
}

function patternText({ terms, gaps }: Group): string {
  return gaps.map((gap, index) => `${gap}${terms[index] ?? ''}`).join('')
}
