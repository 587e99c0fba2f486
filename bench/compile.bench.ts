import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
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
import { type PublishedRule, publishedRules } from './published-rules.ts'

const usage = `Times the compilation of the published rules, small runs of them, and the start of the CLI.

  node compile.bench.ts [--runs 400] [--starts 15] [--json <file>]`

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '400' },
    starts: { type: 'string', default: '15' },
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

    const tables = fixture(rule)
    const now = newest(tables)
    const compileAndRun = async (): Promise<number> => {
      const result = await prepare(rule.query).run({ tables, now })
      return result.rows().length
    }
    const rows = Object.entries(tables).map(([name, list]) => `${list.length} ${name}`)
    const found = await compileAndRun()
    record(
      `${rule.key}: compile and run, warm (${rows.join(', ')}; finds ${found})`,
      await time(runs, compileAndRun),
    )
  }

  const cli = here('../bin/kqlab.js')
  record("kqlab query 'print 1', from process start", await timeProcess([cli, 'query', 'print 1']))
  record('node -e 0, for comparison', await timeProcess(['-e', '0']))

  console.log(`${describeEnvironment()}; the library's import took ${formatMs(importMs)}\n`)
  const lines = measured.map(({ what, times }) => [
    what,
    ...[times.median, times.min, times.max].map(formatMs),
    String(times.samples.length),
  ])
  console.log(formatTable([['', 'median', 'min', 'max', 'runs'], ...lines]))
  if (values.json !== undefined) {
    writeFileSync(
      values.json,
      `${JSON.stringify({ environment: environment(), importMs, measured }, null, 2)}\n`,
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

async function timeProcess(args: readonly string[]): Promise<Summary> {
  const samples: number[] = []
  for (let k = 0; k < Number(values.starts); k++) samples.push((await runScript(args)).ms)
  return summarize(samples)
}

/** The first rows of each Log Analytics fixture of the rule, as objects. */
function fixture(rule: PublishedRule): Tables {
  const folder = here(`../rules/${rule.slug}/fixtures/log-analytics`)
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
