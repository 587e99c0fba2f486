import { POSIX_CLASSES, unicodeProperty } from './regex-property.ts'
import {
  type AssertKind,
  type ClassSet,
  type RegexNode,
  RegexSyntaxError,
  type RegexTree,
} from './regex-tree.ts'

/**
 * Syntax of regular expressions as KQL documents it: RE2's with Unicode classes, and without what
 * needs backtracking (look-around, back-references).
 * @see https://learn.microsoft.com/kusto/query/regex
 */

interface Flags {
  readonly fold: boolean
  readonly multiline: boolean
  readonly dotAll: boolean
  readonly swapGreed: boolean
  readonly verbose: boolean
  readonly ascii: boolean
}

const NO_FLAGS: Flags = {
  fold: false,
  multiline: false,
  dotAll: false,
  swapGreed: false,
  verbose: false,
  ascii: false,
}

/** Groups nest at most this deep, so that no walk over the tree runs out of stack. */
const MAX_DEPTH = 250
/** RE2's bound on a counted repetition. */
const MAX_REPEAT = 1000

/**
 * The tree of a pattern. Throws a {@link RegexSyntaxError} where the pattern is none.
 * @param flags letters out of `imsUux`, as if `(?flags)` stood in front
 */
export function parseRegex(pattern: string, flags = ''): RegexTree {
  return new RegexParser(pattern).parse(flags)
}

class RegexParser {
  readonly #text: string
  #at = 0
  #depth = 0
  /** Whether brackets inside of a class stand for themselves. */
  #plainBrackets = false
  #flags: Flags = NO_FLAGS
  readonly #names: (string | undefined)[] = [undefined]

  constructor(text: string) {
    this.#text = text
  }

  parse(flags: string): RegexTree {
    for (const letter of flags) this.#flags = withFlag(this.#flags, letter, true)
    const root = this.#alternation()
    if (this.#at < this.#text.length) throw new RegexSyntaxError('unopened group: unexpected )')
    return { root, groupCount: this.#names.length - 1, groupNames: this.#names }
  }

  #alternation(): RegexNode {
    if (++this.#depth > MAX_DEPTH) throw new RegexSyntaxError('groups nest too deep')
    const branches = [this.#concatenation()]
    while (this.#take('|')) branches.push(this.#concatenation())
    this.#depth--
    return branches.length === 1 ? branches[0]! : { kind: 'alternate', branches }
  }

  #concatenation(): RegexNode {
    const items: RegexNode[] = []
    for (;;) {
      this.#skipVerbose()
      const next = this.#text[this.#at]
      if (next === undefined || next === '|' || next === ')') break
      const atom = this.#atom()
      // A flag group such as (?i) is no atom.
      if (atom !== undefined) items.push(this.#repeated(atom))
    }
    if (items.length === 1) return items[0]!
    return items.length === 0 ? { kind: 'empty' } : { kind: 'concat', items }
  }

  #take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false
    this.#at += token.length
    return true
  }

  #skipVerbose(): void {
    if (!this.#flags.verbose) return
    const skipped = matchAt(/(?:\s|#[^\n]*)+/y, this.#text, this.#at)
    if (skipped !== null) this.#at += skipped[0].length
  }

  #codePoint(): number {
    const code = this.#text.codePointAt(this.#at)
    if (code === undefined) throw new RegexSyntaxError('pattern ends too early')
    this.#at += code > 0xffff ? 2 : 1
    return code
  }

  #atom(): RegexNode | undefined {
    const { fold } = this.#flags
    const start = this.#at
    const code = this.#codePoint()
    switch (code) {
      case 40: // (
        return this.#group()
      case 91: // [
        return { kind: 'class', set: this.#outerClass(), fold }
      case 46: // .
        return { kind: 'any', newline: this.#flags.dotAll }
      case 94: // ^
        return this.#assert(this.#flags.multiline ? 'line-start' : 'text-start')
      case 36: // $
        return this.#assert(this.#flags.multiline ? 'line-end' : 'text-end')
      case 92: // \
        return this.#escape()
      case 42: // *
      case 43: // +
      case 63: // ?
        throw new RegexSyntaxError(`missing argument to repetition operator: ${this.#text[start]}`)
      default:
        return { kind: 'char', code, fold }
    }
  }

  #assert(at: AssertKind): RegexNode {
    return { kind: 'assert', at, ascii: this.#flags.ascii }
  }

  #repeated(atom: RegexNode): RegexNode {
    let node = atom
    for (;;) {
      this.#skipVerbose()
      const bounds = this.#bounds()
      if (bounds === undefined) return node
      const lazy = this.#take('?')
      const greedy = lazy === this.#flags.swapGreed
      node = { kind: 'repeat', body: node, min: bounds[0], max: bounds[1], greedy }
    }
  }

  #bounds(): readonly [number, number] | undefined {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY]
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY]
    if (this.#take('?')) return [0, 1]
    // A brace that is no repetition stands for itself, as in RE2: rules search for `{"id":`.
    const match = matchAt(/\{(\d+)(,(\d*))?\}/y, this.#text, this.#at)
    if (match === null) return undefined
    this.#at += match[0].length
    const min = Number(match[1])
    const max =
      match[2] === undefined ? min : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3])
    if (min > MAX_REPEAT || (max > MAX_REPEAT && max !== Number.POSITIVE_INFINITY) || min > max) {
      throw new RegexSyntaxError(`invalid repeat count: ${match[0]}`)
    }
    return [min, max]
  }

  #group(): RegexNode | undefined {
    const outer = this.#flags
    let index = -1
    let name: string | undefined
    if (this.#take('?')) {
      const named = matchAt(
        /P?<([\p{Alphabetic}_][\p{Alphabetic}\p{N}_.[\]]*)>/uy,
        this.#text,
        this.#at,
      )
      if (named !== null) {
        this.#at += named[0].length
        name = named[1]
        if (this.#names.includes(name)) {
          throw new RegexSyntaxError(`duplicate capture group name: ${name}`)
        }
        index = this.#names.push(name) - 1
      } else if (this.#flagGroup()) {
        return undefined
      }
    } else {
      index = this.#names.push(undefined) - 1
    }
    const body = this.#alternation()
    if (!this.#take(')')) throw new RegexSyntaxError('missing closing )')
    this.#flags = outer
    if (index >= 0) return { kind: 'group', index, name, body }
    // Kept apart from its surroundings, so that a repetition takes all of it.
    return body.kind === 'repeat' ? { kind: 'concat', items: [body] } : body
  }

  /** `(?i)`: true, the flags hold to the end of the group around; `(?i:` and `(?:`: false. */
  #flagGroup(): boolean {
    const match = matchAt(/([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])/y, this.#text, this.#at)
    if (match === null || (match[0] === ')' && match[1] === '')) {
      const rest = this.#text.slice(this.#at, this.#at + 2)
      const looks = /^(?:[=!]|<[=!])/.test(rest)
      throw new RegexSyntaxError(
        looks
          ? 'look-around is not supported, as in RE2'
          : `invalid or unsupported group: (?${rest}`,
      )
    }
    this.#at += match[0].length
    for (const letter of match[1] ?? '') this.#flags = withFlag(this.#flags, letter, true)
    for (const letter of match[2] ?? '') this.#flags = withFlag(this.#flags, letter, false)
    return match[3] === ')'
  }

  #escape(): RegexNode {
    const { fold, ascii } = this.#flags
    const at = this.#text[this.#at]
    switch (at) {
      case 'A':
        this.#at++
        return this.#assert('text-start')
      case 'z':
        this.#at++
        return this.#assert('text-end')
      case 'B':
        this.#at++
        return this.#assert('not-word')
      case '<':
        this.#at++
        return this.#assert('word-start')
      case '>':
        this.#at++
        return this.#assert('word-end')
      case 'b':
        return this.#boundary()
      default:
        break
    }
    const set = this.#classEscape(ascii)
    if (set !== undefined) return { kind: 'class', set, fold }
    return { kind: 'char', code: this.#charEscape(), fold }
  }

  #boundary(): RegexNode {
    this.#at++
    const match = matchAt(/\{(start|end)(-half)?\}/y, this.#text, this.#at)
    if (match === null) return this.#assert('word')
    this.#at += match[0].length
    const side = match[1] === 'start' ? 'word-start' : 'word-end'
    return this.#assert(match[2] === undefined ? side : `${side}-half`)
  }

  /** `\d`, `\W`, `\pL`, `\P{Greek}`; undefined where the escape is a character. */
  #classEscape(ascii: boolean): ClassSet | undefined {
    const letter = this.#text[this.#at]
    switch (letter) {
      case 'd':
      case 's':
      case 'w':
        this.#at++
        return { kind: 'perl', name: letter, ascii }
      case 'D':
      case 'S':
      case 'W': {
        this.#at++
        const name = letter === 'D' ? 'd' : letter === 'S' ? 's' : 'w'
        return { kind: 'not', set: { kind: 'perl', name, ascii } }
      }
      case 'p':
      case 'P': {
        this.#at++
        const match = matchAt(/\{(\^?)([^}]*)\}|([A-Za-z])/y, this.#text, this.#at)
        if (match === null) throw new RegexSyntaxError('invalid Unicode class')
        this.#at += match[0].length
        const name = match[3] ?? match[2] ?? ''
        const set = unicodeProperty(name)
        if (set === undefined) throw new RegexSyntaxError(`unknown Unicode class: ${name}`)
        return (letter === 'P') === (match[1] === '^') ? set : { kind: 'not', set }
      }
      default:
        return undefined
    }
  }

  #charEscape(): number {
    const hex = matchAt(
      /x\{([0-9a-fA-F]{1,8})\}|x([0-9a-fA-F]{2})|[uU]\{([0-9a-fA-F]{1,8})\}|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})/y,
      this.#text,
      this.#at,
    )
    if (hex !== null) {
      this.#at += hex[0].length
      const octal = hex[6]
      // As in RE2: \1 to \7 alone would be a back-reference.
      if (octal !== undefined && octal.length === 1 && octal !== '0') {
        throw new RegexSyntaxError(`back-references are not supported, as in RE2: \\${octal}`)
      }
      const code =
        octal !== undefined
          ? Number.parseInt(octal, 8)
          : Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? hex[4] ?? hex[5] ?? '', 16)
      if (code > 0x10ffff) throw new RegexSyntaxError(`no such character: \\${hex[0]}`)
      return code
    }
    if (this.#at >= this.#text.length) throw new RegexSyntaxError('trailing \\')
    const code = this.#codePoint()
    const letter = String.fromCodePoint(code)
    const control = CONTROL_ESCAPES.get(letter)
    if (control !== undefined) return control
    if (/[0-9A-Za-z]/.test(letter) || code > 127) {
      throw new RegexSyntaxError(`invalid escape sequence: \\${letter}`)
    }
    return code
  }

  /**
   * After `[` of a class that is in no other. Where it cannot be read with classes inside, a bracket in
   * it stands for itself, as in RE2: `[^[]`.
   */
  #outerClass(): ClassSet {
    const at = this.#at
    const depth = this.#depth
    try {
      return this.#class()
    } catch (error) {
      if (!(error instanceof RegexSyntaxError)) throw error
      this.#at = at
      this.#depth = depth
    }
    this.#plainBrackets = true
    try {
      return this.#class()
    } finally {
      this.#plainBrackets = false
    }
  }

  /** After `[`. Nested classes, and the operators `&&`, `--`, `~~` from left to right. */
  #class(): ClassSet {
    if (++this.#depth > MAX_DEPTH) throw new RegexSyntaxError('classes nest too deep')
    const negated = this.#take('^')
    let left: ClassSet | undefined
    let operator: 'and' | 'minus' | 'xor' | undefined
    let items: ClassSet[] = []
    const close = (): ClassSet => {
      const right: ClassSet = items.length === 1 ? items[0]! : { kind: 'union', items }
      items = []
      return left === undefined || operator === undefined ? right : { kind: operator, left, right }
    }
    let first = true
    for (;;) {
      if (this.#flags.verbose) this.#skipVerbose()
      if (this.#at >= this.#text.length) throw new RegexSyntaxError('missing closing ]')
      if (!first && this.#take(']')) break
      const next = this.#text.slice(this.#at, this.#at + 2)
      const setOperator = SET_OPERATORS.get(next)
      if (setOperator !== undefined && !(next === '--' && items.length === 0)) {
        left = close()
        operator = setOperator
        this.#at += 2
      } else {
        items.push(this.#classItem())
      }
      first = false
    }
    this.#depth--
    const set = close()
    return negated ? { kind: 'not', set } : set
  }

  #classItem(): ClassSet {
    if (this.#text[this.#at] === '[') {
      const posix = matchAt(/\[:(\^?)([a-z]+):\]/y, this.#text, this.#at)
      if (posix !== null) {
        const ranges = POSIX_CLASSES.get(posix[2] ?? '')
        if (ranges === undefined) throw new RegexSyntaxError(`invalid class: ${posix[0]}`)
        this.#at += posix[0].length
        return posix[1] === '^' ? { kind: 'not', set: ranges } : ranges
      }
      if (!this.#plainBrackets) {
        this.#at++
        return this.#class()
      }
    }
    const from = this.#classAtom()
    if (typeof from !== 'number') return from
    const dash = matchAt(/-(?![\]-])/y, this.#text, this.#at)
    if (dash === null) return { kind: 'range', from, to: from }
    this.#at++
    const to = this.#classAtom()
    if (typeof to !== 'number' || to < from) {
      throw new RegexSyntaxError('invalid character class range')
    }
    return { kind: 'range', from, to }
  }

  #classAtom(): number | ClassSet {
    if (this.#text[this.#at] !== '\\') return this.#codePoint()
    this.#at++
    const set = this.#classEscape(this.#flags.ascii)
    return set ?? this.#charEscape()
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function withFlag(flags: Flags, letter: string, on: boolean): Flags {
  switch (letter) {
    case 'i':
      return { ...flags, fold: on }
    case 'm':
      return { ...flags, multiline: on }
    case 's':
      return { ...flags, dotAll: on }
    case 'U':
      return { ...flags, swapGreed: on }
    case 'x':
      return { ...flags, verbose: on }
    case 'u':
      return { ...flags, ascii: !on }
    default:
      throw new RegexSyntaxError(`invalid or unsupported flag: ${letter}`)
  }
}

const CONTROL_ESCAPES: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['f', 12],
  ['t', 9],
  ['n', 10],
  ['r', 13],
  ['v', 11],
])

const SET_OPERATORS: ReadonlyMap<string, 'and' | 'minus' | 'xor'> = new Map([
  ['&&', 'and'],
  ['--', 'minus'],
  ['~~', 'xor'],
])
