import { childrenOf, literal, mapChildren } from '../../engine/plan/expression.ts'
import type { CallExpr, Expr } from '../../engine/plan/nodes.ts'
import type { ScalarValue } from '../../tables/vector.ts'
import type { Span } from '../../text/span.ts'
import type { Dynamic } from '../../types/dynamic.ts'
import { parseDynamic, printDynamic } from '../../types/dynamic-json.ts'
import { atPath } from '../../types/json-path.ts'
import { callOf, isCall } from './calls.ts'
import { asDynamic, candidatesFor } from './candidates.ts'
import { type Cells, cellExpr } from './cells.ts'
import { type Atom, type Constraint, expressionsOfAtom, holds, mapAtom } from './constraints.ts'
import { ARGUMENT, type Evaluation } from './evaluation.ts'
import type { Hint, PlaceHints } from './hint.ts'
import { hint, hintsOf } from './hints.ts'
import { keyOf, type Place, placeOf, placesIn } from './places.ts'
import { type Node, nodeAt, valueOfNode } from './structure.ts'
import { Trail } from './trail.ts'

/** What is known of a place. */
interface Known {
  readonly place: Place
  readonly hints: (readonly (readonly Hint[])[])[]
  readonly tests: Test[]
  /** Atoms that read other places too. */
  readonly atoms: Atom[]
  /** Places that are to have the same value. */
  readonly links: Set<string>
  salt: number
  /** Whether it waits for all others: it is made of them. */
  isLate: boolean
  value?: { readonly is: ScalarValue }
  /** A value that passed the tests so far. */
  witness?: { readonly is: ScalarValue }
}

type Test = (value: ScalarValue) => boolean

/** Why something could not be solved. */
export interface Conflict {
  readonly span: Span
  readonly reason: string
}

/** How far a search goes. */
const STEPS = 4000
/** Candidates of a place that are tested, and that are followed. */
const TESTED = 160
const FOLLOWED = 10

/**
 * Values that are looked for: cells, and what constraints say of them. Constraints come one by one and
 * are refused where they are seen to contradict those before; then values are searched.
 */
export class Problem {
  readonly cells: Cells
  readonly evaluation: Evaluation
  readonly #known = new Map<string, Known>()
  readonly #ofCell = new Map<string, Set<string>>()
  readonly #guarded = new Set<string>()
  readonly #trail = new Trail()
  readonly #describe: (expr: Expr) => string
  /** Which option of a disjunction is tried first. */
  readonly #prefer: (options: number, span: Span) => number
  #steps = 0
  /** The last contradiction that was met. */
  conflict: Conflict | undefined
  /** What is left to chance, by text. */
  readonly ignored = new Map<string, Conflict>()
  /** The salt of places that are met from now on. */
  salt = 0

  constructor(
    cells: Cells,
    evaluation: Evaluation,
    describe: (expr: Expr) => string,
    prefer: (options: number, span: Span) => number,
  ) {
    this.cells = cells
    this.evaluation = evaluation
    this.#describe = describe
    this.#prefer = prefer
  }

  get mark(): number {
    return this.#trail.mark
  }

  back(mark: number): void {
    this.#trail.back(mark)
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
    return this.#is(this.reduce(constraint.expr), constraint.truth)
  }

  #any(options: readonly (readonly Constraint[])[], span: Span = { start: 0, end: 0 }): boolean {
    const first = options.length > 1 ? this.#prefer(options.length, span) : 0
    return options.some((_, index) => this.post(options[(index + first) % options.length] ?? []))
  }

  /** `expr` is reduced. */
  #is(expr: Expr, truth: boolean): boolean {
    if (expr.kind === 'literal') return expr.value === truth || this.#fail(expr, truth)
    if (isCall(expr, 'not')) {
      return expr.arguments.every(argument => this.#is(argument, !truth))
    }
    if (isCall(expr, 'and', 'or')) {
      const parts = expr.arguments.map((part): Constraint => ({ kind: 'is', expr: part, truth }))
      if ((expr.function === 'and') === truth) return parts.every(part => this.#post(part))
      return this.#any(
        parts.map(part => [part]),
        expr.span,
      )
    }
    const branches = this.#branches(expr)
    if (branches !== undefined) {
      const options = branches.map(({ expr: branch, conditions }): Constraint[] => [
        ...conditions,
        { kind: 'is', expr: branch, truth },
      ])
      return this.#any(options, expr.span)
    }
    const membership = this.#membership(expr, truth)
    if (membership !== undefined) return membership
    return this.#atom({ kind: 'is', expr, truth })
  }

  /** `x in (the value of a row)` is an equality. */
  #membership(expr: Expr, truth: boolean): boolean | undefined {
    if (!isCall(expr, 'in', 'in~', '!in', '!in~')) return undefined
    const [subject, list, ...more] = expr.arguments
    if (subject === undefined || more.length > 0 || !isCall(list, 'pack_array')) return undefined
    if (list.arguments.length === 0) return truth === expr.function.startsWith('!')
    if (truth === expr.function.startsWith('!')) {
      return list.arguments.every(item => this.#post(relation('differ', subject, item)))
    }
    return this.#any(
      list.arguments.map(item => [relation('equal', subject, item)]),
      expr.span,
    )
  }

  /** The expression with the first choice in it made, in each way. */
  #branches(expr: Expr): { expr: Expr; conditions: Constraint[] }[] | undefined {
    const choice = findChoice(expr)
    if (choice === undefined) return undefined
    return optionsOf(choice).map(({ value, conditions }) => ({
      expr: this.reduce(replaceExpr(expr, choice, value)),
      conditions,
    }))
  }

  #atom(atom: Atom): boolean {
    const branched = this.#branchedAtom(atom)
    if (branched !== undefined) return branched
    const places = new Map<string, Place>()
    for (const expr of expressionsOfAtom(atom)) {
      for (const [key, place] of placesIn(expr, this.cells)) places.set(key, place)
    }
    for (const { cell } of places.values()) {
      if (cell.origin.kind !== 'opaque') continue
      this.#ignore(cell.origin.reason, cell.origin.span)
      return true
    }
    if (places.size === 0) {
      const values = expressionsOfAtom(atom).map(expr => this.evaluation.value(expr))
      return holds(atom, values) || this.#fail(atomExpr(atom), atom.kind !== 'is' || atom.truth)
    }
    const [only] = places.values()
    if (places.size === 1 && only !== undefined) return this.#single(atom, only)
    this.#several(atom, [...places.values()])
    return true
  }

  #branchedAtom(atom: Atom): boolean | undefined {
    if (atom.kind === 'is') return undefined
    for (const expr of expressionsOfAtom(atom)) {
      const branches = this.#branches(expr)
      if (branches === undefined) continue
      const options = branches.map(({ expr: branch, conditions }): Constraint[] => [
        ...conditions,
        mapAtom(atom, each => (each === expr ? branch : each)),
      ])
      return this.#any(options, expr.span)
    }
    return undefined
  }

  #ignore(reason: string, span: Span): void {
    this.ignored.set(`${span.start} ${reason}`, { span, reason })
  }

  #fail(expr: Expr, truth: boolean): false {
    const reason = `no value was found for which \`${this.#describe(expr)}\` is ${truth}`
    this.conflict = { span: expr.span, reason }
    return false
  }

  /** An atom over one place: hints and a test. */
  #single(atom: Atom, place: Place): boolean {
    const known = this.#at(place)
    for (const given of this.#hints(atom)) {
      if (given.alternatives.length === 0) continue
      this.#push(this.#at(given.place).hints, given.alternatives)
    }
    const functions = expressionsOfAtom(atom).map(expr =>
      this.evaluation.function(this.#asFunction(expr, place.key), place.type),
    )
    const test: Test = value =>
      holds(
        atom,
        functions.map(each => each(value)),
      )
    this.#push(known.tests, test)
    if (known.value !== undefined) return test(known.value.is)
    const { witness } = known
    if (witness !== undefined && test(witness.is)) return true
    if (this.#children(place).length > 0) return true
    for (const value of this.#passing(known)) {
      known.witness = { is: value }
      this.#trail.push(() => {
        if (witness === undefined) delete known.witness
        else known.witness = witness
      })
      return true
    }
    return this.#fail(atomExpr(atom), atom.kind !== 'is' || atom.truth)
  }

  #hints(atom: Atom): PlaceHints[] {
    switch (atom.kind) {
      case 'is':
        return hintsOf(atom.expr, atom.truth, this.cells)
      case 'equal': {
        const [subject, value] =
          atom.left.kind === 'literal' ? [atom.right, atom.left] : [atom.left, atom.right]
        return value.kind === 'literal'
          ? hint(subject, [[{ kind: 'value', value: value.value, type: value.type }]], this.cells)
          : []
      }
      case 'text': {
        const values = atom.parts.map(part => this.evaluation.value(part))
        if (values.some(value => value === undefined)) return []
        const text = values.map(String).join('')
        return hint(atom.text, [[{ kind: 'value', value: text, type: 'string' }]], this.cells)
      }
      case 'differ':
      case 'unseen':
        return []
    }
  }

  /** An atom over several places waits until all but one have values. */
  #several(atom: Atom, places: readonly Place[]): void {
    for (const place of places) this.#push(this.#at(place).atoms, atom)
    if (atom.kind === 'text') {
      for (const place of placesIn(atom.text, this.cells).values()) this.#at(place).isLate = true
    }
    const [left, right] = equalSides(atom).map(side => this.#carrier(side))
    if (left === undefined || right === undefined || left.key === right.key) return
    this.#link(this.#at(left), this.#at(right))
  }

  #link(a: Known, b: Known): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      if (from.links.has(to.place.key)) continue
      from.links.add(to.place.key)
      this.#trail.push(() => from.links.delete(to.place.key))
    }
  }

  /** The place whose text an expression keeps. */
  #carrier(expr: Expr): Place | undefined {
    const place = placeOf(expr, this.cells)
    if (place !== undefined) return place
    if (!isCall(expr, 'tostring', 'tolower', 'toupper', 'trim', 'parse_json', 'tolong', 'toint'))
      return undefined
    const subject = expr.arguments.find(argument => argument.kind !== 'literal')
    return subject === undefined ? undefined : this.#carrier(subject)
  }

  #push<T>(list: T[], item: T): void {
    list.push(item)
    this.#trail.push(() => list.pop())
  }

  /** What is known of a place; it is looked for from then on. */
  #at(place: Place): Known {
    const found = this.#known.get(place.key)
    if (found !== undefined) return found
    const made: Known = {
      place,
      hints: [],
      tests: [],
      atoms: [],
      links: new Set(),
      salt: this.salt,
      isLate: false,
    }
    this.#known.set(place.key, made)
    const ofCell = this.#ofCell.get(place.cell.name) ?? new Set()
    this.#ofCell.set(place.cell.name, ofCell.add(place.key))
    this.#trail.push(() => {
      this.#known.delete(place.key)
      ofCell.delete(place.key)
    })
    return made
  }

  /** Makes places of the expression have a value that is not empty, where nothing speaks against it. */
  touch(expr: Expr): void {
    for (const place of placesIn(this.reduce(expr), this.cells).values()) {
      if (place.cell.origin.kind === 'opaque') continue
      const known = this.#at(place)
      if (known.hints.length === 0) this.#push(known.hints, [[{ kind: 'filled' }]])
    }
  }

  #asFunction(expr: Expr, key: string): Expr {
    const place = placeOf(expr, this.cells)
    if (place?.key === key) {
      return { kind: 'column', type: place.type, name: ARGUMENT, span: expr.span }
    }
    return mapChildren(expr, child => this.#asFunction(child, key))
  }

  /** Known places inside of the place. */
  #children(place: Place): Known[] {
    const found: Known[] = []
    for (const key of this.#ofCell.get(place.cell.name) ?? []) {
      const known = this.#known.get(key)
      if (known === undefined || known.place.steps.length <= place.steps.length) continue
      if (place.steps.every((step, at) => known.place.steps[at] === step)) found.push(known)
    }
    return found
  }

  /** Candidates that pass all tests. */
  *#passing(known: Known): Generator<ScalarValue> {
    let left = TESTED
    for (const value of this.#candidates(known)) {
      if (known.tests.every(test => test(value))) yield value
      if (--left === 0) return
    }
  }

  *#candidates(known: Known): Generator<ScalarValue> {
    const { place, salt } = known
    const hints = this.#linkedHints(known)
    const children = this.#children(place).filter(child => child.value !== undefined)
    if (children.length > 0) {
      yield* this.#structures(known, children, hints)
      return
    }
    const { origin } = place.cell
    const last = place.steps.findLast(step => typeof step === 'string')
    const name = last ?? ('column' in origin ? origin.column : '')
    const { now } = this.evaluation
    yield* candidatesFor({ type: place.type, name: String(name), hints, salt, now })
  }

  #linkedHints(known: Known): Known['hints'] {
    const seen = new Set([known.place.key])
    const all = [...known.hints]
    const queue = [...known.links]
    for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
      if (seen.has(key)) continue
      seen.add(key)
      const linked = this.#known.get(key)
      if (linked === undefined) continue
      all.push(...linked.hints)
      queue.push(...linked.links)
    }
    return all
  }

  /** The value that the places inside of one make, also with texts that are asked for beside them. */
  *#structures(
    { place }: Known,
    children: readonly Known[],
    hints: Known['hints'],
  ): Generator<ScalarValue> {
    const made = (extra: readonly string[]): ScalarValue => {
      const value = this.#composed(place, children, extra)
      return place.type === 'string' ? printDynamic(value) : value
    }
    yield made([])
    const texts = hints.map(alternatives =>
      alternatives.map(all => all.flatMap(each => ('text' in each ? [each.text] : []))),
    )
    const first = texts.flatMap(alternatives => alternatives[0] ?? [])
    if (first.length > 0) yield made(first)
    for (const alternatives of texts) for (const each of alternatives) yield made(each)
  }

  #composed(place: Place, children: readonly Known[], extra: readonly string[]): Dynamic {
    const root: Node = { slots: new Map() }
    for (const child of children) {
      const steps = child.place.steps.slice(place.steps.length)
      const node = nodeAt(root, steps)
      node.value = asDynamic(child.value?.is ?? null, child.place.type)
      for (const text of child.place.texts) {
        if (text > place.steps.length)
          nodeAt(root, steps.slice(0, text - place.steps.length)).isText = true
      }
    }
    if (extra.length > 0) {
      const isArray = [...root.slots.keys()].every(step => typeof step === 'number')
      const at = isArray ? root.slots.size : 'note'
      nodeAt(root, [at]).value = extra.join(' ')
    }
    return valueOfNode(root)
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
    const known = this.#next()
    if (known === undefined) return true
    let left = FOLLOWED
    for (const value of this.#passing(known)) {
      if (this.#steps-- <= 0 || left-- === 0) return false
      const { mark } = this
      if (this.#assign(known, value) && this.#search()) return true
      this.back(mark)
    }
    return false
  }

  #assign(known: Known, value: ScalarValue): boolean {
    known.value = { is: value }
    this.#trail.push(() => {
      delete known.value
    })
    return known.atoms.every(atom => this.#post(atom))
  }

  /** The place to choose a value for: what says most comes first, what is made of others last. */
  #next(): Known | undefined {
    let best: Known | undefined
    let least = Number.POSITIVE_INFINITY
    for (const known of this.#known.values()) {
      if (known.value !== undefined || known.place.cell.origin.kind === 'opaque') continue
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
    const depth = known.place.steps.length
    return (
      (known.isLate ? 10_000 : 0) +
      (this.#children(known.place).length > 0 ? 1000 - depth : 0) +
      (hasValues ? -100 : 0) -
      known.tests.length -
      known.links.size
    )
  }

  /** The value of a place, if it, or one around it, has one. */
  #valueOf(place: Place): { readonly is: ScalarValue } | undefined {
    for (let length = place.steps.length; length >= 0; length--) {
      const found = this.#known.get(keyOf(place.cell, place.steps.slice(0, length)))?.value
      if (found === undefined) continue
      if (length === place.steps.length) return found
      return { is: this.#inside(found.is, place.steps.slice(length)) }
    }
    return undefined
  }

  #inside(value: ScalarValue, steps: readonly (string | number)[]): Dynamic {
    const [step, ...rest] = steps
    const whole = typeof value === 'string' ? (parseDynamic(value) ?? value) : (value as Dynamic)
    if (step === undefined) return whole
    return this.#inside(atPath(whole, [step]), rest)
  }

  /** The expression with what is known put in, and computed as far as that goes. */
  reduce(expr: Expr): Expr {
    if (expr.kind === 'literal') return expr
    const place = placeOf(expr, this.cells)
    const value = place === undefined ? undefined : this.#valueOf(place)
    if (value !== undefined) return literal(expr.type, value.is, expr.span)
    if (expr.kind === 'column') return this.#reduceColumn(expr)
    if (place !== undefined && place.cell.origin.kind === 'source') return expr
    if (isCall(expr, 'array_length')) {
      const [list] = expr.arguments
      const cell = list?.kind === 'column' ? this.cells.at(list.name) : undefined
      if (cell?.origin.kind === 'list') return this.reduce(cell.origin.length)
    }
    const reduced = simplified(mapChildren(expr, child => this.reduce(child)))
    if (reduced.kind !== 'call' || reduced.varies === true) return reduced
    if (!childrenOf(reduced).every(child => child.kind === 'literal')) return reduced
    const computed = this.evaluation.value(reduced)
    return computed === undefined ? reduced : literal(reduced.type, computed, reduced.span)
  }

  #reduceColumn(expr: Extract<Expr, { kind: 'column' }>): Expr {
    const cell = this.cells.at(expr.name)
    if (cell?.origin.kind !== 'list' && cell?.origin.kind !== 'guarded') return expr
    const { origin } = cell
    if (origin.guard !== undefined && !this.#guarded.has(cell.name)) {
      this.#guarded.add(cell.name)
      this.#trail.push(() => this.#guarded.delete(cell.name))
      this.#post({ kind: 'is', expr: origin.guard, truth: true })
    }
    const item = this.reduce(origin.item)
    return origin.kind === 'guarded' ? item : callOf('pack_array', 'dynamic', [item], expr.span)
  }

  /** The value that an expression has with all that was chosen; what was not is null, or empty. */
  valueOf(expr: Expr): ScalarValue {
    const reduced = this.reduce(expr)
    const bare = replaceColumns(reduced)
    return this.evaluation.value(bare) ?? (expr.type === 'string' ? '' : null)
  }

  /** The value of a cell; undefined where nothing was asked of it. */
  cellValue(name: string): ScalarValue | undefined {
    const cell = this.cells.at(name)
    if (cell === undefined) return undefined
    const whole = this.#known.get(name)?.value
    if (whole !== undefined) return whole.is
    const expr = placeOf(cellExpr(cell, { start: 0, end: 0 }), this.cells)
    const children =
      expr === undefined ? [] : this.#children(expr).filter(child => child.value !== undefined)
    if (expr === undefined || children.length === 0) return undefined
    const value = this.#composed(expr, children, [])
    return cell.type === 'string' ? printDynamic(value) : value
  }
}

/** The sides of an atom that says that two expressions are equal. */
function equalSides(atom: Atom): readonly Expr[] {
  if (atom.kind === 'equal') return [atom.left, atom.right]
  if (atom.kind !== 'is' || !atom.truth || !isCall(atom.expr, '==', '=~')) return []
  return atom.expr.arguments
}

function relation(kind: 'equal' | 'differ', left: Expr, right: Expr): Constraint {
  return { kind, left, right }
}

function atomExpr(atom: Atom): Expr {
  if (atom.kind === 'is' || atom.kind === 'unseen') return atom.expr
  return atom.kind === 'text' ? atom.text : atom.left
}

/** The first part of the expression that is one of several, by a condition. */
function findChoice(expr: Expr): CallExpr | undefined {
  if (isCall(expr, 'iff', 'case', 'coalesce')) return expr
  for (const child of childrenOf(expr)) {
    const found = findChoice(child)
    if (found !== undefined) return found
  }
  return undefined
}

interface ChoiceOption {
  readonly value: Expr
  readonly conditions: Constraint[]
}

function optionsOf(choice: CallExpr): ChoiceOption[] {
  return choice.function === 'coalesce' ? coalesceOptions(choice) : conditionOptions(choice)
}

function conditionOptions({ arguments: args }: CallExpr): ChoiceOption[] {
  const options: ChoiceOption[] = []
  const before: Expr[] = []
  for (let at = 0; at + 1 < args.length; at += 2) {
    const condition = args[at] as Expr
    options.push({
      value: args[at + 1] as Expr,
      conditions: [...before.map(isFalse), { kind: 'is', expr: condition, truth: true }],
    })
    before.push(condition)
  }
  const last = args.at(-1)
  if (last !== undefined) options.push({ value: last, conditions: before.map(isFalse) })
  return options
}

function isFalse(expr: Expr): Constraint {
  return { kind: 'is', expr, truth: false }
}

function coalesceOptions({ arguments: args, span }: CallExpr): ChoiceOption[] {
  return args.map((value, at) => ({
    value,
    conditions: [
      ...args.slice(0, at).map((each): Constraint => isMissing(each, true, span)),
      ...(at + 1 < args.length ? [isMissing(value, false, span)] : []),
    ],
  }))
}

function isMissing(expr: Expr, truth: boolean, span: Span): Constraint {
  const name = expr.type === 'string' ? 'isempty' : 'isnull'
  return { kind: 'is', expr: callOf(name, 'bool', [expr], span), truth }
}

function replaceExpr(expr: Expr, from: Expr, to: Expr): Expr {
  return expr === from ? to : mapChildren(expr, child => replaceExpr(child, from, to))
}

function replaceColumns(expr: Expr): Expr {
  if (expr.kind === 'column') {
    return literal(expr.type, expr.type === 'string' ? '' : null, expr.span)
  }
  return mapChildren(expr, replaceColumns)
}

/** Paths into arrays and bags that are made on the spot. */
function simplified(expr: Expr): Expr {
  if (isCall(expr, '$index')) {
    const [target, index] = expr.arguments
    const step = index?.kind === 'literal' ? stepOf(index.value) : undefined
    if (target !== undefined && step !== undefined) {
      return simplified({ kind: 'path', type: 'dynamic', target, steps: [step], span: expr.span })
    }
  }
  if (expr.kind !== 'path') return expr
  if (expr.target.kind === 'path') {
    return simplified({
      ...expr,
      target: expr.target.target,
      steps: [...expr.target.steps, ...expr.steps],
    })
  }
  const [step, ...rest] = expr.steps
  const item = step === undefined ? undefined : itemAt(expr.target, step)
  if (item === undefined || item.type !== 'dynamic') return expr
  return rest.length === 0 ? item : simplified({ ...expr, target: item, steps: rest })
}

function stepOf(value: ScalarValue): string | number | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : undefined
}

function itemAt(target: Expr, step: string | number): Expr | undefined {
  if (isCall(target, 'pack_array') && typeof step === 'number') return target.arguments.at(step)
  if (!isCall(target, 'bag_pack')) return undefined
  const at = target.arguments.findIndex(
    (argument, index) => index % 2 === 0 && argument.kind === 'literal' && argument.value === step,
  )
  return at < 0 ? undefined : target.arguments[at + 1]
}
