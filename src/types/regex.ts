import * as re2js from 're2js'
import { LimitError } from '../text/limit-error.ts'
import { isNullable, literalOf, type RegexCost, regexCost } from './regex-cost.ts'
import {
  boundariesOf,
  emitJs,
  emitMarkedRe2,
  emitRe2,
  emitUnboundedRe2,
  NotExpressible,
} from './regex-emit.ts'
import { type MarkedText, markBoundaries } from './regex-marks.ts'
import { parseRegex } from './regex-syntax.ts'
import { type RegexNode, RegexSyntaxError, type RegexTree } from './regex-tree.ts'

/** Where a pattern matched, in UTF-16 units. */
export interface RegexMatch {
  readonly index: number
  /** Position after the match. */
  readonly end: number
  /** The whole match, then the capture groups; undefined for a group that took no part. */
  readonly groups: readonly (string | undefined)[]
}

/**
 * A compiled pattern. Whatever the text, a search takes time in proportion to its length: V8's
 * engine runs only where its worst case is known to be small, RE2's everywhere else.
 */
export interface Regex {
  readonly pattern: string
  /** Capture groups, without the whole match. */
  readonly groupCount: number
  /** By group index; undefined for the whole match and unnamed groups. */
  readonly groupNames: readonly (string | undefined)[]
  /** Whether the pattern matches anywhere in the text: `matches regex`. */
  test(text: string): boolean
  /** The leftmost match that begins at or after `from`; null where there is none. */
  exec(text: string, from?: number): RegexMatch | null
  /**
   * All matches from left to right that do not overlap. As in RE2, an empty match does not touch the
   * match before it.
   */
  matchAll(text: string): Iterable<RegexMatch>
  /**
   * The text with every match replaced; `\1` to `\9` in the rewrite are groups, `\0` is the match,
   * `\\` is a backslash.
   */
  replaceAll(text: string, rewrite: string): string
}

/** Why a pattern is none. */
export interface RegexError {
  readonly error: string
}

/** Whether the pattern compiled. */
export function isRegex(result: Regex | RegexError): result is Regex {
  return !('error' in result)
}

const CACHE_SIZE = 256
const cache = new Map<string, Regex | RegexError>()

/**
 * The compiled pattern, or the reason why it is none. The last {@link CACHE_SIZE} are kept.
 * @param flags letters out of `imsUux`, as if `(?flags)` stood in front
 * @see https://learn.microsoft.com/kusto/query/regex
 */
export function compileRegex(pattern: string, flags = ''): Regex | RegexError {
  const key = `${flags}/${pattern}`
  let result = cache.get(key)
  if (result === undefined) {
    result = compile(pattern, flags)
    const oldest = cache.size >= CACHE_SIZE ? cache.keys().next().value : undefined
    if (oldest !== undefined) cache.delete(oldest)
  } else {
    cache.delete(key)
  }
  cache.set(key, result)
  return result
}

function compile(pattern: string, flags: string): Regex | RegexError {
  try {
    const tree = parseRegex(pattern, flags)
    const literal = literalOf(tree.root)
    if (literal !== null) return new CompiledRegex(pattern, tree, new LiteralEngine(literal))
    return new CompiledRegex(pattern, tree, chooseEngine(tree))
  } catch (error) {
    if (error instanceof RegexSyntaxError) return { error: error.message }
    if (error instanceof NotExpressible) return { error: `not supported: ${error.message}` }
    throw error
  }
}

/** Finds matches; knows nothing of iteration and rewriting. */
interface Searcher {
  exec(text: string, from: number): RegexMatch | null
}

interface Engine {
  test(text: string): boolean
  /** What finds the matches in this text. */
  searcher(text: string): Searcher
}

function chooseEngine(tree: RegexTree): Engine {
  const cost = regexCost(tree.root)
  const backtracking = cost === null ? null : jsEngine(tree.root, cost)
  if (backtracking === null) return new LinearEngine(tree.root)
  return new BoundedEngine(backtracking, tree.root)
}

/** A plain search for a text. */
class LiteralEngine implements Engine, Searcher {
  readonly #literal: string

  constructor(literal: string) {
    this.#literal = literal
  }

  test(text: string): boolean {
    return text.includes(this.#literal)
  }

  searcher(): Searcher {
    return this
  }

  exec(text: string, from: number): RegexMatch | null {
    const index = text.indexOf(this.#literal, from)
    if (index < 0 || from > text.length) return null
    return { index, end: index + this.#literal.length, groups: [this.#literal] }
  }
}

/** Steps that a search in V8 may take at worst: some tenths of a millisecond. */
const MAX_STEPS = 100_000
/** Steps for each character that take no longer than a search of RE2 in a text with marks. */
const STEPS_BESIDE_MARKS = 2000
/** Steps at one position that still make a search a linear one. */
const FEW_STEPS = 16
/** Steps of a linear search whose positions cost more than that: an alternation of many words. */
const MAX_LINEAR = 2_000_000
/** V8 keeps a stack of its choices: a text beyond this could exhaust it. */
const MAX_BACKTRACKING_TEXT = 1_000_000

/** V8's engine, for a tree of known cost. */
class JsEngine implements Searcher {
  readonly #cost: RegexCost
  readonly #first: RegExp
  readonly #from: RegExp
  readonly #sticky: RegExp | undefined

  constructor(source: string, flags: string, cost: RegexCost) {
    this.#cost = cost
    // A match that begins with .* begins where a line does, unless the search starts in its midst.
    const search = cost.leadingDots ? `(?<![^\\n])(?:${source})` : source
    this.#first = new RegExp(search, flags)
    this.#from = new RegExp(search, `${flags}g`)
    this.#sticky = cost.leadingDots ? new RegExp(source, `${flags}y`) : undefined
  }

  /** Whether the worst case on the text is small enough. */
  affords(text: string, most = MAX_STEPS): boolean {
    const { exponent, factor, anchored, literal } = this.#cost
    const length = text.length
    if (length > MAX_BACKTRACKING_TEXT) return false
    const steps = factor * length ** exponent
    // Each position costs a few steps, once: that is a linear search.
    if (exponent === (anchored ? 1 : 0) && (factor <= FEW_STEPS || factor * length <= MAX_LINEAR)) {
      return true
    }
    if (anchored) return steps <= most
    if (steps * length <= most) return true
    if (literal === '' || steps > most) return false
    return steps * occurrences(text, literal, most / steps) <= most
  }

  test(text: string): boolean {
    return this.#first.test(text)
  }

  exec(text: string, from: number): RegexMatch | null {
    if (from === 0) return toMatch(this.#first.exec(text))
    if (this.#sticky !== undefined) {
      this.#sticky.lastIndex = from
      const here = this.#sticky.exec(text)
      if (here !== null) return toMatch(here)
    }
    this.#from.lastIndex = from
    return toMatch(this.#from.exec(text))
  }
}

function toMatch(match: RegExpExecArray | null): RegexMatch | null {
  if (match === null) return null
  return { index: match.index, end: match.index + match[0].length, groups: match }
}

/** How often the literal is in the text, counted up to just past `limit`. */
function occurrences(text: string, literal: string, limit: number): number {
  let count = 0
  for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + 1)) {
    if (++count > limit) break
  }
  return count
}

/**
 * Whether V8 prefers the same match as RE2. JavaScript forgets the groups of the turn before at each
 * turn of a repetition, and refuses an empty turn: a group that may sit out a turn, and a repeated
 * body that may be empty, are left to RE2.
 */
function hasSameMatches(node: RegexNode, repeated = false, optional = false): boolean {
  switch (node.kind) {
    case 'group':
      return !(repeated && optional) && hasSameMatches(node.body, repeated, optional)
    case 'concat':
      return node.items.every(item => hasSameMatches(item, repeated, optional))
    case 'alternate':
      return node.branches.every(branch => hasSameMatches(branch, repeated, repeated))
    case 'repeat':
      return (
        !isNullable(node.body) &&
        hasSameMatches(
          node.body,
          repeated || node.max > 1,
          repeated && (optional || node.min === 0),
        )
      )
    default:
      return true
  }
}

/** V8's engine for the tree; null where it cannot express it. */
function jsEngine(root: RegexNode, cost: RegexCost): JsEngine | null {
  try {
    const { source, flags } = emitJs(root)
    return new JsEngine(source, flags, cost)
  } catch (error) {
    // A pattern that is too large for V8 is a SyntaxError; the other engine has its say.
    if (error instanceof NotExpressible || error instanceof SyntaxError) return null
    throw error
  }
}

/** The package, which is evaluated when a pattern first needs it. */
const linear = () => re2js

const NON_ASCII = /[\u0080-\uffff]/

/** RE2's engine: never backtracks. */
class LinearEngine implements Engine {
  readonly #boundaries: ReturnType<typeof boundariesOf>
  readonly #root: RegexNode
  readonly #plain: LinearSearcher | undefined
  /** For texts with marks; made when it is first needed. */
  #marked: MarkedPattern | undefined

  /** Throws {@link NotExpressible} where RE2 has no form for the pattern. */
  constructor(root: RegexNode) {
    this.#root = root
    this.#boundaries = boundariesOf(root)
    if (this.#boundaries === 'other') this.#marked = markedPattern(root)
    else this.#plain = new LinearSearcher(linearPattern(emitRe2(root)))
  }

  /** Whether RE2's own word boundaries do not do for the text. */
  needsMarks(text: string): boolean {
    if (this.#boundaries === 'unicode') return NON_ASCII.test(text)
    return this.#boundaries === 'other'
  }

  test(text: string): boolean {
    return this.searcher(text).test(text)
  }

  searcher(text: string): Searcher & Pick<Engine, 'test'> {
    if (this.#plain !== undefined && !this.needsMarks(text)) return this.#plain
    this.#marked ??= markedPattern(this.#root)
    return new MarkedSearcher(this.#marked, text)
  }
}

/** A pattern for texts with marks, and one that is faster and matches more, for those without. */
interface MarkedPattern {
  readonly pattern: re2js.RE2JS
  readonly unbounded: re2js.RE2JS
}

function markedPattern(root: RegexNode): MarkedPattern {
  return {
    pattern: linearPattern(emitMarkedRe2(root)),
    unbounded: linearPattern(emitUnboundedRe2(root)),
  }
}

function linearPattern(pattern: string): re2js.RE2JS {
  const { RE2JS, RE2JSException } = linear()
  try {
    return RE2JS.compile(pattern, RE2JS.LOOKBEHINDS)
  } catch (error) {
    if (error instanceof RE2JSException) throw new NotExpressible(error.message)
    throw error
  }
}

class LinearSearcher implements Searcher {
  readonly #compiled: re2js.RE2JS

  constructor(compiled: re2js.RE2JS) {
    this.#compiled = compiled
  }

  test(text: string): boolean {
    return this.#compiled.test(text)
  }

  exec(text: string, from: number): RegexMatch | null {
    if (from > text.length) return null
    const matcher = this.#compiled.matcher(text)
    if (!matcher.find(from)) return null
    const groups: (string | undefined)[] = []
    for (let k = 0; k <= matcher.groupCount(); k++) groups.push(matcher.group(k) ?? undefined)
    return { index: matcher.start(), end: matcher.end(), groups }
  }
}

/** Searches one text by way of its marks. */
class MarkedSearcher implements Searcher {
  readonly #pattern: re2js.RE2JS
  /** undefined where nothing matches, wherever the boundaries are. */
  readonly #marked: MarkedText | undefined

  constructor({ pattern, unbounded }: MarkedPattern, text: string) {
    this.#pattern = pattern
    this.#marked = unbounded.test(text) ? markBoundaries(text) : undefined
  }

  test(): boolean {
    return this.#marked !== undefined && this.#pattern.test(this.#marked.text)
  }

  exec(text: string, from: number): RegexMatch | null {
    if (this.#marked === undefined || from > text.length) return null
    const { text: marked, toMarked, fromMarked } = this.#marked
    const matcher = this.#pattern.matcher(marked)
    if (!matcher.find(toMarked[from]!)) return null
    const groups: (string | undefined)[] = []
    for (let k = 0; k <= matcher.groupCount(); k++) {
      const start = matcher.start(k)
      const taken = start >= 0
      groups.push(taken ? text.slice(fromMarked[start], fromMarked[matcher.end(k)]) : undefined)
    }
    return { index: fromMarked[matcher.start()]!, end: fromMarked[matcher.end()]!, groups }
  }
}

function linearEngine(root: RegexNode): LinearEngine | undefined {
  try {
    return new LinearEngine(root)
  } catch (error) {
    if (error instanceof NotExpressible) return undefined
    throw error
  }
}

/**
 * Thrown by a search that could take too long, for a pattern that only a backtracking engine has a
 * form for.
 */
export class RegexLimitError extends LimitError {
  override readonly name = 'RegexLimitError'
}

/** Stands for RE2 where it has no form for the pattern. */
class NoEngine implements Engine, Searcher {
  needsMarks(): boolean {
    return false
  }

  test(text: string): boolean {
    throw new RegexLimitError(
      `A regular expression could take too long on a text of ${text.length} characters.`,
    )
  }

  searcher(): Searcher {
    return this
  }

  exec(text: string): RegexMatch | null {
    this.test(text)
    return null
  }
}

/** V8 where the text is short enough for its worst case, RE2 elsewhere. */
class BoundedEngine implements Engine {
  readonly #fast: JsEngine
  readonly #root: RegexNode
  /** Made when it is first needed: most patterns never need it. */
  #made: LinearEngine | NoEngine | undefined
  /** The two engines agree on where a match lies and on its groups, not only on whether there is one. */
  readonly #sameMatches: boolean

  constructor(fast: JsEngine, root: RegexNode) {
    this.#fast = fast
    this.#root = root
    this.#sameMatches = hasSameMatches(root)
  }

  get #linear(): LinearEngine | NoEngine {
    this.#made ??= linearEngine(this.#root) ?? new NoEngine()
    return this.#made
  }

  #affords(text: string): boolean {
    if (this.#fast.affords(text)) return true
    const most = Math.min(text.length * STEPS_BESIDE_MARKS, 100 * MAX_STEPS)
    return this.#linear.needsMarks(text) && this.#fast.affords(text, most)
  }

  test(text: string): boolean {
    return this.#affords(text) ? this.#fast.test(text) : this.#linear.test(text)
  }

  searcher(text: string): Searcher {
    return this.#sameMatches && this.#affords(text) ? this.#fast : this.#linear.searcher(text)
  }
}

class CompiledRegex implements Regex {
  readonly pattern: string
  readonly groupCount: number
  readonly groupNames: readonly (string | undefined)[]
  readonly #engine: Engine
  #rewrite: { readonly text: string; readonly parts: readonly (string | number)[] } | undefined

  constructor(pattern: string, tree: RegexTree, engine: Engine) {
    this.pattern = pattern
    this.groupCount = tree.groupCount
    this.groupNames = tree.groupNames
    this.#engine = engine
  }

  test(text: string): boolean {
    return this.#engine.test(text)
  }

  exec(text: string, from = 0): RegexMatch | null {
    return this.#engine.searcher(text).exec(text, from)
  }

  *matchAll(text: string): Generator<RegexMatch> {
    const searcher = this.#engine.searcher(text)
    let from = 0
    let last = -1
    for (;;) {
      const match = searcher.exec(text, from)
      if (match === null) return
      if (match.end > match.index) {
        yield match
        from = match.end
        last = match.end
      } else {
        if (match.index !== last) yield match
        if (match.index >= text.length) return
        from = match.index + (text.codePointAt(match.index)! > 0xffff ? 2 : 1)
      }
    }
  }

  replaceAll(text: string, rewrite: string): string {
    if (this.#rewrite?.text !== rewrite) {
      this.#rewrite = { text: rewrite, parts: rewriteParts(rewrite) }
    }
    const { parts } = this.#rewrite
    let result = ''
    let from = 0
    for (const match of this.matchAll(text)) {
      result += text.slice(from, match.index)
      for (const part of parts)
        result += typeof part === 'string' ? part : (match.groups[part] ?? '')
      from = match.end
    }
    return from === 0 && result === '' ? text : result + text.slice(from)
  }
}

/** Literal texts and group numbers. A backslash before anything else stands for itself. */
function rewriteParts(rewrite: string): readonly (string | number)[] {
  const parts: (string | number)[] = []
  let literal = ''
  for (let at = 0; at < rewrite.length; at++) {
    const next = rewrite[at] === '\\' ? rewrite[at + 1] : undefined
    if (next === undefined || !/[0-9\\]/.test(next)) {
      literal += rewrite[at]
    } else {
      at++
      if (next === '\\') {
        literal += next
      } else {
        if (literal !== '') parts.push(literal)
        literal = ''
        parts.push(Number(next))
      }
    }
  }
  if (literal !== '') parts.push(literal)
  return parts
}
