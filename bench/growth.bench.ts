import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { dataOfSize, filePath } from './data.ts'
import { parseBytes } from './generator/bytes.ts'
import { DEFAULT_END } from './generator/export.ts'
import { writeRules } from './generator/many-rules.ts'
import { variedQuery } from './generator/varied-rules.ts'
import {
  describeEnvironment,
  fitLine,
  formatTable,
  here,
  type Line,
  type Summary,
  saveJson,
} from './measure.ts'
import {
  assertSameRows,
  availableEngines,
  type EngineName,
  interleave,
  type Program,
  readingProgram,
  rowsOf,
} from './programs.ts'
import { publishedRules } from './published-rules.ts'
import { benchQueries } from './queries.ts'

const usage = `How times grow with the bytes, the rules and the threads, each from process start to end.

  node growth.bench.ts [options]

  --sizes              bytes of both files together (100MB,1GB,4GB)
  --rules              how many rules one pass of kqlab run has (1,10,100)
  --threads            threads of kqlab and of DuckDB, the first one included (1,2,3)
  --at                 bytes where the rules or the threads grow (1GB)
  --only               which to measure (bytes,rules,threads)
  --runs               runs of each, in turn (3)
  --json               a file to write the figures to`

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '100MB,1GB,4GB' },
    rules: { type: 'string', default: '1,10,100' },
    threads: { type: 'string', default: '1,2,3' },
    at: { type: 'string', default: '1GB' },
    only: { type: 'string', default: 'bytes,rules,threads' },
    runs: { type: 'string', default: '3' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

interface Point {
  readonly x: number
  readonly times: Summary
}

/** The points of one program, and the line through them where there are several. */
interface Curve {
  readonly program: string
  readonly points: readonly Point[]
  readonly line?: Line
}

/** A program for one `x` of a curve. */
interface Step {
  readonly curve: string
  readonly x: number
  readonly program: Program
}

/** A question to be asked of several engines. */
interface Subject {
  readonly key: string
  readonly path: string
  readonly tables: readonly string[]
}

const QUERY = 'many-addresses'
/** What runs many rules at once. */
const PASS = 'kqlab run'

if (values.help) console.log(usage)
else await main()

async function main(): Promise<void> {
  const engines = availableEngines(['kqlab', 'duckdb'])
  const scratch = mkdtempSync(join(tmpdir(), 'kqlab-bench-growth-'))
  try {
    console.log(`${describeEnvironment()}\n`)
    const growth: Record<string, readonly Curve[]> = {}
    for (const [name, steps] of Object.entries(plans(scratch, engines))) {
      if (!values.only.split(',').includes(name)) continue
      const curves = await measure(steps())
      growth[name] = curves
      console.log(report(name, curves))
    }
    saveJson(values.json, { at: values.at, growth })
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

/** The steps of each kind of growth, made when they are wanted, as they may need new files. */
function plans(
  scratch: string,
  engines: readonly EngineName[],
): Readonly<Record<string, () => readonly Step[]>> {
  const [sizes, rules, threads] = [values.sizes.split(','), values.rules, values.threads]
  const at = parseBytes(values.at)
  const counts = (text: string): readonly number[] => text.split(',').map(Number)
  const questions = subjects(scratch)
  return {
    bytes: () =>
      sizes.map(parseBytes).flatMap(bytes => {
        const data = dataOfSize(bytes)
        const step = (curve: string, program: Omit<Program, 'name'>): Step =>
          stepOf(curve, bytes / 1e9, program)
        const paths = ['AuditLogs', 'AADNonInteractiveUserSignInLogs']
        return [
          ...questions.flatMap(subject =>
            engines.map(engine =>
              step(`${engine} ${subject.key}`, { args: argsOf(engine, subject, data) }),
            ),
          ),
          step('reading alone', readingProgram(paths.map(table => filePath(data, table)))),
        ]
      }),
    rules: () =>
      counts(rules).map(count =>
        stepOf(PASS, count, { args: passOf(count, scratch, dataOfSize(at)) }),
      ),
    threads: () =>
      counts(threads).flatMap(count => [
        ...questions.flatMap(subject =>
          engines.map(engine => {
            const args = argsOf(engine, subject, dataOfSize(at), count)
            return stepOf(`${engine} ${subject.key}`, count, { args })
          }),
        ),
        stepOf(`${PASS}, 100 rules`, count, {
          args: passOf(100, scratch, dataOfSize(at), count),
        }),
      ]),
  }
}

function stepOf(curve: string, x: number, program: Omit<Program, 'name'>): Step {
  return { curve, x, program: { ...program, name: `${curve}, ${x}` } }
}

/** A rule that a selective text makes cheap, and a query that none does. */
function subjects(scratch: string): readonly Subject[] {
  const [rule] = publishedRules()
  const query = benchQueries().find(({ key }) => key === QUERY)
  if (!rule || !query) throw new Error('a rule or query is missing')
  const path = join(scratch, `${rule.key}.kql`)
  writeFileSync(path, rule.query)
  return [{ key: rule.key, path, tables: rule.tables }, query]
}

function argsOf(
  engine: EngineName,
  subject: Subject,
  data: string,
  threads = 2,
): readonly string[] {
  const { key, path, tables } = subject
  const inputs = tables.flatMap(name => ['--table', `${name}=${filePath(data, name)}`])
  const script =
    engine === 'kqlab'
      ? [here('kqlab.mjs'), '--query', path, ...inputs]
      : [here('duckdb.mjs'), '--rule', key, '--data', data]
  return [...script, '--now', DEFAULT_END, '--threads', String(threads)]
}

/** One pass of so many rules, at the end of the logs. */
function passOf(count: number, scratch: string, data: string, threads = 2): readonly string[] {
  const folder = join(scratch, `rules-${count}`)
  writeRules(folder, count, { queryOf: variedQuery, period: '1d' })
  const options = ['--now', DEFAULT_END, '--threads', String(threads), '--format', 'json']
  return [here('../bin/kqlab.js'), 'run', folder, '--data', data, ...options]
}

/** Asserts that engines and numbers of threads change no rows, then times all steps in turn. */
async function measure(steps: readonly Step[]): Promise<readonly Curve[]> {
  await assertSame(steps)
  const times = await interleave(
    steps.map(({ program }) => program),
    Number(values.runs),
  )
  return [...new Set(steps.map(({ curve }) => curve))].map(curve => {
    const own = steps.filter(step => step.curve === curve)
    const points = own.flatMap(({ x, program }) => {
      const summary = times[program.name]
      return summary ? [{ x, times: summary }] : []
    })
    const line = points.map(({ x, times: { median } }) => ({ x, y: median }))
    return { program: curve, points, ...(points.length > 1 ? { line: fitLine(line) } : {}) }
  })
}

/** Programs that ask the same of the same files, whatever the engine and its threads. */
async function assertSame(steps: readonly Step[]): Promise<void> {
  const firsts = new Map<string, Parameters<typeof assertSameRows>[0]>()
  for (const { program, curve, x } of steps) {
    if (program.timesItself || curve.startsWith(PASS)) continue
    const data = program.args.join(' ').match(/kqlab-bench-v[^/ ]*/)?.[0] ?? x
    const question = `${curve.replace(/^\w+ /, '')} ${data}`
    const actual = { name: program.name, rows: await rowsOf(program) }
    const expected = firsts.get(question)
    if (expected) assertSameRows(expected, actual)
    else firsts.set(question, actual)
  }
}

function report(name: string, curves: readonly Curve[]): string {
  const unit = { bytes: 'GB', rules: 'rules', threads: 'threads' }[name] ?? name
  const xs = [...new Set(curves.flatMap(({ points }) => points.map(({ x }) => x)))]
  const lines = curves.map(curve => [
    curve.program,
    ...xs.map(x => {
      const point = curve.points.find(each => each.x === x)
      return point ? seconds(point.times.median) : '–'
    }),
    name === 'threads' ? speedUp(curve) : lineText(curve, unit),
  ])
  const heads = ['', ...xs.map(x => `${x} ${unit}`), name === 'threads' ? 'first ÷ last' : 'line']
  return `by ${name}${name === 'bytes' ? '' : `, ${values.at}`}\n${formatTable([heads, ...lines])}\n`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`
}

function lineText({ line }: Curve, unit: string): string {
  if (!line) return '–'
  return `${seconds(line.start)} + ${seconds(line.slope)} × ${unit}, R² ${line.r2.toFixed(3)}`
}

/** Threads make no line: what the most of them gain over the fewest. */
function speedUp({ points }: Curve): string {
  const [first, last] = [points[0], points.at(-1)]
  return first && last ? `${(first.times.median / last.times.median).toFixed(2)}×` : '–'
}
