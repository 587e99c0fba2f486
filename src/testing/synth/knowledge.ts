import type { ScalarValue } from '../../tables/vector.ts'
import { type Dynamic, isArray } from '../../types/dynamic.ts'
import { parseDynamic, printDynamic } from '../../types/dynamic-json.ts'
import { atPath } from '../../types/json-path.ts'
import { asDynamic, candidatesFor } from './candidates.ts'
import type { Atom } from './constraints.ts'
import type { Hint } from './hint.ts'
import { keyOf, type Place } from './places.ts'
import { type Node, nodeAt, valueOfNode } from './structure.ts'
import type { Trail } from './trail.ts'

/** What is known of a place. */
export interface Known {
  readonly place: Place
  /** What each predicate says: alternatives, each of which may be several hints. */
  readonly hints: (readonly (readonly Hint[])[])[]
  readonly tests: Test[]
  /** Atoms that read other places too. */
  readonly atoms: Atom[]
  /** Places that are to have the same value. */
  readonly links: Set<Known>
  /** Makes it differ from the same place of other rows. */
  readonly salt: number
  /** Whether it waits for all others: it is made of them. */
  isLate: boolean
  value?: Chosen
  /** A value that passed the tests so far. */
  witness?: Chosen
}

/** What a value of a place must pass for an atom that reads no other. */
export interface Test {
  readonly atom: Atom
  passes(value: ScalarValue): boolean
}

/** A value that was chosen; it may be null. */
export interface Chosen {
  readonly is: ScalarValue
}

/** Candidates of a place that are tested, and those of all places. */
const TESTED = 160
const EFFORT = 60_000
/** Elements of an array that is longer than what is known of it. */
const MOST_ELEMENTS = 5000

/** What is known of the places of a problem, and the values that they may have. */
export class Knowledge {
  readonly #trail: Trail
  readonly #now: bigint
  readonly #known = new Map<string, Known>()
  readonly #ofCell = new Map<string, Set<Known>>()
  readonly #open = new Set<Known>()
  #effort = EFFORT
  /** The salt of places that are met from now on. */
  salt = 0

  constructor(trail: Trail, now: bigint) {
    this.#trail = trail
    this.#now = now
  }

  /** Whether no more candidates are tested: the problem is too hard. */
  get isExhausted(): boolean {
    return this.#effort <= 0
  }

  /** Counts other work than the test of a candidate. */
  spend(): void {
    this.#effort--
  }

  /** What is known of a place; it is looked for from then on. */
  at(place: Place): Known {
    const found = this.#known.get(place.key)
    if (found !== undefined) return found
    const { salt } = this
    const lists = { hints: [], tests: [], atoms: [], links: new Set<Known>() }
    const made: Known = { place, ...lists, salt, isLate: false }
    this.#known.set(place.key, made)
    const ofCell = this.#ofCell.get(place.cell.name) ?? new Set()
    this.#ofCell.set(place.cell.name, ofCell.add(made))
    if (place.cell.origin.kind !== 'opaque') this.#open.add(made)
    this.#trail.push(() => {
      this.#known.delete(place.key)
      ofCell.delete(made)
      this.#open.delete(made)
    })
    return made
  }

  /** Adds to one of the lists of what is known. */
  push<T>(list: T[], item: T): void {
    list.push(item)
    this.#trail.push(() => list.pop())
  }

  link(a: Known, b: Known): void {
    if (a === b || a.links.has(b)) return
    a.links.add(b)
    b.links.add(a)
    this.#trail.push(() => {
      a.links.delete(b)
      b.links.delete(a)
    })
  }

  choose(known: Known, value: ScalarValue): void {
    known.value = { is: value }
    this.#open.delete(known)
    this.#trail.push(() => {
      delete known.value
      this.#open.add(known)
    })
  }

  /** Remembers a value that passes all tests so far. */
  witness(known: Known, value: ScalarValue): void {
    const before = known.witness
    known.witness = { is: value }
    this.#trail.push(() => {
      if (before === undefined) delete known.witness
      else known.witness = before
    })
  }

  /** Known places inside of the place. */
  inside(place: Place): Known[] {
    const { steps, cell } = place
    return [...(this.#ofCell.get(cell.name) ?? [])].filter(
      ({ place: other }) =>
        other.steps.length > steps.length && steps.every((step, at) => other.steps[at] === step),
    )
  }

  /** The place to choose a value for: what says most comes first, what is made of others last. */
  next(): Known | undefined {
    let best: Known | undefined
    let least = Number.POSITIVE_INFINITY
    for (const known of this.#open) {
      const weight = this.#weight(known)
      if (weight >= least) continue
      least = weight
      best = known
    }
    return best
  }

  #weight(known: Known): number {
    const hasValues = known.hints.some(alternatives =>
      alternatives.some(hints => hints.some(({ kind }) => kind === 'value')),
    )
    const isAround = this.inside(known.place).length > 0
    return (
      (known.isLate ? 10_000 : 0) +
      (isAround ? 1000 - known.place.steps.length : 0) +
      (hasValues ? -100 : 0) -
      known.tests.length -
      known.links.size
    )
  }

  /** Candidates that pass all tests. */
  *passing(known: Known): Generator<ScalarValue> {
    let left = TESTED
    for (const value of this.#candidates(known)) {
      if (this.#effort-- <= 0) return
      if (known.tests.every(test => test.passes(value))) yield value
      if (--left === 0) return
    }
  }

  *#candidates(known: Known): Generator<ScalarValue> {
    const { place } = known
    const hints = linkedHints(known)
    const parts = this.#filledInside(place)
    if (parts.length > 0) {
      yield* structures(place, parts, hints)
      return
    }
    const { origin } = place.cell
    // A group is to have no more rows than it needs.
    if (origin.kind === 'size' && place.type === 'long') yield 1n
    const salt = origin.kind === 'size' ? 0 : known.salt
    const slot = place.steps.findLast(step => typeof step === 'string')
    const name = slot ?? ('column' in origin ? origin.column : '')
    yield* candidatesFor({ type: place.type, name: String(name), hints, salt, now: this.#now })
  }

  #filledInside(place: Place): Known[] {
    return this.inside(place).filter(({ value }) => value !== undefined)
  }

  /** The value of a place, if it, or one around it, has one. */
  valueOf(place: Place): Chosen | undefined {
    for (let length = place.steps.length; length >= 0; length--) {
      const found = this.#known.get(keyOf(place.cell, place.steps.slice(0, length)))?.value
      if (found === undefined) continue
      if (length === place.steps.length) return found
      return { is: inside(found.is, place.steps.slice(length)) }
    }
    return undefined
  }

  /** The value of a place, also where it is made of those inside; undefined where nothing is known. */
  madeOf(place: Place): Chosen | undefined {
    const chosen = this.#known.get(place.key)?.value
    if (chosen !== undefined) return chosen
    const parts = this.#filledInside(place)
    return parts.length === 0 ? undefined : { is: composed(place, parts, []) }
  }
}

function linkedHints(known: Known): Known['hints'] {
  const seen = new Set([known])
  for (const each of seen) for (const other of each.links) seen.add(other)
  return [...seen].flatMap(({ hints }) => hints)
}

function inside(value: ScalarValue, steps: readonly (string | number)[]): Dynamic {
  const [step, ...rest] = steps
  const whole = typeof value === 'string' ? (parseDynamic(value) ?? value) : (value as Dynamic)
  if (step === undefined) return whole
  return inside(atPath(whole, [step]), rest)
}

/** The value that the places inside of one make, also with texts that are asked for beside them. */
function* structures(
  place: Place,
  parts: readonly Known[],
  hints: Known['hints'],
): Generator<ScalarValue> {
  yield composed(place, parts, [])
  for (const { count } of hints.flat(2).filter(each => each.kind === 'elements')) {
    const array = composed(place, parts, [])
    if (!isArray(array as Dynamic) || count > MOST_ELEMENTS) continue
    const items = array as readonly Dynamic[]
    yield Array.from({ length: Math.max(count, items.length) }, (_, at) => items[at] ?? new Map())
  }
  const texts = hints.map(alternatives =>
    alternatives.map(all => all.flatMap(each => ('text' in each ? [each.text] : []))),
  )
  const first = texts.flatMap(alternatives => alternatives[0] ?? [])
  if (first.length > 0) yield composed(place, parts, first)
  for (const alternatives of texts)
    for (const each of alternatives) yield composed(place, parts, each)
}

function composed(place: Place, parts: readonly Known[], extra: readonly string[]): ScalarValue {
  const root: Node = { slots: new Map() }
  const depth = place.steps.length
  for (const part of parts) {
    const steps = part.place.steps.slice(depth)
    nodeAt(root, steps).value = asDynamic(part.value?.is ?? null, part.place.type)
    for (const text of part.place.texts) {
      if (text > depth) nodeAt(root, steps.slice(0, text - depth)).isText = true
    }
  }
  if (extra.length > 0) {
    const isArray = [...root.slots.keys()].every(step => typeof step === 'number')
    nodeAt(root, [isArray ? root.slots.size : 'note']).value = extra.join(' ')
  }
  const value = valueOfNode(root)
  return place.type === 'string' ? printDynamic(value) : value
}
