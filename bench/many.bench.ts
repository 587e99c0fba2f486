import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { generatedData } from './data.ts'
import { DEFAULT_END } from './generator/export.ts'
import { writeRules } from './generator/many-rules.ts'
import { variedQuery } from './generator/varied-rules.ts'
import {
  describeEnvironment,
  formatTable,
  here,
  requireBuild,
  runWithUsage,
  type Summary,
  saveJson,
  summarize,
} from './measure.ts'

const usage = `Times a pass of many rules over the same logs against the rules run alone, each in a process of
its own: from its start to its end, with the most memory that it took.

  node many.bench.ts [options]

  --audit, --signins   size of each generated file (500MB and 1.5GB)
  --data               a folder with both NDJSON files instead
  --count              how many rules (100)
  --sample             how many of them are run alone, evenly chosen (20)
  --all                run each of them alone
  --passes             how they are run together: by kqlab run, by kqlab replay (run,replay)
  --threads            threads of kqlab run, and workers of kqlab replay (2)
  --rounds             runs of each, in turn (3)
  --json               a file to write the figures to`

const { values } = parseArgs({
  options: {
    audit: { type: 'string', default: '500MB' },
    signins: { type: 'string', default: '1.5GB' },
    data: { type: 'string' },
    count: { type: 'string', default: '100' },
    sample: { type: 'string', default: '20' },
    all: { type: 'boolean', default: false },
    passes: { type: 'string', default: 'run,replay' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

/** A command of kqlab whose result says how many rows each rule found. */
interface Command {
  readonly name: string
  readonly args: readonly string[]
}

/** The rows of each rule, by its id. */
type Found = ReadonlyMap<string, number>

/** All runs of a command. */
interface Measured {
  readonly name: string
  readonly times: Summary
  readonly cpu: Summary
  readonly megabytes: number
}

if (values.help) console.log(usage)
else await main()

async function main(): Promise<void> {
  requireBuild()
  const data = values.data === undefined ? generatedData(values) : resolve(values.data)
  const count = Number(values.count)
  const folder = mkdtempSync(join(tmpdir(), 'kqlab-bench-many-'))
  try {
    console.log(`${describeEnvironment()}\n${data}\n`)
    const paths = writeRules(folder, count, { queryOf: variedQuery, period: '1d' })
    const passes = values.passes.split(',').map(kind => passOf(kind, folder, data))
    const alone = sampled(paths).map(path => commandOf('run', path, data))
    await assertSame(passes, alone, count)
    const measured = await measure([...passes, ...alone])
    const together = measured.slice(0, passes.length)
    const single = measured.slice(passes.length)
    console.log(report(together, single, count))
    saveJson(values.json, { data, count, threads: values.threads, passes: together, alone: single })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function sampled(paths: readonly string[]): readonly string[] {
  const size = values.all ? paths.length : Math.min(Number(values.sample), paths.length)
  return Array.from({ length: size }, (_, k) => paths[Math.floor((k * paths.length) / size)] ?? '')
}

function passOf(kind: string, folder: string, data: string): Command {
  if (kind !== 'replay' && kind !== 'run') throw new RangeError(`no pass ${kind}`)
  return commandOf(kind, folder, data)
}

/** Both commands run each rule once, at the end of the logs; what they print is JSON. */
function commandOf(kind: 'replay' | 'run', rules: string, data: string): Command {
  const name = rules.endsWith('.yaml') ? rules.replace(/^.*\//, '') : `kqlab ${kind}`
  const once =
    kind === 'run'
      ? ['--now', DEFAULT_END, '--threads', values.threads]
      : ['--from', DEFAULT_END, '--to', DEFAULT_END, '--workers', values.threads]
  const args = [here('../bin/kqlab.js'), kind, rules, '--data', data, ...once, '--format', 'json']
  return { name, args }
}

/** Every command must find as many rows of a rule as the first one. */
async function assertSame(
  [first, ...others]: readonly Command[],
  alone: readonly Command[],
  count: number,
): Promise<void> {
  if (!first) throw new RangeError('no pass')
  const expected = await foundBy(first)
  if (expected.size !== count) throw new Error(`${first.name} ran ${expected.size} rules`)
  for (const command of [...others, ...alone]) {
    for (const [rule, rows] of await foundBy(command)) {
      if (rows === expected.get(rule)) continue
      throw new Error(`${command.name} finds ${rows} rows of ${rule}, not ${expected.get(rule)}`)
    }
  }
  const finding = [...expected.values()].filter(rows => rows > 0).length
  console.log(
    `${finding} of ${count} rules find something: the same in every way of running them\n`,
  )
}

async function foundBy({ args }: Command): Promise<Found> {
  const result = JSON.parse((await runWithUsage(args)).stdout) as {
    readonly runs?: readonly { readonly ruleId: string; readonly rows: number }[]
    readonly rules: readonly { readonly id: string; readonly rows?: readonly unknown[] }[]
  }
  if (result.runs) return new Map(result.runs.map(({ ruleId, rows }) => [ruleId, rows]))
  return new Map(result.rules.map(({ id, rows = [] }) => [id, rows.length]))
}

/** Runs the commands in turn, round by round. */
async function measure(commands: readonly Command[]): Promise<readonly Measured[]> {
  const runs = new Map(commands.map(command => [command, [] as { ms: number; cpuMs: number }[]]))
  const most = new Map<Command, number>()
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [command, list] of runs) {
      const { ms, cpuMs, megabytes } = await runWithUsage(command.args)
      list.push({ ms, cpuMs })
      most.set(command, Math.max(most.get(command) ?? 0, megabytes))
    }
  }
  return [...runs].map(([command, list]) => ({
    name: command.name,
    times: summarize(list.map(({ ms }) => ms)),
    cpu: summarize(list.map(({ cpuMs }) => cpuMs)),
    megabytes: most.get(command) ?? 0,
  }))
}

function report(passes: readonly Measured[], alone: readonly Measured[], count: number): string {
  const medians = summarize(alone.map(({ times }) => times.median))
  const cpu = summarize(alone.map(one => one.cpu.median))
  const mean = medians.samples.reduce((sum, ms) => sum + ms, 0) / medians.samples.length
  const memory = Math.max(...alone.map(({ megabytes }) => megabytes))
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`
  const lines = [
    ['', 'median', 'min', 'max', 'processor', 'memory', '÷ one alone', `${count} alone ÷ it`],
    ...passes.map(({ name, times, cpu: own, megabytes }) => [
      `${name} of ${count} rules`,
      ...[times.median, times.min, times.max, own.median].map(seconds),
      `${megabytes.toFixed(0)} MB`,
      `${(times.median / medians.median).toFixed(2)}×`,
      `${((mean * count) / times.median).toFixed(1)}×`,
    ]),
    [
      `one alone, of ${alone.length}`,
      ...[medians.median, medians.min, medians.max, cpu.median].map(seconds),
      `${memory.toFixed(0)} MB`,
    ],
  ]
  return formatTable(lines)
}
