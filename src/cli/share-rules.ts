/** A rule to be given to a worker: the tables that it reads. */
export interface SharedRule {
  readonly tables: readonly string[]
}

/** What the runs of a rule cost, as a part of what it costs to read its tables: measured, roughly. */
const RUNS = 0.02
/** What a rule costs at least, in bytes read. */
const RULE = 100_000
const ROUNDS = 40

/**
 * Shares rules out among workers, each of which reads the tables of its rules: the positions of the rules
 * of each. Rules over the same tables stay together where that is as fast. `bytes`: the sizes of tables.
 */
export function shareRules(
  rules: readonly SharedRule[],
  bytes: ReadonlyMap<string, number>,
  workers: number,
): readonly (readonly number[])[] {
  const keys = rules.map(({ tables }) => [...tables].sort().join('\n'))
  const order = [...rules.keys()].sort(
    (a, b) => compare(keys[a] as string, keys[b] as string) || a - b,
  )
  const ordered = order.map(position => ({ position, ...(rules[position] as SharedRule) }))
  const costOf = ({ tables }: SharedRule) =>
    RULE + RUNS * tables.reduce((sum, table) => sum + (bytes.get(table) ?? 0), 0)
  const packed = (most: number) => packing(ordered, bytes, costOf, most)
  let low = 0
  let high = packed(Number.POSITIVE_INFINITY).cost
  for (let round = 0; round < ROUNDS; round++) {
    const middle = (low + high) / 2
    if (packed(middle).shares.length <= workers) high = middle
    else low = middle
  }
  return packed(high).shares.map(share =>
    share.map(({ position }) => position).sort((a, b) => a - b),
  )
}

interface Packing<R> {
  readonly shares: readonly (readonly R[])[]
  /** That of the dearest share. */
  readonly cost: number
}

/** Fills shares in order, each with as much as costs no more than `most`; with one rule at least. */
function packing<R extends SharedRule>(
  rules: readonly R[],
  bytes: ReadonlyMap<string, number>,
  costOf: (rule: R) => number,
  most: number,
): Packing<R> {
  const shares: R[][] = []
  let read = new Set<string>()
  let cost = 0
  let dearest = 0
  for (const rule of rules) {
    const added = rule.tables.filter(table => !read.has(table))
    const reading = added.reduce((sum, table) => sum + (bytes.get(table) ?? 0), 0)
    const share = shares.at(-1)
    if (share !== undefined && cost + reading + costOf(rule) <= most) {
      share.push(rule)
      cost += reading + costOf(rule)
    } else {
      shares.push([rule])
      read = new Set()
      cost = costOf(rule) + rule.tables.reduce((sum, table) => sum + (bytes.get(table) ?? 0), 0)
    }
    for (const table of rule.tables) read.add(table)
    dearest = Math.max(dearest, cost)
  }
  return { shares, cost: dearest }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
