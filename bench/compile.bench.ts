import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  describeEnvironment,
  environment,
  formatMs,
  formatTable,
  here,
  requireBuild,
  runScript,
  type Summary,
  summarize,
} from './measure.ts'
import { publishedRules } from './published-rules.ts'

const usage = `Times processes from their start to their end, one after the other in turns, and compiling and
running the published rules over a few rows.

  node compile.bench.ts [--runs 400] [--starts 20] [--json <file>]`

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '400' },
    starts: { type: 'string', default: '20' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

type Row = Record<string, unknown>
type Tables = Record<string, Row[]>

const WARM_UP = 200
const FIXTURE_ROWS = 20

if (values.help) console.log(usage)
else await main()

async function main(): Promise<void> {
  requireBuild()
  // By its built path and dynamically: what is timed is what is published, and the type check of
  // this folder needs no build.
  const started = performance.now()
  const library = new URL('../dist/index.js', import.meta.url).href
  const { prepare } = (await import(library)) as typeof import('../src/index.ts')
  const importMs = performance.now() - started

  const measured: { readonly what: string; readonly times: Summary }[] = []
  const record = (what: string, times: Summary): void => {
    measured.push({ what, times })
  }
  const runs = Number(values.runs)

  for (const rule of publishedRules()) {
    const first = performance.now()
    prepare(rule.query)
    record(`${rule.key}: first compile in the process`, summarize([performance.now() - first]))
    record(`${rule.key}: compile, warm`, await time(runs, () => prepare(rule.query)))

    const tables = fixture(rule.slug)
    const now = newest(tables)
    const compileAndRun = async (): Promise<number> => {
      const result = await prepare(rule.query).run({ tables, now })
      return result.rows().length
    }
    const rows = Object.entries(tables).map(([name, list]) => `${list.length} ${name}`)
    const over = `warm (${rows.join(', ')}; finds ${await compileAndRun()})`
    record(`${rule.key}: compile and run, ${over}`, await time(runs, compileAndRun))
    const prepared = prepare(rule.query)
    const run = async (): Promise<number> => (await prepared.run({ tables, now })).rows().length
    record(`${rule.key}: run what is compiled, ${over}`, await time(runs, run))
  }

  const starts = await timeStarts()
  console.log(`${describeEnvironment()}; the library's import took ${formatMs(importMs)}\n`)
  const lines = measured.map(({ what, times }) => [
    what,
    ...[times.median, times.min, times.max].map(formatMs),
    String(times.samples.length),
  ])
  console.log(formatTable([['', 'median', 'min', 'max', 'runs'], ...lines]))
  const empty = starts[0]?.times.median ?? Number.NaN
  const ratios = starts.map(({ what, times: { median, min } }) => [
    what,
    formatMs(median),
    formatMs(min),
    `${(median / empty).toFixed(2)} ×`,
  ])
  console.log(`\n${formatTable([['from start to end', 'median', 'min', ''], ...ratios])}`)
  if (values.json !== undefined) {
    writeFileSync(
      values.json,
      `${JSON.stringify({ environment: environment(), importMs, measured, starts }, null, 2)}\n`,
    )
  }
}

/** Times `runs` calls one by one, after calls that do not count. */
async function time(runs: number, run: () => unknown): Promise<Summary> {
  for (let k = 0; k < WARM_UP; k++) await run()
  const samples: number[] = []
  for (let k = 0; k < runs; k++) {
    const started = performance.now()
    await run()
    samples.push(performance.now() - started)
  }
  return summarize(samples)
}

interface Start {
  readonly what: string
  readonly times: Summary
}

/** Times processes in turns, so that what else the machine does bears on all of them; the first run of each does not count. */
async function timeStarts(): Promise<readonly Start[]> {
  const processes = startedProcesses()
  const samples = processes.map((): number[] => [])
  for (let round = 0; round <= Number(values.starts); round++) {
    for (const [index, { args }] of processes.entries()) {
      const { ms } = await runScript(args)
      if (round > 0) samples[index]?.push(ms)
    }
  }
  return processes.map(({ what }, index) => ({ what, times: summarize(samples[index] ?? []) }))
}

/** The empty process first; DuckDB where it is installed. */
function startedProcesses(): readonly {
  readonly what: string
  readonly args: readonly string[]
}[] {
  const cli = here('../bin/kqlab.js')
  const library = JSON.stringify(new URL('../dist/index.js', import.meta.url).href)
  const script = (text: string): string[] => ['--input-type=module', '-e', text]
  const ofRules = publishedRules().flatMap(({ key, slug, query, tables }) => {
    const folder = here(`../rules/${slug}/fixtures/log-analytics`)
    const now = newest(fixture(slug))
    const given = tables.map(name => [name, { path: join(folder, `${name}.ndjson`) }])
    const options = JSON.stringify({ tables: Object.fromEntries(given), now })
    const files = tables.flatMap(name => ['--table', `${name}=${join(folder, `${name}.ndjson`)}`])
    return [
      {
        what: `kqlab query: rule ${key} over a file`,
        args: [cli, 'query', query, ...files, '--now', now],
      },
      {
        what: `library: rule ${key} over a file`,
        args: script(
          `import { prepare } from ${library}
           console.log((await prepare(${JSON.stringify(query)}).run(${options})).rows().length)`,
        ),
      },
    ]
  })
  const duckdb = existsSync(here('node_modules/@duckdb/node-api'))
    ? [{ what: "DuckDB: 'select 1'", args: [here('duckdb-start.mjs')] }]
    : []
  return [
    { what: 'node -e 0', args: ['-e', '0'] },
    { what: "kqlab query 'print 1'", args: [cli, 'query', 'print 1'] },
    { what: 'library: import', args: script(`import ${library}`) },
    {
      what: "library: 'print 1'",
      args: script(
        `import { query } from ${library}
         console.log(String((await query('print 1')).rows()))`,
      ),
    },
    ...ofRules,
    ...duckdb,
  ]
}

/** The first rows of each Log Analytics fixture of a rule, as objects. */
function fixture(slug: string): Tables {
  const folder = here(`../rules/${slug}/fixtures/log-analytics`)
  const tables: Tables = {}
  for (const file of readdirSync(folder).filter(name => name.endsWith('.ndjson'))) {
    const lines = readFileSync(join(folder, file), 'utf8').split('\n')
    const filled = lines.filter(line => line.trim() !== '').slice(0, FIXTURE_ROWS)
    tables[basename(file, '.ndjson')] = filled.map(line => JSON.parse(line) as Row)
  }
  return tables
}

/** The newest `TimeGenerated`: texts of one width and zone, so the greatest. */
function newest(tables: Tables): string {
  const times = Object.values(tables).flatMap(rows => rows.map(row => row.TimeGenerated))
  const newestText = times
    .filter(time => typeof time === 'string')
    .sort()
    .at(-1)
  if (newestText === undefined) throw new Error('the fixture has no TimeGenerated')
  return newestText
}
