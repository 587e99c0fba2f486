import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseBytes } from './generator/bytes.ts'
import { DEFAULT_END, GENERATOR_VERSION, writeExport } from './generator/export.ts'
import { writeRules } from './generator/many-rules.ts'
import {
  describeEnvironment,
  formatTable,
  here,
  requireBuild,
  runWithUsage,
  type Summary,
  summarize,
  type Used,
} from './measure.ts'

const usage = `Times 'kqlab replay' over generated logs, and how it grows.

  node replay.bench.ts [options]

  --audit, --signins   size of each generated file (250MB and 750MB)
  --rounds             runs of each, in turn (3)
  --only               a part of the names of those to run
  --options=…          more options of kqlab replay, such as --options='--workers 2'
  --against            bin/kqlab.js of another build, which is run in turn`

const { values } = parseArgs({
  options: {
    audit: { type: 'string', default: '250MB' },
    signins: { type: 'string', default: '750MB' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    options: { type: 'string', default: '' },
    against: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const DAY = 26
const MONTH = 720
const END = DEFAULT_END
const [audit, signIns] = [parseBytes(values.audit), parseBytes(values.signins)]

/** Replays of rules over logs of some hours, from a time on. */
interface Scenario {
  readonly name: string
  readonly rules: string
  readonly data: string
  readonly options?: readonly string[]
}

/** A build to be measured, and what is added to the names of its figures. */
interface Build {
  readonly path: string
  readonly note: string
  readonly options: readonly string[]
}

interface Measured extends Used {
  readonly tail: string
}

if (values.help) console.log(usage)
else await main()

async function main(): Promise<void> {
  requireBuild()
  const scratch = mkdtempSync(join(tmpdir(), 'kqlab-bench-replay-'))
  try {
    console.log(`${describeEnvironment()}\n`)
    const wanted = scenarios(scratch).filter(({ name }) => name.includes(values.only))
    const found = new Map<string, Measured[]>()
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const scenario of wanted) {
        for (const build of builds()) {
          const name = `${scenario.name}${build.note}`
          const measured = await measure(scenario, build)
          found.set(name, [...(found.get(name) ?? []), measured])
        }
      }
    }
    console.log(report(found))
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

function builds(): readonly Build[] {
  const options = values.options.split(' ').filter(text => text !== '')
  const own = { path: here('../bin/kqlab.js'), note: '', options }
  if (values.against === undefined) return [own]
  return [{ path: values.against, note: ' (other)', options: [] }, own]
}

function scenarios(scratch: string): readonly Scenario[] {
  const bundled = here('../rules')
  const lone = ['--from', END, '--to', END]
  const many = (count: number): string => {
    const folder = join(scratch, `rules-${count}`)
    writeRules(folder, count)
    return folder
  }
  const hourly = ['--freq', '1h', '--period', '1d']
  const fortnight = ['--freq', '1h', '--period', '14d']
  const [day, month] = [() => logs(1, DAY), () => logs(1, MONTH)]
  return [
    {
      name: 'month, both rules, one run',
      rules: bundled,
      data: month(),
      options: [...hourly, ...lone],
    },
    { name: 'month, both rules, 720 runs', rules: bundled, data: month(), options: hourly },
    { name: 'month, both rules, 14 days seen', rules: bundled, data: month(), options: fortnight },
    {
      name: 'half the bytes, both rules, 720 runs',
      rules: bundled,
      data: logs(2, MONTH),
      options: hourly,
    },
    { name: 'day, 100 rules, one run', rules: many(100), data: day(), options: lone },
    { name: 'day, 100 rules', rules: many(100), data: day() },
    { name: 'day, 50 rules', rules: many(50), data: day() },
    { name: 'day, 10 rules', rules: many(10), data: day() },
    { name: 'day, 1 rule', rules: many(1), data: day() },
  ]
}

/** The folder of generated logs of so many hours, of a part of the sizes; made where it is not there. */
function logs(part: number, hours: number): string {
  const folder = join(
    tmpdir(),
    `kqlab-bench-replay-v${GENERATOR_VERSION}-${audit / part}-${signIns / part}-${hours}`,
  )
  if (existsSync(folder)) return folder
  console.log(`Generating ${hours} hours of logs…`)
  const partial = `${folder}.partial`
  writeExport({
    audit: audit / part,
    signIns: signIns / part,
    seed: 1,
    out: partial,
    end: END,
    hours,
  })
  renameSync(partial, folder)
  return folder
}

/** Runs the command in a process of its own. */
async function measure({ rules, data, options = [] }: Scenario, build: Build): Promise<Measured> {
  const args = [build.path, 'replay', rules, '--data', data, ...options, ...build.options]
  const used = await runWithUsage(args)
  return { ...used, tail: used.stdout.trimEnd().split('\n').at(-1) ?? '' }
}

function report(found: ReadonlyMap<string, readonly Measured[]>): string {
  const lines = [['', 'median', 'min', 'max', 'processor', 'memory', 'found']]
  for (const [name, measured] of found) {
    const { median, min, max }: Summary = summarize(measured.map(({ ms }) => ms))
    const memory = Math.max(...measured.map(({ megabytes }) => megabytes))
    const cpu = summarize(measured.map(({ cpuMs }) => cpuMs)).median
    const seconds = [median, min, max, cpu].map(ms => `${(ms / 1000).toFixed(2)} s`)
    lines.push([name, ...seconds, `${memory.toFixed(0)} MB`, measured[0]?.tail ?? ''])
  }
  return formatTable(lines)
}
