import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { assertSame, type Contender, coldRows, generatedData, interleave } from './contest.ts'
import { DEFAULT_END } from './generator/export.ts'
import {
  describeEnvironment,
  environment,
  formatMs,
  formatTable,
  here,
  requireBuild,
  runScript,
  type Summary,
  WarmProcess,
} from './measure.ts'
import { type PublishedRule, publishedRules } from './published-rules.ts'

const usage = `Times the two published rules in kqlab, a plain Node script, and DuckDB.

  node rules.bench.ts [options]

  --audit, --signins   size of each generated file (50MB and 150MB)
  --seed               seed of the generated files (1)
  --data, --now        a folder with both NDJSON files instead, and the time that is now for them
  --engines            which to run, besides naive (kqlab,naive,duckdb)
  --rules              which rules (pim,tap)
  --runs               cold runs of each, at least 5 for a figure worth quoting (7)
  --warm-runs          warm runs of each (21); 0 leaves them out, as files of gigabytes do not fit
                       in a plain script's memory
  --threads            threads of DuckDB (2)
  --json               a file to write the figures to`

const { values } = parseArgs({
  options: {
    audit: { type: 'string', default: '50MB' },
    signins: { type: 'string', default: '150MB' },
    seed: { type: 'string', default: '1' },
    data: { type: 'string' },
    now: { type: 'string', default: DEFAULT_END },
    engines: { type: 'string', default: 'kqlab,naive,duckdb' },
    rules: { type: 'string', default: 'pim,tap' },
    runs: { type: 'string', default: '7' },
    'warm-runs': { type: 'string', default: '21' },
    threads: { type: 'string', default: '2' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

type EngineName = 'kqlab' | 'naive' | 'duckdb'
type Figures = Partial<Record<EngineName, Summary>>

interface RuleFigures {
  readonly rule: string
  readonly rows: number
  readonly bytes: number
  readonly cold: Figures
  readonly warm: Figures
}

const now = values.now
const ENGINES: readonly EngineName[] = ['kqlab', 'naive', 'duckdb']

if (values.help) console.log(usage)
else await main()

async function main(): Promise<void> {
  const engines = chosenEngines()
  const data = values.data === undefined ? generatedData(values) : resolve(values.data)
  const scratch = mkdtempSync(join(tmpdir(), 'kqlab-bench-query-'))
  const setting = { ...environment(), data, now, duckdbThreads: Number(values.threads) }
  console.log(`${describeEnvironment()}\n${data}\n`)

  const figures: RuleFigures[] = []
  try {
    const wanted = values.rules.split(',')
    for (const rule of publishedRules().filter(({ key }) => wanted.includes(key))) {
      const query = join(scratch, `${rule.key}.kql`)
      writeFileSync(query, rule.query)
      const measured = await measure(rule, data, contenders(rule, engines, data, query))
      figures.push(measured)
      console.log(report(rule, measured))
    }
  } finally {
    rmSync(scratch, { recursive: true })
  }
  if (values.json !== undefined) {
    writeFileSync(
      values.json,
      `${JSON.stringify({ environment: setting, rules: figures }, null, 2)}\n`,
    )
  }
}

/** The engines to run: naive always, DuckDB only where it is installed. */
function chosenEngines(): readonly EngineName[] {
  const wanted = values.engines.split(',')
  return ENGINES.filter(engine => {
    if (engine === 'naive') return true
    if (!wanted.includes(engine)) return false
    if (engine === 'kqlab') requireBuild()
    if (engine === 'duckdb' && !existsSync(here('node_modules/@duckdb/node-api'))) {
      console.log('DuckDB is skipped: run `npm ci` in this folder to install @duckdb/node-api.\n')
      return false
    }
    return true
  })
}

function contenders(
  rule: PublishedRule,
  engines: readonly EngineName[],
  data: string,
  query: string,
): readonly Contender<EngineName>[] {
  const common = ['--rule', rule.key, '--data', data, '--now', now]
  const tables = rule.tables.flatMap(name => ['--table', `${name}=${filePath(data, name)}`])
  const args: Record<EngineName, readonly string[]> = {
    kqlab: [here('kqlab.mjs'), '--query', query, ...tables, '--now', now],
    naive: [here('naive.mjs'), ...common],
    duckdb: [here('duckdb.mjs'), ...common, '--threads', values.threads],
  }
  return engines.map(engine => ({ engine, args: args[engine] }))
}

function filePath(data: string, table: string): string {
  return join(data, `${table}.ndjson`)
}

/** Asserts that all programs give the same rows, cold and warm, then times them in turn. */
async function measure(
  rule: PublishedRule,
  data: string,
  programs: readonly Contender<EngineName>[],
): Promise<RuleFigures> {
  const expected = await coldRows(programs.find(({ engine }) => engine === 'naive'))
  if (expected.length === 0) throw new Error(`${rule.name} finds nothing in ${data}`)
  for (const program of programs) assertSame(program.engine, expected, await coldRows(program))

  const cold = await interleave(programs, Number(values.runs), async ({ args }) => {
    const { ms } = await runScript(args)
    return ms
  })

  const bytes = rule.tables.reduce((sum, name) => sum + statSync(filePath(data, name)).size, 0)
  const measured = { rule: rule.name, rows: expected.length, bytes, cold }
  const warmRuns = Number(values['warm-runs'])
  if (warmRuns === 0) return { ...measured, warm: {} }

  const started = new Map<Contender<EngineName>, WarmProcess>()
  try {
    for (const program of programs) {
      const process = await WarmProcess.start([...program.args, '--warm'])
      started.set(program, process)
      assertSame(program.engine, expected, await process.rows())
      // Compilers and caches settle before the runs that count.
      for (let k = 0; k < 5; k++) await process.run()
    }
    const warm = await interleave(programs, warmRuns, program => {
      const process = started.get(program)
      if (!process) throw new Error(`${program.engine} was not started`)
      return process.run()
    })
    return { ...measured, warm }
  } finally {
    for (const process of started.values()) process.stop()
  }
}

function report(rule: PublishedRule, { rows, bytes, cold, warm }: RuleFigures): string {
  const lines = [['', 'median', 'min', 'max', 'naive ÷ it', 'DuckDB ÷ it']]
  for (const [kind, figures] of [
    ['cold', cold],
    ['warm', warm],
  ] as const) {
    const ratio = (other: Summary | undefined, own: Summary): string =>
      other ? `${(other.median / own.median).toFixed(2)}×` : '–'
    for (const engine of ENGINES) {
      const own = figures[engine]
      if (!own) continue
      lines.push([
        `${kind}  ${engine === 'duckdb' ? `DuckDB, ${values.threads} threads` : engine}`,
        formatMs(own.median),
        formatMs(own.min),
        formatMs(own.max),
        ratio(figures.naive, own),
        ratio(figures.duckdb, own),
      ])
    }
  }
  const megabytes = (bytes / 1e6).toFixed(0)
  return `${rule.name}: ${rows} equal rows of ${megabytes} MB\n${formatTable(lines)}\n`
}
