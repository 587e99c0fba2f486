import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { generatedData } from './data.ts'
import { DEFAULT_END } from './generator/export.ts'
import {
  describeEnvironment,
  environment,
  formatMs,
  formatTable,
  here,
  requireBuild,
  type Summary,
  saveJson,
} from './measure.ts'
import { assertSameRows, interleave, kqlabOptions, type Program, rowsOf } from './programs.ts'
import { type PublishedRule, publishedRules } from './published-rules.ts'

const usage = `Ingests generated logs, and times the published rules over the result: kqlab over the logs,
kqlab over the ingested files, and DuckDB over the very same files, each from start to exit.

  node ingest.bench.ts [options]

  --audit, --signins   size of each generated file (500MB and 1.5GB)
  --seed               seed of the generated files (1)
  --data, --now        a folder with both NDJSON files instead, and the time that is now for them
  --runs               runs of each (7)
  --threads            threads of DuckDB and of kqlab (2)
  --json               a file to write the figures to`

const { values } = parseArgs({
  options: {
    audit: { type: 'string', default: '500MB' },
    signins: { type: 'string', default: '1.5GB' },
    seed: { type: 'string', default: '1' },
    data: { type: 'string' },
    now: { type: 'string', default: DEFAULT_END },
    runs: { type: 'string', default: '7' },
    threads: { type: 'string', default: '2' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

type Figures = Readonly<Record<string, Summary>>

const LOGS = 'kqlab, NDJSON'
const INGESTED = 'kqlab, ingested'
const DUCKDB = `DuckDB, ${values.threads} threads`

interface IngestFigures {
  readonly seconds: number
  readonly bytesIn: number
  readonly bytesOut: number
}

interface RuleFigures {
  readonly rule: string
  readonly rows: number
  readonly figures: Figures
}

if (values.help) console.log(usage)
else await main()

async function main(): Promise<void> {
  requireBuild()
  const data =
    values.data === undefined ? generatedData({ ...values, end: values.now }) : resolve(values.data)
  const hasDuckDb = existsSync(here('node_modules/@duckdb/node-api'))
  if (!hasDuckDb) console.log('DuckDB is skipped: run `npm ci` in this folder to install it.\n')
  const setting = { ...environment(), data, now: values.now, duckdb: hasDuckDb && duckDbVersion() }
  console.log(`${describeEnvironment()}, DuckDB ${setting.duckdb || 'absent'}\n${data}\n`)
  const scratch = mkdtempSync(join(tmpdir(), 'kqlab-bench-ingest-'))
  try {
    const ingested = join(scratch, 'ingested')
    const ingest = ingestInto(ingested, data)
    console.log(
      `ingested in ${ingest.seconds.toFixed(1)} s: ${megabytes(ingest.bytesIn)} to ` +
        `${megabytes(ingest.bytesOut)}\n`,
    )
    const rules: RuleFigures[] = []
    for (const rule of publishedRules()) {
      const query = join(scratch, `${rule.key}.kql`)
      writeFileSync(query, rule.query)
      const measured = await measure(rule, contenders(rule, data, ingested, query, hasDuckDb))
      rules.push(measured)
      console.log(report(measured))
    }
    saveJson(values.json, { ...setting, ingest, rules })
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

function duckDbVersion(): string {
  const text = readFileSync(here('node_modules/@duckdb/node-api/package.json'), 'utf8')
  const { version } = JSON.parse(text) as { version: string }
  return version
}

function ingestInto(folder: string, data: string): IngestFigures {
  const args = [here('../bin/kqlab.js'), 'ingest', data, '-o', folder, '--format', 'json']
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, '--no-config'])
  if (status !== 0) throw new Error(`kqlab ingest ended with ${status}:\n${stderr}`)
  const { seconds, tables } = JSON.parse(stdout.toString()) as {
    seconds: number
    tables: readonly { readonly bytesIn: number; readonly bytesOut: number }[]
  }
  const sum = (key: 'bytesIn' | 'bytesOut') =>
    tables.reduce((total, table) => total + table[key], 0)
  return { seconds, bytesIn: sum('bytesIn'), bytesOut: sum('bytesOut') }
}

function contenders(
  rule: PublishedRule,
  data: string,
  ingested: string,
  query: string,
  hasDuckDb: boolean,
): readonly Program[] {
  const { now, threads } = values
  const kqlab = (folder: string, extension: string) => [
    here('kqlab.mjs'),
    ...['--query', query, '--now', now, ...kqlabOptions({ threads })],
    ...rule.tables.flatMap(name => ['--table', `${name}=${join(folder, name)}.${extension}`]),
  ]
  const duckdb = ['--rule', rule.key, '--data', ingested, '--now', now, '--threads', threads]
  // DuckDB is given one file a table, which it has where the logs are in order.
  const whole = rule.tables.every(name => !existsSync(join(ingested, `${name}.2.parquet`)))
  return [
    { name: LOGS, args: kqlab(data, 'ndjson') },
    { name: INGESTED, args: kqlab(ingested, 'parquet') },
    ...(hasDuckDb && whole
      ? [{ name: DUCKDB, args: [here('duckdb-parquet.mjs'), ...duckdb] }]
      : []),
  ]
}

/** Asserts that all programs give the same rows, then times them in turn. */
async function measure(rule: PublishedRule, programs: readonly Program[]): Promise<RuleFigures> {
  const [first, ...others] = programs
  if (first === undefined) throw new RangeError('no programs')
  const rows = await rowsOf(first)
  if (rows.length === 0) throw new Error(`${rule.name} finds nothing`)
  for (const program of others) {
    assertSameRows({ name: first.name, rows }, { name: program.name, rows: await rowsOf(program) })
  }
  const figures = await interleave(programs, Number(values.runs))
  return { rule: rule.name, rows: rows.length, figures }
}

function report({ rule, rows, figures }: RuleFigures): string {
  const lines = [['', 'median', 'min', 'max', 'it ÷ ingested']]
  for (const name of [LOGS, INGESTED, DUCKDB]) {
    const own = figures[name]
    const ingested = figures[INGESTED]
    if (own === undefined || ingested === undefined) continue
    lines.push([
      name,
      formatMs(own.median),
      formatMs(own.min),
      formatMs(own.max),
      `${(own.median / ingested.median).toFixed(2)}×`,
    ])
  }
  return `${rule}: ${rows} equal rows\n${formatTable(lines)}\n`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}
