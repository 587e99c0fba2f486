// Compile times over public queries, beside those of Microsoft's analyzer in the same process.
import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { analyze } from '../test/oracle/analyzer.ts'
import { tablesNamed } from '../test/oracle/verdict.ts'
import { describeEnvironment, formatMs, formatTable, here, requireBuild } from './measure.ts'

const usage = `Times the compilation of each query of ../shared/corpus, warm, in kqlab with the schemas
of all its tables and in Microsoft's analyzer with those that the query names.

  node corpus.bench.ts [--sample 300]   how many of the queries the analyzer is timed with`

const { values } = parseArgs({
  options: {
    sample: { type: 'string', default: '300' },
    help: { type: 'boolean', default: false },
  },
})

interface CorpusQuery {
  readonly query: string
  readonly errors: readonly string[]
}

const CORPUS = here('../../shared/corpus/dev.jsonl')
const SCHEMAS = here('../../shared/schemas/all-tables.json')

if (values.help) console.log(usage)
else if (existsSync(CORPUS)) await main()
else console.log('skipped: ../shared/corpus is absent')

async function main(): Promise<void> {
  requireBuild()
  const library = new URL('../dist/index.js', import.meta.url).href
  const { prepare, Catalog, KqlError } = (await import(library)) as typeof import('../src/index.ts')
  const catalog = Catalog.empty().with(JSON.parse(readFileSync(SCHEMAS, 'utf8')))
  const queries = readFileSync(CORPUS, 'utf8')
    .split('\n')
    .flatMap(line => (line === '' ? [] : [JSON.parse(line) as CorpusQuery]))
    .filter(({ errors }) => errors.length === 0)
    .map(({ query }) => query)

  const compiles = (query: string): boolean => {
    try {
      prepare(query, { catalog })
      return true
    } catch (error) {
      // What is not supported is not timed: it is counted in the head of the table.
      if (error instanceof KqlError) return false
      throw error
    }
  }
  const compiled = queries.filter(compiles)
  const ours = timesOf(compiled, query => prepare(query, { catalog }))

  const step = Math.max(1, Math.floor(compiled.length / Number(values.sample)))
  // A query over all tables would take the analyzer minutes.
  const sample = compiled
    .filter((_, index) => index % step === 0)
    .filter(query => !/\b(search|find)\b|\*/.test(query))
    .map(query => ({ query, tables: tablesNamed(query, catalog) }))
  const theirs = timesOf(sample, ({ query, tables }) => analyze(query, tables))
  const sampled = timesOf(sample, ({ query }) => prepare(query, { catalog }))

  const row = (name: string, times: readonly number[]): string[] => [
    name,
    String(times.length),
    ...[0.5, 0.9, 0.99, 1].map(share => formatMs(quantile(times, share))),
  ]
  console.log(`${describeEnvironment()}; ${compiled.length} of ${queries.length} queries compile\n`)
  console.log(
    formatTable([
      ['', 'queries', 'median', '90 %', '99 %', 'max'],
      row('kqlab, all queries', ours),
      row('kqlab, the sample', sampled),
      row('the analyzer, the sample', theirs),
    ]),
  )
}

/** For each item the least of three runs, after one that warms up, in milliseconds, sorted. */
function timesOf<T>(items: readonly T[], run: (item: T) => unknown): number[] {
  for (const item of items) run(item)
  const times = items.map(item => {
    const runs = [0, 1, 2].map(() => {
      const start = performance.now()
      run(item)
      return performance.now() - start
    })
    return Math.min(...runs)
  })
  return times.sort((a, b) => a - b)
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
