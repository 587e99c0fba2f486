import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatTable, runScript } from './measure.ts'

interface CallFrame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}

/** What of a `.cpuprofile` is read here. */
interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/**
 * Runs a script under the profiler and gives as text which modules, and which functions, took most
 * time of their own; the main thread and each worker make a profile each.
 */
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

function selfTimes({ nodes, samples, timeDeltas }: CpuProfile, count: number): string {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const byModule = new Map<string, number>()
  const byFunction = new Map<string, number>()
  let total = 0
  for (const [k, id] of samples.entries()) {
    const frame = frames.get(id)
    const ms = (timeDeltas[k] ?? 0) / 1000
    if (!frame) continue
    const where = moduleOf(frame)
    const name = `${frame.functionName || `line ${frame.lineNumber + 1}`} ${where}`
    byModule.set(where, (byModule.get(where) ?? 0) + ms)
    byFunction.set(name, (byFunction.get(name) ?? 0) + ms)
    total += ms
  }
  const table = (head: string, times: ReadonlyMap<string, number>): string => {
    const most = [...times].sort(([, a], [, b]) => b - a).slice(0, count)
    const share = (ms: number): string => ((100 * ms) / total).toFixed(1)
    return formatTable([
      [head, 'ms', '%'],
      ...most.map(([name, ms]) => [name, ms.toFixed(0), share(ms)]),
    ])
  }
  const head = `${total.toFixed(0)} ms, own time by`
  return `${table(`${head} module`, byModule)}\n${table(`${head} function`, byFunction)}`
}

/** The file that a function was written in, before files were put together; else what runs it. */
function moduleOf({ functionName, url, lineNumber }: CallFrame): string {
  if (url.startsWith('wasm:')) return 'WebAssembly'
  if (url.startsWith('node:')) return 'node'
  if (!url.startsWith('file:')) return functionName === '(idle)' ? 'idle' : 'V8'
  const source = bundledSources(fileURLToPath(url)).findLast(({ line }) => line <= lineNumber)
  return source?.path ?? url.replace(/^.*\/(?=[^/]*\/[^/]*$)/, '')
}

const sources = new Map<string, readonly { readonly line: number; readonly path: string }[]>()

/** Where in a file of the build the text of each source begins: the bundler says it in comments. */
function bundledSources(file: string): readonly { readonly line: number; readonly path: string }[] {
  const known = sources.get(file)
  if (known) return known
  const found = readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text, line) => {
      const path = /^\/\/ (?:dist|node_modules)\/(\S+)$/.exec(text)?.[1]
      return path === undefined ? [] : [{ line, path }]
    })
  sources.set(file, found)
  return found
}
