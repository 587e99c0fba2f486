import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseBytes } from './generator/bytes.ts'
import { DEFAULT_END } from './generator/export.ts'
import { formatTable, here, requireBuild } from './measure.ts'
import { publishedRules } from './published-rules.ts'

const usage = `Measures the memory of kqlab: of both published rules over inputs of several sizes, and of queries
whose rows or groups do not fit in the memory that the process is given.

  node memory.bench.ts [options]

  --sizes     sizes of the generated input, a quarter of it AuditLogs (0.1GB,1GB,4GB); 8GB needs as
              much space on the disk
  --memory    the bound of each process (300MB)
  --rows      rows of the queries that do not fit, in millions (5)
  --seed      seed of the generated files (1)
  --json      a file to write the figures to`

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '0.1GB,1GB,4GB' },
    memory: { type: 'string', default: '300MB' },
    rows: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

/** What one process took. */
interface Figures {
  readonly what: string
  readonly megabytes: number
  /** Resident memory at most, in MB. */
  readonly memory: number
  readonly seconds: number
  readonly end: string
}

const REPORT = `data:text/javascript,process.on('exit',()=>process.stderr.write(
'\\nmaxRSS '+process.resourceUsage().maxRSS+' '+process.uptime()))`

if (values.help) console.log(usage)
else main()

function main(): void {
  requireBuild()
  const scratch = mkdtempSync(join(tmpdir(), 'kqlab-bench-memory-'))
  try {
    const rules = values.sizes.split(',').flatMap(size => rulesOver(parseBytes(size), scratch))
    print('Published rules', rules)
    for (const { slug } of publishedRules()) printFit(rules, slug)
    const queries = unfittingQueries().map(([what, text]) => {
      return kqlab(what, 0, ['query', text, '--memory', values.memory, '--format', 'csv'])
    })
    print(`Queries in ${values.memory}`, queries)
    if (values.json !== undefined) {
      writeFileSync(values.json, `${JSON.stringify({ rules, queries }, null, 2)}\n`)
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Both rules over generated files of that size, which are removed again. */
function rulesOver(bytes: number, scratch: string): Figures[] {
  const folder = mkdtempSync(join(scratch, 'data-'))
  const [audit, signins] = [Math.round(bytes / 4), Math.round((bytes * 3) / 4)]
  const sizes = ['--audit', `${audit}B`, '--signins', `${signins}B`, '--seed', values.seed]
  const made = spawnSync(process.execPath, [here('generate.ts'), ...sizes, '--out', folder])
  if (made.status !== 0) throw new Error(String(made.stderr))
  const tables = ['AuditLogs', 'AADNonInteractiveUserSignInLogs'].map(table => ({
    table,
    path: join(folder, `${table}.ndjson`),
  }))
  const figures = publishedRules().map(({ slug, tables: read }) => {
    const own = tables.filter(({ table }) => read.includes(table))
    const size = own.reduce((sum, { path }) => sum + statSync(path).size, 0)
    const data = own.flatMap(({ table, path }) => ['--table', `${table}=${path}`])
    const rule = here(`../rules/${slug}/${slug}.yaml`)
    const limits = ['--memory', values.memory, '--now', DEFAULT_END]
    return kqlab(slug, size / 1e6, ['run', rule, ...data, ...limits])
  })
  rmSync(folder, { recursive: true })
  return figures
}

/** Queries with more rows or groups than fit, and what is asked of them. */
function unfittingQueries(): readonly (readonly [string, string])[] {
  const rows = `range x from 1 to ${Math.round(Number(values.rows) * 1e6)} step 1`
  const named = `${rows} | extend user = strcat('user-', hash(x), '@example.com')`
  return [
    ['sort', `${named} | sort by user asc | summarize count(), take_any(user)`],
    ['summarize', `${named} | summarize n = count(), latest = max(x) by user | summarize sum(n)`],
    ['join', `${named} | join kind=inner (${named} | project user, y = x) on user | count`],
    ['serialize (error)', `${named} | serialize n = row_number() | summarize max(n), max(user)`],
  ]
}

function kqlab(what: string, megabytes: number, args: readonly string[]): Figures {
  const command = ['--import', REPORT, here('../bin/kqlab.js'), ...args]
  const { stderr, status } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  const [, memory, seconds] = /maxRSS (\d+) ([\d.]+)/.exec(stderr) ?? []
  if (memory === undefined) throw new Error(`${what} did not end by itself:\n${stderr}`)
  const end = status === 0 ? 'rows' : (/KQL\d+[^\n]*/.exec(stderr)?.[0] ?? `exit code ${status}`)
  return { what, megabytes, memory: Number(memory) / 1024, seconds: Number(seconds), end }
}

function print(title: string, figures: readonly Figures[]): void {
  console.log(`\n${title}\n`)
  const rows = figures.map(({ what, megabytes, memory, seconds, end }) => [
    what,
    megabytes === 0 ? '' : `${megabytes.toFixed(0)} MB`,
    `${memory.toFixed(0)} MB`,
    `${seconds.toFixed(1)} s`,
    end,
  ])
  console.log(formatTable([['', 'input', 'memory', 'time', 'end'], ...rows]))
}

/** Prints the line through the times and the memory of a rule, by the size of its input. */
function printFit(figures: readonly Figures[], what: string): void {
  const own = figures.filter(each => each.what === what)
  if (own.length < 3) return
  const sizes = own.map(({ megabytes }) => megabytes / 1000)
  const time = fit(
    sizes,
    own.map(({ seconds }) => seconds),
  )
  const memory = fit(
    sizes,
    own.map(each => each.memory),
  )
  console.log(
    `${what}: ${time.slope.toFixed(2)} s a GB (R² ${time.r2.toFixed(3)}), ` +
      `${memory.slope.toFixed(1)} MB of memory a GB (R² ${memory.r2.toFixed(3)})`,
  )
}

/** The least squares line of y over x, and how much of the variance it explains. */
function fit(x: readonly number[], y: readonly number[]): { slope: number; r2: number } {
  const mean = (of: readonly number[]): number => of.reduce((sum, v) => sum + v, 0) / of.length
  const [meanX, meanY] = [mean(x), mean(y)]
  const dot = (a: readonly number[], ma: number, b: readonly number[], mb: number): number =>
    a.reduce((sum, value, at) => sum + (value - ma) * ((b[at] ?? 0) - mb), 0)
  const [xx, xy, yy] = [dot(x, meanX, x, meanX), dot(x, meanX, y, meanY), dot(y, meanY, y, meanY)]
  return { slope: xy / xx, r2: yy === 0 ? 1 : xy ** 2 / (xx * yy) }
}
