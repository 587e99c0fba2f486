import { UNSUPPORTED_OPERATORS } from '../lexer/keywords.ts'

const SUPPORTED_OPERATORS = [
  'as',
  'assert-schema',
  'consume',
  'count',
  'distinct',
  'evaluate',
  'extend',
  'facet by',
  'filter',
  'fork',
  'find',
  'getschema',
  'graph-mark-components',
  'graph-match',
  'graph-shortest-paths',
  'graph-to-table',
  'invoke',
  'join',
  'limit',
  'lookup',
  'make-graph',
  'make-series',
  'mv-apply',
  'mv-expand',
  'order by',
  'parse',
  'parse-kv',
  'parse-where',
  'partition by',
  'project',
  'project-away',
  'project-by-names',
  'project-keep',
  'project-rename',
  'project-reorder',
  'reduce by',
  'render',
  'sample',
  'sample-distinct',
  'scan',
  'search',
  'serialize',
  'sort by',
  'summarize',
  'take',
  'top',
  'top-hitters',
  'top-nested',
  'union',
  'where',
]

const ALL = [...SUPPORTED_OPERATORS, ...UNSUPPORTED_OPERATORS]

// What other query languages call it.
const FOREIGN: ReadonlyMap<string, string> = new Map([
  ['select', 'project'],
  ['head', 'take'],
  ['having', 'where'],
  ['group', 'summarize'],
  ['stats', 'summarize'],
  ['eval', 'extend'],
  ['fields', 'project'],
  ['table', 'project'],
  ['rename', 'project-rename'],
  ['dedup', 'distinct'],
  ['unique', 'distinct'],
  ['mvexpand', 'mv-expand'],
  ['expand', 'mv-expand'],
])

/** The operator that was probably meant by an unknown word; undefined when none is near. */
export function nearestOperator(word: string): string | undefined {
  const lower = word.toLowerCase()
  const foreign = FOREIGN.get(lower)
  if (foreign) return foreign
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(lower.length / 3)) + 1
  for (const name of ALL) {
    const distance = editDistance(lower, name.replace(' by', ''))
    if (distance < bestDistance) {
      best = name
      bestDistance = distance
    }
  }
  return best
}

/** How many insertions, deletions, replacements and swaps of neighbours lead from one to the other. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 4) return Number.POSITIVE_INFINITY
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let distance = Math.min(
        (previous[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + cost,
      )
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, (before[j - 2] ?? 0) + 1)
      }
      current.push(distance)
    }
    before = previous
    previous = current
  }
  return previous[b.length] ?? 0
}
