import { literal } from '../../engine/plan/expression.ts'
import type { Expr } from '../../engine/plan/nodes.ts'
import type { ScalarValue } from '../../tables/vector.ts'
import type { Need, SourceRow } from './cells.ts'
import { type Constraint, isSame } from './constraints.ts'
import type { Group, SymbolicRow } from './rows.ts'
import type { SymbolicPlan } from './symbolic.ts'

/** Rows of a group that are looked for one by one, and copies of rows that are made. */
const MOST_MEMBERS = 400
const MOST_COPIES = 20_000
/** Groups that are looked at. */
const MOST_GROUPS = 1000

/** A need of which part is still missing. */
interface Want extends Need {
  left: number
  readonly seen: ScalarValue[]
}

/** Gives groups the rows and the different values that were found to be needed. */
export class GroupGrowth {
  /** How many more of a row there are. */
  readonly copies = new Map<SourceRow, number>()
  /** Rows that were given up. */
  readonly dropped = new Set<SourceRow>()
  readonly #symbolic: SymbolicPlan
  #salt = 0
  /** How many of the groups were grown. */
  #grown = 0

  constructor(symbolic: SymbolicPlan) {
    this.#symbolic = symbolic
  }

  /** Grows all groups, those that come up on the way too; false where one cannot be. */
  grow(): boolean {
    const { groups } = this.#symbolic
    while (this.#grown < groups.length && this.#grown < MOST_GROUPS) {
      const group = groups[this.#grown++]
      if (group !== undefined && !this.#grow(group)) return false
    }
    return true
  }

  #grow(group: Group): boolean {
    const wants = group.needs.flatMap(need => this.#want(need))
    if (wants.length === 0) return true
    const members = [group.first]
    this.#improve(group.first, wants)
    for (const want of wants) this.#count(want, group.first)
    while (wants.some(({ left }) => left > 0)) {
      if (this.#copied(wants, members)) continue
      if (members.length >= MOST_MEMBERS) return this.#tooMany(group, wants)
      const member = this.#member(group, members, wants)
      if (member === undefined) return false
      members.push(member)
    }
    return true
  }

  /** Lets the row that is there meet what is asked of rows, where its values are still open. */
  #improve(first: SymbolicRow, wants: readonly Want[]): void {
    const { problem } = this.#symbolic
    const { mark } = problem
    if (this.#serve(wants, first) && !problem.solve()) problem.back(mark)
  }

  #tooMany({ needs }: Group, wants: readonly Want[]): false {
    const most = Math.max(...wants.map(({ left }) => left)) + MOST_MEMBERS
    const span = needs[0]?.size.span ?? { start: 0, end: 0 }
    this.#symbolic.problem.conflict = { span, reason: `a group would need ${most} different rows` }
    return false
  }

  #want(need: Need): Want[] {
    const size = this.#symbolic.problem.reduce(need.size)
    if (size.kind !== 'literal' || size.value === null) return []
    return [{ ...need, left: Number(size.value), seen: [] }]
  }

  /** Takes off what a row contributes. */
  #count(want: Want, row: SymbolicRow): void {
    const { problem } = this.#symbolic
    const within = (expr: Expr) => problem.valueOf(this.#symbolic.within(expr, row))
    if (want.condition !== undefined && within(want.condition) !== true) return
    if (want.distinct !== undefined) {
      const value = within(want.distinct)
      if (want.seen.some(each => isSame(each, value))) return
      want.seen.push(value)
    }
    want.left--
  }

  /** Where nothing but more rows is missing, rows that are there are given once more. */
  #copied(wants: readonly Want[], members: readonly SymbolicRow[]): boolean {
    const open = wants.filter(({ left }) => left > 0)
    if (open.some(({ distinct }) => distinct !== undefined)) return false
    const row = members.findLast(member => open.every(want => this.#helps(want, member)))
    const more = Math.max(...open.map(({ left }) => left))
    if (row === undefined || !this.copy(row, more)) return false
    for (const want of open) want.left = 0
    return true
  }

  /** Gives a row so many more times; false where that makes no more of it. */
  copy({ sources }: SymbolicRow, times: number): boolean {
    if (sources === undefined || times > MOST_COPIES) return false
    for (const source of sources) this.copies.set(source, (this.copies.get(source) ?? 0) + times)
    return true
  }

  #helps({ condition }: Want, row: SymbolicRow): boolean {
    if (condition === undefined) return true
    return this.#symbolic.problem.valueOf(this.#symbolic.within(condition, row)) === true
  }

  /** One more row of the group, which meets as much of what is missing as it can. */
  #member(
    group: Group,
    members: readonly SymbolicRow[],
    wants: readonly Want[],
  ): SymbolicRow | undefined {
    const { problem, constraints, sourceRows } = this.#symbolic
    const from = sourceRows.length
    const { mark } = problem
    constraints.length = 0
    problem.vary(++this.#salt)
    const row = this.#symbolic.rowWithin(group.contexts, group.input)
    const isSound =
      problem.post(constraints) &&
      problem.post(this.#sameKeys(group, row)) &&
      problem.post(this.#otherGroups(members, row))
    const served = isSound && this.#serve(wants, row)
    if (!served || !problem.solve()) {
      problem.back(mark)
      for (const source of sourceRows.slice(from)) this.dropped.add(source)
      return undefined
    }
    for (const want of wants) this.#count(want, row)
    return row
  }

  #sameKeys({ keys, keyValues }: Group, row: SymbolicRow): Constraint[] {
    const { problem } = this.#symbolic
    return keys.map((key, index) => {
      const value = keyValues[index]
      const known = value === undefined ? null : problem.valueOf(value)
      const right = literal(key.type, known, key.span)
      return { kind: 'equal', left: this.#symbolic.within(key, row), right }
    })
  }

  /** Rows that are groups themselves have to be other groups. */
  #otherGroups(members: readonly SymbolicRow[], row: SymbolicRow): Constraint[] {
    const { problem } = this.#symbolic
    return row.groupKeys.flatMap((keys, at) =>
      members.map((member): Constraint => {
        const others = member.groupKeys[at] ?? []
        return {
          kind: 'any',
          options: keys.flatMap((key, index) => {
            const other = others[index]
            if (other === undefined) return []
            return [[{ kind: 'unseen', expr: key, seen: [problem.valueOf(other)] }]]
          }),
        }
      }),
    )
  }

  /** Whether the row could be made to meet one of the wants at least. */
  #serve(wants: readonly Want[], row: SymbolicRow): boolean {
    const { problem } = this.#symbolic
    let served = false
    for (const want of wants) {
      const asked = this.#asked(want, row)
      if (want.left > 0) served = problem.post(asked) || served
      else if (want.condition !== undefined) {
        const expr = this.#symbolic.within(want.condition, row)
        problem.post([{ kind: 'is', expr, truth: false }])
      }
    }
    return served
  }

  #asked({ condition, distinct, seen }: Want, row: SymbolicRow): Constraint[] {
    const asked: Constraint[] = []
    if (condition !== undefined) {
      asked.push({ kind: 'is', expr: this.#symbolic.within(condition, row), truth: true })
    }
    if (distinct !== undefined) {
      const expr = this.#symbolic.within(distinct, row)
      asked.push({ kind: 'unseen', expr, seen: [...seen] })
      // Empty values count for nothing in some aggregates.
      this.#symbolic.problem.touch(expr)
    }
    return asked
  }
}
