import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { TECHNIQUES } from '../src/tables/source.ts'
import { filePath, generatedData } from './data.ts'
import { DEFAULT_END } from './generator/export.ts'
import {
  describeEnvironment,
  formatTable,
  here,
  type Summary,
  saveJson,
  WarmProcess,
} from './measure.ts'
import {
  assertSameRows,
  availableEngines,
  coldLines,
  ENGINES,
  type EngineName,
  emptyPrograms,
  interleave,
  kqlabOptions,
  numbers,
  type Program,
  ratio,
  readingProgram,
  rowsOf,
  timesReading,
  titleOf,
} from './programs.ts'
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
  --threads            threads of DuckDB and of kqlab (2)
  --without            techniques of kqlab to switch off, separated by commas
  --ablation           also kqlab with each of --techniques off, and with all of them
  --techniques         which (all that kqlab knows); threads are one more
  --json               a file to write the figures to`

const { values } = parseArgs({
  options: {
    audit: { type: 'string', default: '50MB' },
    signins: { type: 'string', default: '150MB' },
    seed: { type: 'string', default: '1' },
    data: { type: 'string' },
    now: { type: 'string', default: DEFAULT_END },
    engines: { type: 'string', default: ENGINES.join() },
    rules: { type: 'string', default: 'pim,tap' },
    runs: { type: 'string', default: '7' },
    'warm-runs': { type: 'string', default: '21' },
    threads: { type: 'string', default: '2' },
    without: { type: 'string' },
    ablation: { type: 'boolean', default: false },
    techniques: { type: 'string', default: TECHNIQUES.join() },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

type Figures = Readonly<Record<string, Summary>>

interface RuleFigures {
  readonly rule: string
  readonly rows: number
  readonly bytes: number
  readonly cold: Figures
  readonly warm: Figures
  readonly ablation: Figures
}

const { now } = values

if (values.help) console.log(usage)
else await main()

async function main(): Promise<void> {
  const engines = availableEngines([...values.engines.split(','), 'naive'])
  const data =
    values.data === undefined ? generatedData({ ...values, end: now }) : resolve(values.data)
  const scratch = mkdtempSync(join(tmpdir(), 'kqlab-bench-query-'))
  console.log(`${describeEnvironment()}\n${data}\n`)

  const figures: RuleFigures[] = []
  try {
    const wanted = values.rules.split(',')
    for (const rule of publishedRules().filter(({ key }) => wanted.includes(key))) {
      const query = join(scratch, `${rule.key}.kql`)
      writeFileSync(query, rule.query)
      const measured = await measure(rule, data, programs(rule, engines, data, query))
      figures.push(measured)
      console.log(report(measured))
    }
  } finally {
    rmSync(scratch, { recursive: true })
  }
  saveJson(values.json, { data, now, threads: values.threads, rules: figures })
}

function programs(
  rule: PublishedRule,
  engines: readonly EngineName[],
  data: string,
  query: string,
): readonly Program[] {
  const common = ['--rule', rule.key, '--data', data, '--now', now]
  const tables = rule.tables.flatMap(name => ['--table', `${name}=${filePath(data, name)}`])
  const args: Record<EngineName, readonly string[]> = {
    kqlab: [here('kqlab.mjs'), '--query', query, ...tables, '--now', now, ...kqlabOptions(values)],
    naive: [here('naive.mjs'), ...common],
    duckdb: [here('duckdb.mjs'), ...common, '--threads', values.threads],
  }
  return engines.map(engine => ({ name: engine, args: args[engine] }))
}

/** Asserts that all programs give the same rows, cold and warm, then times them in turn. */
async function measure(
  rule: PublishedRule,
  data: string,
  contenders: readonly Program[],
): Promise<RuleFigures> {
  const naive = contenders.find(({ name }) => name === 'naive')
  if (!naive) throw new Error('the plain script is not among the programs')
  const expected = { name: 'naive', rows: await rowsOf(naive) }
  if (expected.rows.length === 0) throw new Error(`${rule.name} finds nothing in ${data}`)
  const ablated = values.ablation ? ablations(contenders) : []
  for (const program of [...contenders, ...ablated]) {
    assertSameRows(expected, { name: program.name, rows: await rowsOf(program) })
  }

  const paths = rule.tables.map(name => filePath(data, name))
  const engines = ENGINES.filter(engine => contenders.some(({ name }) => name === engine))
  const measured = await interleave(
    [...contenders, ...ablated, ...emptyPrograms(engines, now), readingProgram(paths)],
    Number(values.runs),
  )
  const isAblated = (name: string): boolean => ablated.some(program => program.name === name)
  const entries = Object.entries(measured)
  return {
    rule: rule.name,
    rows: expected.rows.length,
    bytes: paths.reduce((sum, path) => sum + statSync(path).size, 0),
    cold: Object.fromEntries(entries.filter(([name]) => !isAblated(name))),
    ablation: Object.fromEntries(entries.filter(([name]) => isAblated(name))),
    warm: await measureWarm(contenders, expected),
  }
}

/** kqlab with each technique off, without threads, and with nothing of all that. */
function ablations(contenders: readonly Program[]): readonly Program[] {
  const techniques = values.techniques.split(',')
  const [kqlab] = contenders.filter(({ name }) => name === 'kqlab')
  if (!kqlab) return []
  const variant = (name: string, options: Parameters<typeof kqlabOptions>[0]): Program => ({
    name: `kqlab without ${name}`,
    args: [...kqlab.args, ...kqlabOptions(options)],
  })
  return [
    ...techniques.map(technique => variant(technique, { without: technique })),
    variant('threads', { threads: '1' }),
    variant('all of them', { threads: '1', without: techniques.join() }),
  ]
}

async function measureWarm(
  contenders: readonly Program[],
  expected: Parameters<typeof assertSameRows>[0],
): Promise<Figures> {
  const runs = Number(values['warm-runs'])
  if (runs === 0) return {}
  const started = new Map<string, WarmProcess>()
  try {
    for (const { name, args } of contenders) {
      const process = await WarmProcess.start([...args, '--warm'])
      started.set(name, process)
      assertSameRows(expected, { name, rows: await process.rows() })
      // Compilers and caches settle before the runs that count.
      for (let k = 0; k < 5; k++) await process.run()
    }
    return await interleave(contenders, runs, ({ name }) => {
      const process = started.get(name)
      if (!process) throw new Error(`${name} was not started`)
      return process.run()
    })
  } finally {
    for (const process of started.values()) process.stop()
  }
}

function report({ rule, rows, bytes, cold, warm, ablation }: RuleFigures): string {
  const megabytes = (bytes / 1e6).toFixed(0)
  const tables = [coldLines(cold, title)]
  if (Object.keys(warm).length > 0) tables.push(warmLines(warm))
  if (Object.keys(ablation).length > 0) tables.push(ablationLines(cold, ablation))
  const head = `${rule}: ${rows} equal rows of ${megabytes} MB`
  return `${head}\n${tables.map(formatTable).join('\n\n')}\n`
}

function warmLines(warm: Figures): readonly (readonly string[])[] {
  const lines = Object.entries(warm).map(([name, own]) => [
    title(name),
    ...numbers(own),
    ratio(warm['naive'], own),
    ratio(warm['duckdb'], own),
  ])
  return [['warm', 'median', 'min', 'max', 'naive ÷ it', `${title('duckdb')} ÷ it`], ...lines]
}

function ablationLines(cold: Figures, ablation: Figures): readonly (readonly string[])[] {
  const lines = Object.entries(ablation).map(([name, own]) => [
    name,
    ...numbers(own),
    ratio(own, cold['kqlab']),
    timesReading(cold, own, 'kqlab'),
  ])
  return [['cold', 'median', 'min', 'max', 'it ÷ kqlab', '× reading'], ...lines]
}

function title(name: string): string {
  return titleOf(name, values.threads)
}
