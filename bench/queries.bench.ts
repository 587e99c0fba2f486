import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { filePath, generatedData } from './data.ts'
import { DEFAULT_END } from './generator/export.ts'
import {
  describeEnvironment,
  formatTable,
  here,
  requireBuild,
  type Summary,
  saveJson,
} from './measure.ts'
import { profileOf } from './profile.ts'
import {
  assertSameRows,
  availableEngines,
  coldLines,
  type EngineName,
  emptyPrograms,
  interleave,
  kqlabOptions,
  type Program,
  ratio,
  readingProgram,
  rowsOf,
  timesReading,
  titleOf,
} from './programs.ts'
import { type BenchQuery, benchQueries } from './queries.ts'

const usage = `Times five queries that no selective text makes cheap in kqlab and in DuckDB, cold: summarize,
dcount, make_set, anti-joins, mv-expand, parse.

  node queries.bench.ts [options]

  --audit, --signins   size of each generated file (50MB and 150MB)
  --seed               seed of the generated files (1)
  --data, --now        a folder with both NDJSON files instead, and the time that is now for them
  --engines            which to run (kqlab,duckdb)
  --queries            which, by the names of the files of queries/ (all)
  --runs               runs of each, at least 5 for a figure worth quoting (7)
  --threads            threads of DuckDB and of kqlab (2)
  --without            techniques of kqlab to switch off, separated by commas
  --profile            instead of times, the functions of kqlab that take most: so many of each query
  --json               a file to write the figures to`

const { values } = parseArgs({
  options: {
    audit: { type: 'string', default: '50MB' },
    signins: { type: 'string', default: '150MB' },
    seed: { type: 'string', default: '1' },
    data: { type: 'string' },
    now: { type: 'string', default: DEFAULT_END },
    engines: { type: 'string', default: 'kqlab,duckdb' },
    queries: { type: 'string', default: '' },
    runs: { type: 'string', default: '7' },
    threads: { type: 'string', default: '2' },
    without: { type: 'string' },
    profile: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

interface QueryFigures {
  readonly query: string
  readonly rows: number
  readonly bytes: number
  readonly cold: Readonly<Record<string, Summary>>
}

const { now } = values

if (values.help) console.log(usage)
else await main()

async function main(): Promise<void> {
  const data =
    values.data === undefined ? generatedData({ ...values, end: now }) : resolve(values.data)
  const wanted = values.queries.split(',').filter(name => name !== '')
  const queries = benchQueries().filter(({ key }) => wanted.length === 0 || wanted.includes(key))
  console.log(`${describeEnvironment()}\n${data}\n`)
  if (values.profile === undefined) await compare(queries, data)
  else await profile(queries, data, Number(values.profile))
}

async function profile(queries: readonly BenchQuery[], data: string, count: number): Promise<void> {
  requireBuild()
  for (const query of queries) {
    console.log(`${query.key}: ${query.title}`)
    console.log(`${await profileOf(argsOf('kqlab', query, data), count)}\n`)
  }
}

async function compare(queries: readonly BenchQuery[], data: string): Promise<void> {
  const engines = availableEngines(values.engines.split(','))
  const figures: QueryFigures[] = []
  for (const query of queries) {
    const measured = await measure(query, engines, data)
    figures.push(measured)
    console.log(report(query, measured))
  }
  console.log(summary(figures))
  saveJson(values.json, { data, now, threads: values.threads, queries: figures })
}

function argsOf(engine: EngineName, query: BenchQuery, data: string): readonly string[] {
  const tables = query.tables.flatMap(name => ['--table', `${name}=${filePath(data, name)}`])
  if (engine === 'kqlab') {
    const options = [...tables, '--now', now, ...kqlabOptions(values)]
    return [here('kqlab.mjs'), '--query', query.path, ...options]
  }
  const options = ['--data', data, '--now', now, '--threads', values.threads]
  return [here('duckdb.mjs'), '--rule', query.key, ...options]
}

/** Asserts that all engines give the same rows, then times them in turn. */
async function measure(
  query: BenchQuery,
  engines: readonly EngineName[],
  data: string,
): Promise<QueryFigures> {
  const programs: readonly Program[] = engines.map(engine => ({
    name: engine,
    args: argsOf(engine, query, data),
  }))
  const given = await Promise.all(
    programs.map(async program => ({ name: program.name, rows: await rowsOf(program) })),
  )
  const [expected, ...others] = given
  if (!expected || expected.rows.length === 0) {
    throw new Error(`${query.key} finds nothing in so few rows: choose larger files`)
  }
  for (const actual of others) assertSameRows(expected, actual)

  const paths = query.tables.map(name => filePath(data, name))
  const cold = await interleave(
    [...programs, ...emptyPrograms(engines, now), readingProgram(paths)],
    Number(values.runs),
  )
  const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0)
  return { query: query.key, rows: expected.rows.length, bytes, cold }
}

function report({ key, title }: BenchQuery, { rows, bytes, cold }: QueryFigures): string {
  const head = `${key}: ${title}\n${rows} equal rows of ${(bytes / 1e6).toFixed(0)} MB`
  return `${head}\n${formatTable(coldLines(cold, name => titleOf(name, values.threads)))}\n`
}

function summary(figures: readonly QueryFigures[]): string {
  const lines = figures.map(({ query, cold }) => [
    query,
    ratio(cold['duckdb'], cold['kqlab']),
    timesReading(cold, cold['kqlab'], 'kqlab'),
    timesReading(cold, cold['duckdb'], 'duckdb'),
  ])
  return formatTable([['', 'DuckDB ÷ kqlab', 'kqlab × reading', 'DuckDB × reading'], ...lines])
}
