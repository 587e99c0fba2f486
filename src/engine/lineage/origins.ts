import type { Traced } from './traced.ts'

/** A row of a table; rows count from 1. */
export interface RowRef {
  readonly table: string
  readonly row: number
}

/** The rows of tables that a row of a node came from, the first `limit` of them. */
export function sourcesOf(node: Traced, row: number, limit: number): RowRef[] {
  const found: RowRef[] = []
  const known = new Set<string>()
  const visit = (at: Traced, position: number): void => {
    if (found.length >= limit) return
    if (at.seen !== undefined) {
      const { table, positions } = at.seen
      const ref = { table, row: (positions[position] as number) + 1 }
      const key = `${ref.table}\0${ref.row}`
      if (!known.has(key)) found.push(ref)
      known.add(key)
      return
    }
    at.inputs.forEach((input, index) => {
      for (const origin of at.links[index]?.inputsOf(position) ?? []) visit(input, origin)
    })
  }
  visit(node, row)
  return found
}

/**
 * For each row of a traced body the positions of the rows at hand that it came from; undefined where
 * that cannot be told.
 */
export function originsIn(body: Traced, id: number): readonly (readonly number[])[] | undefined {
  const known = new Map<Traced, readonly (readonly number[])[] | 'unknown'>()
  const of = (node: Traced): readonly (readonly number[])[] | 'unknown' => {
    const before = known.get(node)
    if (before !== undefined) return before
    const origins = compute(node)
    known.set(node, origins)
    return origins
  }
  const compute = (node: Traced): readonly (readonly number[])[] | 'unknown' => {
    const rows = Array.from({ length: node.rows.length }, (_, row) => row)
    if (node.plan.kind === 'context' && node.plan.id === id) return rows.map(row => [row])
    const sets = rows.map(() => new Set<number>())
    for (const [index, input] of node.inputs.entries()) {
      const origins = of(input)
      if (origins === 'unknown') return 'unknown'
      const links = node.links[index]
      // A side of a join that only decides about rows of the other gives none.
      if (links === undefined && node.plan.kind !== 'join') {
        if (origins.some(own => own.length > 0)) return 'unknown'
        continue
      }
      for (const row of rows) {
        for (const from of links?.inputsOf(row) ?? []) {
          for (const origin of origins[from] ?? []) sets[row]?.add(origin)
        }
      }
    }
    return sets.map(set => [...set])
  }
  const origins = of(body)
  return origins === 'unknown' ? undefined : origins
}
