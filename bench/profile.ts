import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatTable, runScript } from './measure.ts'

/** What of a `.cpuprofile` is read here. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: {
      readonly functionName: string
      readonly url: string
      readonly lineNumber: number
    }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** Runs a script under the profiler; gives the functions with the most time of their own, as text. */
export async function profileOf(args: readonly string[], count: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'kqlab-bench-profile-'))
  try {
    await runScript(['--cpu-prof', `--cpu-prof-dir=${folder}`, ...args])
    return readdirSync(folder)
      .map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')) as CpuProfile)
      .map(profile => selfTimes(profile, count))
      .join('\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The main thread and each worker leave a profile of their own. */
function selfTimes({ nodes, samples, timeDeltas }: CpuProfile, count: number): string {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]))
  const own = new Map<string, number>()
  for (const [k, id] of samples.entries()) {
    const name = names.get(id) ?? ''
    own.set(name, (own.get(name) ?? 0) + (timeDeltas[k] ?? 0) / 1000)
  }
  const total = [...own.values()].reduce((sum, ms) => sum + ms, 0)
  const most = [...own].sort(([, a], [, b]) => b - a).slice(0, count)
  return formatTable([
    [`of ${total.toFixed(0)} ms`, 'ms', '%'],
    ...most.map(([name, ms]) => [name, ms.toFixed(0), ((100 * ms) / total).toFixed(1)]),
  ])
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][0]['callFrame']): string {
  const file = url.replace(/^.*\/dist\//, '').replace(/^.*\/node_modules\//, '')
  const place = file === '' ? '' : ` ${file}:${lineNumber + 1}`
  return `${functionName || '(anonymous)'}${place}`
}
