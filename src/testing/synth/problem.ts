import { mapChildren } from '../../engine/plan/expression.ts'
import type { Expr } from '../../engine/plan/nodes.ts'
import type { ScalarValue } from '../../tables/vector.ts'
import type { Span } from '../../text/span.ts'
import { branchesOf } from './branches.ts'
import { isCall } from './calls.ts'
import { type Cell, type Cells, cellExpr } from './cells.ts'
import {
  type Atom,
  type Constraint,
  equalSides,
  expressionsOfAtom,
  exprOfAtom,
  holds,
  mapAtom,
} from './constraints.ts'
import { ARGUMENT, type Evaluation } from './evaluation.ts'
import { hintsOfAtom } from './hints.ts'
import { Knowledge } from './knowledge.ts'
import { needsOfList } from './list-needs.ts'
import { type Place, placeOf, placesIn } from './places.ts'
import { Reduction } from './reduction.ts'
import { Trail } from './trail.ts'

/** Why something could not be solved. */
export interface Conflict {
  readonly span: Span
  readonly reason: string
}

/** Values that are tried in one search, and those of one place that are followed. */
const STEPS = 4000
const FOLLOWED = 10

const NOWHERE: Span = { start: 0, end: 0 }

/** How a problem tells of expressions and decides. */
export interface ProblemGuide {
  describe(expr: Expr): string
  /** Which option of a disjunction is tried first. */
  prefer(options: number): number
}

/**
 * Values that are looked for: cells, and what constraints say of them. Constraints come one by one and
 * are refused where they are seen to contradict those before; then values are searched.
 */
export class Problem {
  readonly cells: Cells
  readonly evaluation: Evaluation
  readonly #guide: ProblemGuide
  readonly #trail = new Trail()
  readonly #knowledge: Knowledge
  readonly #reduction: Reduction
  readonly #guarded = new Set<Cell>()
  #steps = 0
  /** The last contradiction that was met. */
  conflict: Conflict | undefined
  /** What is left to chance. */
  readonly ignored = new Map<string, Conflict>()

  constructor(cells: Cells, evaluation: Evaluation, guide: ProblemGuide) {
    this.cells = cells
    this.evaluation = evaluation
    this.#guide = guide
    this.#knowledge = new Knowledge(this.#trail, evaluation.now)
    this.#reduction = new Reduction(cells, evaluation, this.#knowledge, (cell, guard) =>
      this.#guard(cell, guard),
    )
  }

  get mark(): number {
    return this.#trail.mark
  }

  /** Undoes all that came after the mark. */
  back(mark: number): void {
    this.#trail.back(mark)
  }

  /** Makes places that are met from now on differ from those before. */
  vary(salt: number): void {
    this.#knowledge.salt = salt
  }

  /** Whether it gave up, for all that there is to try. */
  get isExhausted(): boolean {
    return this.#knowledge.isExhausted
  }

  reduce(expr: Expr): Expr {
    return this.#reduction.reduce(expr)
  }

  /** The value that an expression has with all that was chosen; what was not is null, or empty. */
  valueOf(expr: Expr): ScalarValue {
    return this.#reduction.valueOf(expr)
  }

  /** The value of a cell; undefined where nothing was asked of it. */
  cellValue(cell: Cell): ScalarValue | undefined {
    const place = placeOf(cellExpr(cell, NOWHERE), this.cells)
    return place === undefined ? undefined : this.#knowledge.madeOf(place)?.is
  }

  /** Adds constraints; false, and nothing added, where they are seen to contradict. */
  post(constraints: readonly Constraint[]): boolean {
    const { mark } = this
    if (constraints.every(each => this.#post(each))) return true
    this.back(mark)
    return false
  }

  #post(constraint: Constraint): boolean {
    if (constraint.kind === 'any') return this.#any(constraint.options)
    if (constraint.kind !== 'is') return this.#atom(mapAtom(constraint, expr => this.reduce(expr)))
    const { mark } = this
    if (this.#is(this.reduce(constraint.expr), constraint.truth)) return true
    const asked = constraint.truth ? needsOfList(constraint.expr, this.cells) : undefined
    if (asked === undefined) return false
    this.back(mark)
    for (const need of asked.added) this.#knowledge.push(asked.needs, need)
    return true
  }

  #any(options: readonly (readonly Constraint[])[]): boolean {
    const first = options.length > 1 ? this.#guide.prefer(options.length) : 0
    return options.some((_, index) => this.post(options[(index + first) % options.length] ?? []))
  }

  /** `expr` is reduced. */
  #is(expr: Expr, truth: boolean): boolean {
    if (expr.kind === 'literal')
      return expr.value === truth || this.#fail({ kind: 'is', expr, truth })
    if (isCall(expr, 'not')) return expr.arguments.every(argument => this.#is(argument, !truth))
    if (isCall(expr, 'and', 'or')) {
      const parts = expr.arguments.map((part): Constraint => ({ kind: 'is', expr: part, truth }))
      if ((expr.function === 'and') === truth) return parts.every(part => this.#post(part))
      return this.#any(parts.map(part => [part]))
    }
    const members = this.#membership(expr, truth)
    return members ?? this.#atom({ kind: 'is', expr, truth })
  }

  /** `x in (the value of a row)` is an equality. */
  #membership(expr: Expr, truth: boolean): boolean | undefined {
    if (!isCall(expr, 'in', 'in~', '!in', '!in~')) return undefined
    const [subject, list, ...more] = expr.arguments
    if (subject === undefined || more.length > 0 || !isCall(list, 'pack_array')) return undefined
    const isMember = truth !== expr.function.startsWith('!')
    const related = list.arguments.map((item): Constraint => {
      return { kind: isMember ? 'equal' : 'differ', left: subject, right: item }
    })
    return isMember
      ? this.#any(related.map(each => [each]))
      : related.every(each => this.#post(each))
  }

  #atom(atom: Atom): boolean {
    this.#knowledge.spend()
    if (this.isExhausted) return false
    const branched = this.#branched(atom)
    if (branched !== undefined) return branched
    const places = new Map<string, Place>()
    for (const expr of expressionsOfAtom(atom)) {
      for (const [key, place] of placesIn(expr, this.cells)) places.set(key, place)
    }
    for (const { cell } of places.values()) {
      if (cell.origin.kind !== 'opaque') continue
      const { reason, span } = cell.origin
      this.ignored.set(`${span.start} ${reason}`, { span, reason })
      return true
    }
    const [only] = places.values()
    if (only === undefined) {
      const values = expressionsOfAtom(atom).map(expr => this.evaluation.value(expr))
      return holds(atom, values) || this.#fail(atom)
    }
    if (places.size === 1) return this.#single(atom, only)
    this.#several(atom, [...places.values()])
    return true
  }

  /** Takes an atom with a choice in it apart. */
  #branched(atom: Atom): boolean | undefined {
    for (const expr of expressionsOfAtom(atom)) {
      const branches = branchesOf(expr)
      if (branches === undefined) continue
      const options = branches.map(({ expr: branch, conditions }): Constraint[] => [
        ...conditions,
        mapAtom(atom, each => (each === expr ? branch : each)),
      ])
      return this.#any(options)
    }
    return undefined
  }

  #fail(atom: Atom): false {
    const expr = exprOfAtom(atom)
    const wanted = atom.kind === 'is' ? ` that makes it ${atom.truth}` : ''
    const reason = `no value was found for \`${this.#guide.describe(expr)}\`${wanted}`
    this.conflict = { span: expr.span, reason }
    return false
  }

  /** An atom over one place: hints and a test. */
  #single(atom: Atom, place: Place): boolean {
    const knowledge = this.#knowledge
    const known = knowledge.at(place)
    for (const given of hintsOfAtom(atom, this.cells)) {
      if (given.alternatives.length === 0) continue
      knowledge.push(knowledge.at(given.place).hints, given.alternatives)
    }
    const functions = expressionsOfAtom(atom).map(expr =>
      this.evaluation.function(this.#asFunction(expr, place.key), place.type),
    )
    const passes = (value: ScalarValue): boolean =>
      holds(
        atom,
        functions.map(each => each(value)),
      )
    knowledge.push(known.tests, { atom, passes })
    if (known.value !== undefined) return passes(known.value.is)
    if (known.witness !== undefined && passes(known.witness.is)) return true
    if (knowledge.inside(place).length > 0) return true
    for (const value of knowledge.passing(known)) {
      knowledge.witness(known, value)
      return true
    }
    return this.#fail(atom)
  }

  /** An atom over several places waits until all but one have values. */
  #several(atom: Atom, places: readonly Place[]): void {
    const knowledge = this.#knowledge
    for (const place of places) knowledge.push(knowledge.at(place).atoms, atom)
    if (atom.kind === 'text') {
      for (const place of placesIn(atom.text, this.cells).values())
        knowledge.at(place).isLate = true
    }
    const [left, right] = equalSides(atom).map(side => this.#carrier(side))
    if (left !== undefined && right !== undefined) {
      knowledge.link(knowledge.at(left), knowledge.at(right))
    }
  }

  /** The place whose text an expression keeps. */
  #carrier(expr: Expr): Place | undefined {
    const place = placeOf(expr, this.cells)
    if (place !== undefined) return place
    if (!isCall(expr, ...KEEP_TEXT)) return undefined
    const subject = expr.arguments.find(argument => argument.kind !== 'literal')
    return subject === undefined ? undefined : this.#carrier(subject)
  }

  /** Makes places of the expression have a value that is not empty, where nothing speaks against it. */
  touch(expr: Expr): void {
    for (const place of placesIn(this.reduce(expr), this.cells).values()) {
      if (place.cell.origin.kind === 'opaque') continue
      const known = this.#knowledge.at(place)
      if (known.hints.length === 0) this.#knowledge.push(known.hints, [[{ kind: 'filled' }]])
    }
  }

  #guard(cell: Cell, guard: Expr): void {
    if (this.#guarded.has(cell)) return
    this.#guarded.add(cell)
    this.#trail.push(() => this.#guarded.delete(cell))
    this.post([{ kind: 'is', expr: guard, truth: true }])
  }

  #asFunction(expr: Expr, key: string): Expr {
    const place = placeOf(expr, this.cells)
    if (place?.key === key) {
      return { kind: 'column', type: place.type, name: ARGUMENT, span: expr.span }
    }
    return mapChildren(expr, child => this.#asFunction(child, key))
  }

  /** Looks for values of all places; false where none were found. */
  solve(): boolean {
    this.#steps = STEPS
    const { mark } = this
    if (this.#search()) return true
    this.back(mark)
    return false
  }

  #search(): boolean {
    const known = this.#knowledge.next()
    if (known === undefined) return true
    let left = FOLLOWED
    for (const value of this.#knowledge.passing(known)) {
      if (this.#steps-- <= 0 || left-- === 0) return false
      const { mark } = this
      this.#knowledge.choose(known, value)
      if (known.atoms.every(atom => this.#post(atom)) && this.#search()) return true
      this.back(mark)
    }
    // What is made of others may be what none of them fit.
    const asked = known.tests.at(-1)
    if (left === FOLLOWED && asked !== undefined) this.#fail(asked.atom)
    return false
  }
}

/** Functions that keep a text, or the value of one, as it is in most cases. */
const KEEP_TEXT = [
  'tostring',
  'tolower',
  'toupper',
  'trim',
  'parse_json',
  'tolong',
  'toint',
] as const
