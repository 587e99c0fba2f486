import { parseRegex } from '../../types/regex-syntax.ts'
import { type ClassSet, type RegexNode, RegexSyntaxError } from '../../types/regex-tree.ts'

/** Repetitions that a sample has more than the pattern needs, where it may have any number. */
const EXTRA = 1
/** Characters that a class is asked for, the plainest first. */
const ALPHABET =
  'a1x0bAcdefghijklmnopqrstuvwyz23456789BCDEFGHIJKLMNOPQRSTUVWXYZ-_.@ /\\:;,=+*%&!?#$~^|()[]{}<>"\'`\t\n'

/** What a group of a pattern is to match. */
export interface GroupText {
  readonly index: number
  readonly text: string
}

/**
 * A text that the pattern is meant to match, with that text where the group is; undefined for a
 * pattern that is none. What the pattern says of its surroundings (`\b`, `$`) is not looked at: the
 * caller checks.
 */
export function sampleOf(pattern: string, group?: GroupText, branch = 0): string | undefined {
  try {
    return new Sampler(group, branch).text(parseRegex(pattern).root)
  } catch (error) {
    if (error instanceof RegexSyntaxError) return undefined
    throw error
  }
}

class Sampler {
  readonly #group: GroupText | undefined
  readonly #branch: number

  constructor(group: GroupText | undefined, branch: number) {
    this.#group = group
    this.#branch = branch
  }

  text(node: RegexNode): string {
    switch (node.kind) {
      case 'empty':
      case 'assert':
        return ''
      case 'char':
        return String.fromCodePoint(node.code)
      case 'any':
        return 'x'
      case 'class':
        return characterOf(node.set)
      case 'group':
        return node.index === this.#group?.index ? this.#group.text : this.text(node.body)
      case 'concat':
        return node.items.map(item => this.text(item)).join('')
      case 'alternate': {
        const branch = node.branches[this.#branch % node.branches.length]
        return branch === undefined ? '' : this.text(branch)
      }
      case 'repeat': {
        const most = Math.min(node.max, Math.max(node.min, EXTRA))
        return this.text(node.body).repeat(most)
      }
    }
  }
}

function characterOf(set: ClassSet): string {
  const found = [...ALPHABET].find(character => contains(set, character.codePointAt(0) ?? 0))
  if (found !== undefined) return found
  const range = firstRange(set)
  return range === undefined ? 'x' : String.fromCodePoint(range)
}

function firstRange(set: ClassSet): number | undefined {
  if (set.kind === 'range') return set.from
  if (set.kind !== 'union') return undefined
  return set.items.map(firstRange).find(code => code !== undefined)
}

function contains(set: ClassSet, code: number): boolean {
  switch (set.kind) {
    case 'range':
      return code >= set.from && code <= set.to
    case 'perl':
      return PERL[set.name].test(String.fromCodePoint(code))
    case 'property':
      return new RegExp(`^\\p{${set.v8}}$`, 'u').test(String.fromCodePoint(code))
    case 'union':
      return set.items.some(item => contains(item, code))
    case 'not':
      return !contains(set.set, code)
    case 'and':
      return contains(set.left, code) && contains(set.right, code)
    case 'minus':
      return contains(set.left, code) && !contains(set.right, code)
    case 'xor':
      return contains(set.left, code) !== contains(set.right, code)
  }
}

const PERL = { d: /\d/, s: /\s/, w: /\w/ } as const
