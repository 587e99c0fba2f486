import { ANY_MARK, isBoundary, marksOf } from './regex-marks.ts'
import type { AssertKind, ClassSet, RegexNode } from './regex-tree.ts'

/**
 * A tree that one of the two engines cannot express; thrown while it is written and caught where
 * the engine is chosen.
 */
export class NotExpressible extends Error {
  override readonly name = 'NotExpressible'
}

/** A pattern for JavaScript's RegExp, with its flags. */
export interface JsPattern {
  readonly source: string
  readonly flags: string
}

/**
 * The tree as a JavaScript regular expression of the same meaning: nothing is left to a flag or an
 * escape that the two dialects read differently. Throws {@link NotExpressible}.
 */
export function emitJs(root: RegexNode): JsPattern {
  const writer = new JsWriter(foldsAll(root))
  const source = writer.node(root)
  return { source, flags: `${writer.needsV ? 'v' : 'u'}${writer.foldAll ? 'i' : ''}` }
}

/**
 * Which word boundaries the tree has: none, or those of ASCII alone, that RE2 has too; those of Unicode
 * that are so in a text of ASCII; or others.
 */
export function boundariesOf(root: RegexNode): 'ascii' | 'unicode' | 'other' {
  switch (root.kind) {
    case 'assert':
      if (root.at === 'word' || root.at === 'not-word') return root.ascii ? 'ascii' : 'unicode'
      return root.at.startsWith('word-') ? 'other' : 'ascii'
    case 'group':
    case 'repeat':
      return boundariesOf(root.body)
    case 'concat':
      return mostOf(root.items)
    case 'alternate':
      return mostOf(root.branches)
    default:
      return 'ascii'
  }
}

function mostOf(nodes: readonly RegexNode[]): 'ascii' | 'unicode' | 'other' {
  const all = new Set(nodes.map(boundariesOf))
  return all.has('other') ? 'other' : all.has('unicode') ? 'unicode' : 'ascii'
}

/** Whether letters fold everywhere, nowhere, or (undefined) in parts only. */
function foldsAll(root: RegexNode): boolean | undefined {
  let on = false
  let off = false
  const walk = (node: RegexNode): void => {
    switch (node.kind) {
      case 'char':
        if (!hasCase(node.code)) break
        if (node.fold) on = true
        else off = true
        break
      case 'class':
        if (node.fold) on = true
        else off = true
        break
      case 'group':
      case 'repeat':
        walk(node.body)
        break
      case 'concat':
        node.items.forEach(walk)
        break
      case 'alternate':
        node.branches.forEach(walk)
        break
      case 'any':
      case 'assert':
      case 'empty':
        break
    }
  }
  walk(root)
  return on && off ? undefined : on
}

function hasCase(code: number): boolean {
  const text = String.fromCodePoint(code)
  return code > 127 || text.toLowerCase() !== text.toUpperCase()
}

const WORD = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u{200c}\\u{200d}'
const PERL_JS = { d: '\\p{Nd}', s: '\\p{White_Space}', w: WORD } as const
const PERL_ASCII = { d: '0-9', s: '\\t-\\r ', w: '0-9A-Za-z_' } as const

class JsWriter {
  /** Every letter folds: the engine's own flag does it. */
  readonly foldAll: boolean
  readonly #foldParts: boolean
  /** A class needs the set notation of the `v` flag. */
  needsV = false

  constructor(folds: boolean | undefined) {
    this.foldAll = folds === true
    this.#foldParts = folds === undefined
  }

  node(node: RegexNode): string {
    switch (node.kind) {
      case 'empty':
        return ''
      case 'char':
        return node.fold && this.#foldParts ? foldedChar(node.code) : jsChar(node.code)
      case 'any':
        return node.newline ? '[\\s\\S]' : '[^\\n]'
      case 'class':
        if (node.fold && this.#foldParts) throw new NotExpressible('a class that folds, in part')
        return this.#class(node.set)
      case 'assert':
        return jsAssert(node.at, node.ascii)
      case 'group':
        return `(${this.node(node.body)})`
      case 'concat':
        return node.items
          .map(item => (item.kind === 'alternate' ? `(?:${this.node(item)})` : this.node(item)))
          .join('')
      case 'alternate':
        return node.branches.map(branch => this.node(branch)).join('|')
      case 'repeat': {
        const body = this.node(node.body)
        const whole =
          node.body.kind === 'char' || node.body.kind === 'group' || node.body.kind === 'any'
        // A repeated class or assertion is a group too: what it writes may be several terms.
        return `${whole && !body.startsWith('(?') ? body : `(?:${body})`}${bounds(node)}`
      }
    }
  }

  #class(set: ClassSet): string {
    if (set.kind === 'not') return `[^${this.#items(set.set)}]`
    return `[${this.#items(set)}]`
  }

  /** The inside of a class. */
  #items(set: ClassSet): string {
    switch (set.kind) {
      case 'range':
        return `${classChar(set.from)}${set.to === set.from ? '' : `-${classChar(set.to)}`}`
      case 'perl':
        return set.ascii ? PERL_ASCII[set.name] : PERL_JS[set.name]
      case 'property':
        return `\\p{${set.v8}}`
      case 'union':
        return set.items.map(item => this.#items(item)).join('')
      case 'not':
        this.needsV = true
        return `[^${this.#items(set.set)}]`
      case 'and':
        this.needsV = true
        return `[[${this.#items(set.left)}]&&[${this.#items(set.right)}]]`
      case 'minus':
        this.needsV = true
        return `[[${this.#items(set.left)}]--[${this.#items(set.right)}]]`
      case 'xor': {
        this.needsV = true
        const left = `[${this.#items(set.left)}]`
        const right = `[${this.#items(set.right)}]`
        return `[${left}--${right}][${right}--${left}]`
      }
    }
  }
}

function bounds(node: {
  readonly min: number
  readonly max: number
  readonly greedy: boolean
}): string {
  const lazy = node.greedy ? '' : '?'
  if (node.max === Number.POSITIVE_INFINITY) {
    return `${node.min === 0 ? '*' : node.min === 1 ? '+' : `{${node.min},}`}${lazy}`
  }
  if (node.min === 0 && node.max === 1) return `?${lazy}`
  return `${node.min === node.max ? `{${node.min}}` : `{${node.min},${node.max}}`}${lazy}`
}

function jsChar(code: number): string {
  const text = String.fromCodePoint(code)
  return /[0-9A-Za-z_ ]/.test(text) ? text : `\\u{${code.toString(16)}}`
}

function classChar(code: number): string {
  const text = String.fromCodePoint(code)
  return /[0-9A-Za-z_]/.test(text) ? text : `\\u{${code.toString(16)}}`
}

/** A letter that folds where others do not. */
function foldedChar(code: number): string {
  const text = String.fromCodePoint(code)
  if (code > 127) throw new NotExpressible('a letter beyond ASCII that folds, in part')
  if (!/[A-Za-z]/.test(text)) return jsChar(code)
  const lower = text.toLowerCase()
  // The Kelvin sign and the long s fold onto ASCII letters.
  const extra = lower === 'k' ? '\\u{212a}' : lower === 's' ? '\\u{17f}' : ''
  return `[${lower}${text.toUpperCase()}${extra}]`
}

/** That a place is not within a surrogate pair: V8 looks there for what asks for nothing. */
const NOT_IN_PAIR = '(?:$|(?=[\\s\\S]))'

function jsAssert(at: AssertKind, ascii: boolean): string {
  const word = ascii ? '[0-9A-Za-z_]' : `[${WORD}]`
  switch (at) {
    case 'text-start':
      return '^'
    case 'text-end':
      return '$'
    case 'line-start':
      return '(?:^|(?<=\\n))'
    case 'line-end':
      return '(?:$|(?=\\n))'
    case 'word':
      return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
    case 'not-word':
      return `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word})${NOT_IN_PAIR})`
    case 'word-start':
      return `(?:(?<!${word})(?=${word}))`
    case 'word-end':
      return `(?:(?<=${word})(?!${word}))`
    case 'word-start-half':
      return `(?<!${word})${NOT_IN_PAIR}`
    case 'word-end-half':
      return `(?!${word})${NOT_IN_PAIR}`
  }
}

/**
 * The tree in RE2's dialect, for the engine that never backtracks. A word boundary is ASCII's there.
 * Throws {@link NotExpressible}.
 */
export function emitRe2(root: RegexNode): string {
  return re2Node(root, '', re2Assert)
}

/** The same for a text with marks, where it has the boundaries of Unicode: see `markBoundaries`. */
export function emitMarkedRe2(root: RegexNode): string {
  return `(?<=${ANY_MARK})(?:${re2Node(root, ANY_MARK, markedAssert)})`
}

/** The same without the word boundaries: it matches wherever the tree does, and elsewhere. */
export function emitUnboundedRe2(root: RegexNode): string {
  return re2Node(root, '', at => (isBoundary(at) ? '' : re2Assert(at)))
}

type WriteAssert = (at: AssertKind, ascii: boolean) => string

/** `after`: what follows each character. */
function re2Node(node: RegexNode, after: string, assert: WriteAssert): string {
  const write = (child: RegexNode): string => re2Node(child, after, assert)
  switch (node.kind) {
    case 'empty':
      return ''
    case 'char':
      return `${scoped(re2Char(node.code), node.fold && hasCase(node.code))}${after}`
    case 'any':
      return `${node.newline ? '(?s:.)' : '[^\\n]'}${after}`
    case 'class': {
      const { set, fold } = node
      const items = set.kind === 'not' ? `^${re2Items(set.set)}` : re2Items(set)
      return `${scoped(`[${items}]`, fold)}${after}`
    }
    case 'assert':
      return assert(node.at, node.ascii)
    case 'group':
      return `(${write(node.body)})`
    case 'concat':
      return node.items
        .map(item => (item.kind === 'alternate' ? `(?:${write(item)})` : write(item)))
        .join('')
    case 'alternate':
      return node.branches.map(write).join('|')
    case 'repeat':
      return `(?:${write(node.body)})${bounds(node)}`
  }
}

function scoped(source: string, fold: boolean): string {
  return fold ? `(?i:${source})` : source
}

function re2Char(code: number): string {
  const text = String.fromCodePoint(code)
  return /[0-9A-Za-z_ ]/.test(text) ? text : `\\x{${code.toString(16)}}`
}

function re2Assert(at: AssertKind): string {
  switch (at) {
    case 'text-start':
      return '\\A'
    case 'text-end':
      return '\\z'
    case 'line-start':
      return '(?m:^)'
    case 'line-end':
      return '(?m:$)'
    case 'word':
      return '\\b'
    case 'not-word':
      return '\\B'
    default:
      throw new NotExpressible(`the boundary ${at}`)
  }
}

/** At the start there is a mark behind, and nothing before it. */
function markedAssert(at: AssertKind, ascii: boolean): string {
  if (at === 'text-start') return '(?<!(?s:..))'
  if (at === 'line-start') return `(?<![^\\n]${ANY_MARK})`
  const marks = marksOf(at, ascii)
  return marks === undefined ? re2Assert(at) : `(?<=${marks})`
}

/** Alphabetic is the letters, the letter numbers, marks, and some circled letters. */
const RE2_WORD =
  '\\p{L}\\p{M}\\p{Nd}\\p{Nl}\\p{Pc}\\x{200c}\\x{200d}\\x{24b6}-\\x{24e9}' +
  '\\x{1f130}-\\x{1f149}\\x{1f150}-\\x{1f169}\\x{1f170}-\\x{1f189}'
const RE2_SPACE =
  '\\t-\\r \\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}'
const PERL_RE2 = { d: '\\p{Nd}', s: RE2_SPACE, w: RE2_WORD } as const

function re2Items(set: ClassSet): string {
  switch (set.kind) {
    case 'range':
      return `\\x{${set.from.toString(16)}}${set.to === set.from ? '' : `-\\x{${set.to.toString(16)}}`}`
    case 'perl':
      return set.ascii ? PERL_ASCII[set.name] : PERL_RE2[set.name]
    case 'property':
      return `\\p{${set.re2}}`
    case 'union':
      return set.items.map(re2Items).join('')
    case 'not':
      return re2Not(set.set)
    default:
      throw new NotExpressible('a class with &&, -- or ~~')
  }
}

/** A complement among other items: RE2 has one for a range and for a property only. */
function re2Not(set: ClassSet): string {
  if (set.kind === 'property') return `\\P{${set.re2}}`
  if (set.kind === 'perl' && set.name === 'd') return set.ascii ? '\\D' : '\\P{Nd}'
  const points = codePointRanges(set)
  let text = ''
  let from = 0
  for (const [first, last] of points) {
    if (first > from) text += `\\x{${from.toString(16)}}-\\x{${(first - 1).toString(16)}}`
    from = last + 1
  }
  return from <= 0x10ffff ? `${text}\\x{${from.toString(16)}}-\\x{10ffff}` : text
}

const rangesBySource = new Map<string, readonly (readonly [number, number])[]>()

/** The ranges of a set, found by asking the engine about every code point; once a set. */
function codePointRanges(set: ClassSet): readonly (readonly [number, number])[] {
  const { source, flags } = emitJs({ kind: 'class', set, fold: false })
  const known = rangesBySource.get(source)
  if (known !== undefined) return known
  const pattern = new RegExp(source, flags)
  const ranges: [number, number][] = []
  for (let code = 0; code <= 0x10ffff; code++) {
    // Lone surrogates are in no text that was decoded.
    if ((code >= 0xd800 && code <= 0xdfff) || !pattern.test(String.fromCodePoint(code))) continue
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === code - 1) last[1] = code
    else ranges.push([code, code])
  }
  if (rangesBySource.size < 64) rangesBySource.set(source, ranges)
  return ranges
}
