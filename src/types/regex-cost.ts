import type { ClassSet, RegexNode, RepeatNode } from './regex-tree.ts'

/**
 * What a search costs at worst in an engine that backtracks: at most
 * `factor · starts · length ^ exponent` steps, where `starts` counts the positions at which an
 * attempt gets past the literal that every match begins with.
 *
 * The bound counts the runs of the pattern's automaton over a text. Only a loop that may both go on
 * and be left on the same character ("open") multiplies them, each time it is left; a loop that
 * holds such a choice inside makes them exponential and has no bound here.
 */
export interface RegexCost {
  readonly factor: number
  /** Power of the length of the text, without the one for the positions to start at. */
  readonly exponent: number
  /** A match can begin at one place only: at the start of the text, or of a line. */
  readonly anchored: boolean
  /** What every match begins with, where it is a case-sensitive literal. */
  readonly literal: string
  /** The pattern begins with `.*` or `.+`, so that the first match begins where a line begins. */
  readonly leadingDots: boolean
}

/** The {@link RegexCost} of a tree; null where there is no polynomial bound, or it is too large. */
export function regexCost(root: RegexNode): RegexCost | null {
  const budget = { nodes: 0 }
  const shape = analyze(root, END, budget)
  if (shape === null) return null
  const leadingDots = startsWithDots(root)
  const anchored = leadingDots || startsAtText(root)
  const loops = shape.open + (shape.tail ? 1 : 0)
  return {
    factor: shape.factor,
    exponent: loops,
    anchored,
    literal: leadingLiteral(root),
    leadingDots,
  }
}

/** A pattern beyond any of these is left to the linear engine. */
const MAX_FACTOR = 10_000
const MAX_OPEN = 4
const MAX_NODES = 20_000

/** What can follow: a superset of the characters, and whether it can fail at all. */
interface Next {
  readonly set: bigint
  readonly fails: boolean
}

const END: Next = { set: 0n, fails: false }

interface Shape {
  /** Open loops on one path, at most. */
  readonly open: number
  /** An unbounded loop comes after the last open one. */
  readonly tail: boolean
  /** Runs that finite choices add. */
  readonly factor: number
}

const PLAIN: Shape = { open: 0, tail: false, factor: 1 }

interface Budget {
  nodes: number
}

function analyze(node: RegexNode, next: Next, budget: Budget): Shape | null {
  if (++budget.nodes > MAX_NODES) return null
  switch (node.kind) {
    case 'empty':
    case 'char':
    case 'any':
    case 'class':
    case 'assert':
      return PLAIN
    case 'group':
      return analyze(node.body, next, budget)
    case 'concat':
      return concat(node.items, next, budget)
    case 'alternate':
      return alternate(node.branches, next, budget)
    case 'repeat':
      return node.max === Number.POSITIVE_INFINITY
        ? loop(node, next, budget)
        : counted(node, next, budget)
  }
}

function concat(items: readonly RegexNode[], next: Next, budget: Budget): Shape | null {
  let shape = PLAIN
  let after = next
  for (let k = items.length - 1; k >= 0; k--) {
    const left = analyze(items[k]!, after, budget)
    if (left === null) return null
    const joined = join(left, shape)
    if (joined === null) return null
    shape = joined
    after = before(items[k]!, after)
  }
  return shape
}

function join(left: Shape, right: Shape): Shape | null {
  const open = left.open + right.open
  const factor = left.factor * right.factor
  if (open > MAX_OPEN || factor > MAX_FACTOR) return null
  return { open, tail: right.open > 0 ? right.tail : left.tail || right.tail, factor }
}

function alternate(branches: readonly RegexNode[], next: Next, budget: Budget): Shape | null {
  let open = 0
  let tail = false
  let largest = 1
  let sum = 0
  let seen = 0n
  let disjoint = true
  for (const branch of branches) {
    const shape = analyze(branch, next, budget)
    if (shape === null) return null
    open = Math.max(open, shape.open)
    tail ||= shape.tail
    largest = Math.max(largest, shape.factor)
    sum += shape.factor
    const first = before(branch, next).set
    if ((seen & first) !== 0n) disjoint = false
    seen |= first
  }
  const factor = disjoint ? largest : sum
  return factor > MAX_FACTOR ? null : { open, tail, factor }
}

/** An unbounded repetition. */
function loop(node: RepeatNode, next: Next, budget: Budget): Shape | null {
  const single = singleSet(node.body)
  // Nothing after it can fail, so that no step of it is ever taken back.
  if (single !== null && !next.fails) return PLAIN
  const first = firstOf(node.body)
  const open = (first.set & next.set) !== 0n
  if (single === null) {
    if (first.nullable) return null
    const body = analyze(node.body, { set: first.set | next.set, fails: true }, budget)
    // A choice inside a loop doubles the runs with every turn.
    if (body === null || body.open > 0 || body.factor > 1) return null
  }
  return open ? { open: 1, tail: false, factor: 1 } : { open: 0, tail: true, factor: 1 }
}

/** A repetition with an upper bound. */
function counted(node: RepeatNode, next: Next, budget: Budget): Shape | null {
  const first = firstOf(node.body)
  const after = node.max > 1 ? { set: first.set | next.set, fails: true } : next
  const body = analyze(node.body, after, budget)
  if (body === null) return null
  budget.nodes += (node.max - 1) * size(node.body)
  if (budget.nodes > MAX_NODES) return null
  const choices = first.nullable || (first.set & next.set) !== 0n ? node.max - node.min + 1 : 1
  const factor = body.factor ** node.max * choices
  const open = body.open * node.max
  if (factor > MAX_FACTOR || open > MAX_OPEN) return null
  return { open, tail: body.tail, factor }
}

function size(node: RegexNode): number {
  switch (node.kind) {
    case 'group':
      return 1 + size(node.body)
    case 'repeat':
      return node.max === Number.POSITIVE_INFINITY
        ? 1 + size(node.body)
        : node.max * size(node.body)
    case 'concat':
      return node.items.reduce((sum, item) => sum + size(item), 1)
    case 'alternate':
      return node.branches.reduce((sum, item) => sum + size(item), 1)
    default:
      return 1
  }
}

/** What can follow whatever stands before the node. */
function before(node: RegexNode, next: Next): Next {
  const first = firstOf(node)
  const optional = first.nullable
  return {
    set: optional ? first.set | next.set : first.set,
    fails: next.fails || canFail(node),
  }
}

/** Whether there is a text on which the node does not match. */
function canFail(node: RegexNode): boolean {
  switch (node.kind) {
    case 'empty':
      return false
    case 'repeat':
      return node.min > 0 && canFail(node.body)
    case 'group':
      return canFail(node.body)
    case 'concat':
      return node.items.some(canFail)
    case 'alternate':
      return node.branches.every(canFail)
    default:
      return true
  }
}

interface First {
  /** A superset of the characters that a match begins with. */
  readonly set: bigint
  readonly nullable: boolean
}

function firstOf(node: RegexNode): First {
  switch (node.kind) {
    case 'empty':
    case 'assert':
      return { set: 0n, nullable: true }
    case 'char':
    case 'any':
    case 'class':
      return { set: setOf(node), nullable: false }
    case 'group':
      return firstOf(node.body)
    case 'repeat': {
      const first = firstOf(node.body)
      return node.min > 0 ? first : { set: first.set, nullable: true }
    }
    case 'concat': {
      let set = 0n
      for (const item of node.items) {
        const first = firstOf(item)
        set |= first.set
        if (!first.nullable) return { set, nullable: false }
      }
      return { set, nullable: true }
    }
    case 'alternate': {
      const firsts = node.branches.map(firstOf)
      return {
        set: firsts.reduce((set, first) => set | first.set, 0n),
        nullable: firsts.some(first => first.nullable),
      }
    }
  }
}

/** Whether the node matches the empty text somewhere. */
export function isNullable(node: RegexNode): boolean {
  return firstOf(node).nullable
}

type CharacterNode = Extract<RegexNode, { kind: 'char' | 'any' | 'class' }>

/** The set of a node that matches one character, through groups; null for every other node. */
function singleSet(node: RegexNode): bigint | null {
  if (node.kind === 'group') return singleSet(node.body)
  return node.kind === 'char' || node.kind === 'any' || node.kind === 'class' ? setOf(node) : null
}

// A set is a bit for each ASCII character, one for the white space beyond, one for all others.
const SPACE_BEYOND = 1n << 128n
const OTHER_BEYOND = 1n << 129n
const BEYOND = SPACE_BEYOND | OTHER_BEYOND
const ALL = (1n << 130n) - 1n
const LETTERS = span(65, 90) | span(97, 122)
/** The letters to which the Kelvin sign and the long s fold. */
const FOLDING_BEYOND = span(75, 75) | span(83, 83) | span(107, 107) | span(115, 115)

function span(from: number, to: number): bigint {
  if (from > 127) return BEYOND
  const last = Math.min(to, 127)
  const ascii = ((1n << BigInt(last - from + 1)) - 1n) << BigInt(from)
  return to > 127 ? ascii | BEYOND : ascii
}

function setOf(node: CharacterNode): bigint {
  if (node.kind === 'any') return node.newline ? ALL : ALL & ~span(10, 10)
  const set = node.kind === 'char' ? span(node.code, node.code) : atMost(node.set)
  return node.fold ? folded(set) : set
}

function folded(set: bigint): bigint {
  const letters = set & LETTERS
  // The two cases are 32 bits apart.
  const other = ((letters << 32n) | (letters >> 32n)) & LETTERS
  return (
    set |
    other |
    ((set & FOLDING_BEYOND) === 0n ? 0n : OTHER_BEYOND) |
    ((set & OTHER_BEYOND) === 0n ? 0n : FOLDING_BEYOND)
  )
}

/** A superset of the set. */
function atMost(set: ClassSet): bigint {
  switch (set.kind) {
    case 'range':
      return span(set.from, set.to)
    case 'perl':
      return set.ascii ? PERL[set.name] : PERL[set.name] | PERL_BEYOND[set.name]
    case 'property':
      return ALL
    case 'union':
      return set.items.reduce((all, item) => all | atMost(item), 0n)
    case 'not':
      return ALL & ~atLeast(set.set)
    case 'and':
      return atMost(set.left) & atMost(set.right)
    case 'minus':
      return atMost(set.left)
    case 'xor':
      return atMost(set.left) | atMost(set.right)
  }
}

/** A subset of the set: what its complement surely lacks. */
function atLeast(set: ClassSet): bigint {
  switch (set.kind) {
    case 'range':
      // All characters beyond ASCII, or none of them.
      return set.from <= 128 && set.to === 0x10ffff
        ? span(set.from, set.to)
        : span(set.from, set.to) & ~BEYOND
    case 'perl':
      return set.name === 's' && !set.ascii ? PERL.s | SPACE_BEYOND : PERL[set.name]
    case 'union':
      return set.items.reduce((all, item) => all | atLeast(item), 0n)
    case 'not':
      return ALL & ~atMost(set.set)
    case 'and':
      return atLeast(set.left) & atLeast(set.right)
    default:
      return 0n
  }
}

const PERL = {
  d: span(48, 57),
  s: span(9, 13) | span(32, 32),
  w: span(48, 57) | LETTERS | span(95, 95),
} as const

const PERL_BEYOND = { d: OTHER_BEYOND, s: SPACE_BEYOND, w: OTHER_BEYOND } as const

function startsAtText(node: RegexNode): boolean {
  switch (node.kind) {
    case 'assert':
      return node.at === 'text-start'
    case 'group':
      return startsAtText(node.body)
    case 'concat':
      return node.items.length > 0 && startsAtText(node.items[0]!)
    case 'alternate':
      return node.branches.every(startsAtText)
    default:
      return false
  }
}

/** Where an attempt at one position fails, so do all later ones in its line. */
function startsWithDots(node: RegexNode): boolean {
  switch (node.kind) {
    case 'repeat':
      return (
        node.body.kind === 'any' &&
        !node.body.newline &&
        node.max === Number.POSITIVE_INFINITY &&
        node.min <= 1
      )
    case 'group':
      return startsWithDots(node.body)
    case 'concat':
      return node.items.length > 0 && startsWithDots(node.items[0]!)
    default:
      return false
  }
}

/** The literal that every match begins with; empty where there is none or it folds. */
export function leadingLiteral(node: RegexNode): string {
  switch (node.kind) {
    case 'char':
      return literalOf(node) ?? ''
    case 'group':
      return leadingLiteral(node.body)
    case 'concat': {
      let literal = ''
      for (const item of node.items) {
        const text = literalOf(item)
        if (text === null) return literal === '' ? leadingLiteral(item) : literal
        literal += text
      }
      return literal
    }
    case 'repeat':
      return node.min > 0 ? leadingLiteral(node.body) : ''
    default:
      return ''
  }
}

/** The text that the node is, where it is a literal whose case counts; null where it is not. */
export function literalOf(node: RegexNode): string | null {
  switch (node.kind) {
    case 'empty':
      return ''
    case 'char': {
      const text = String.fromCodePoint(node.code)
      if (!node.fold) return text
      return node.code < 128 && !/[a-z]/i.test(text) ? text : null
    }
    case 'concat': {
      let literal = ''
      for (const item of node.items) {
        const text = literalOf(item)
        if (text === null) return null
        literal += text
      }
      return literal
    }
    default:
      return null
  }
}
