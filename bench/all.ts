import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { here } from './measure.ts'

const usage = `Runs the comparisons one after the other and keeps their figures: rules, queries, many,
ingest, compile, growth.

  node all.ts [options]

  --out       the folder for the figures, a JSON file each (figures)
  --audit, --signins   size of each generated file (500MB and 1.5GB)
  --runs      runs of each (7); of many and growth 3, or as many where that is less
  --quick     small files and a single run: whether everything works, not how fast`

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'figures' },
    audit: { type: 'string', default: '500MB' },
    signins: { type: 'string', default: '1.5GB' },
    runs: { type: 'string', default: '7' },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(usage)
else main()

function main(): void {
  const out = resolve(values.out)
  mkdirSync(out, { recursive: true })
  const failed = Object.entries(benches()).filter(([name, args]) => {
    console.log(`\n== ${name}: ${args.join(' ')}\n`)
    const script = [here(`${name}.bench.ts`), ...args, '--json', join(out, `${name}.json`)]
    return spawnSync(process.execPath, script, { stdio: 'inherit' }).status !== 0
  })
  console.log(`\nfigures: ${out}`)
  if (failed.length === 0) return
  console.error(`failed: ${failed.map(([name]) => name).join(', ')}`)
  process.exitCode = 1
}

/** The benchmarks with their options. */
function benches(): Readonly<Record<string, readonly string[]>> {
  const { quick } = values
  const sizes = quick
    ? ['--audit', '50MB', '--signins', '150MB']
    : ['--audit', values.audit, '--signins', values.signins]
  const runs = quick ? '1' : values.runs
  const few = String(Math.min(3, Number(runs)))
  const small = ['--sizes', '20MB,40MB', '--at', '20MB', '--rules', '1,10']
  return {
    rules: [...sizes, '--runs', runs, '--warm-runs', '0', '--ablation'],
    queries: [...sizes, '--runs', runs],
    many: [...sizes, '--rounds', few, ...(quick ? ['--sample', '3'] : [])],
    ingest: [...sizes, '--runs', runs],
    compile: quick ? ['--runs', '20', '--starts', '2'] : [],
    growth: ['--runs', few, ...(quick ? small : [])],
  }
}
