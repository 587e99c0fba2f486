import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { createInterface, type Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** Times of several runs, in milliseconds. */
export interface Summary {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly samples: readonly number[]
}

/** Median, least and greatest of at least one sample. */
export function summarize(samples: readonly number[]): Summary {
  const sorted = [...samples].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const low = sorted[Math.ceil(middle) - 1]
  const high = sorted[Math.floor(middle)]
  const [min] = sorted
  const max = sorted.at(-1)
  if (low === undefined || high === undefined || min === undefined || max === undefined) {
    throw new RangeError('no samples')
  }
  return { median: (low + high) / 2, min, max, samples }
}

/** A file of this folder or, with `../`, of the project. */
export function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}

/** Throws, saying what to do, when the project is not built: what is timed is what is published. */
export function requireBuild(): void {
  if (!existsSync(here('../dist/index.js'))) {
    throw new Error('kqlab is not built: run `npm run build` in the project first')
  }
}

/** The machine and its state, and the versions, without which a figure means nothing. */
export interface Environment {
  readonly node: string
  readonly kqlab: string
  /** The version of the package, which ends with that of its wrapper; missing where it is not there. */
  readonly duckdb?: string
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly load: number
}

/** What the machine is and does right now. */
export function environment(): Environment {
  const [cpu] = cpus()
  const [load = 0] = loadavg()
  return {
    node: process.version,
    kqlab: versionOf('../package.json'),
    ...(hasDuckDb() ? { duckdb: versionOf('node_modules/@duckdb/node-api/package.json') } : {}),
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    load,
  }
}

function versionOf(path: string): string {
  return (JSON.parse(readFileSync(here(path), 'utf8')) as { version: string }).version
}

/** Whether DuckDB is installed in this folder. */
export function hasDuckDb(): boolean {
  return existsSync(here('node_modules/@duckdb/node-api'))
}

/** {@link environment} as a line of text. */
export function describeEnvironment(): string {
  const { node, kqlab, duckdb, cpu, cores, memoryGb, load } = environment()
  const versions = [`kqlab ${kqlab}`, ...(duckdb ? [`DuckDB ${duckdb}`] : []), `Node ${node}`]
  const machine = `${cores} × ${cpu}, ${memoryGb} GB, load ${load.toFixed(2)}`
  return `${versions.join(', ')}; ${machine}`
}

/** Writes figures beside the {@link environment}; does nothing without a path. */
export function saveJson(path: string | undefined, figures: object): void {
  if (path === undefined) return
  const text = JSON.stringify({ environment: environment(), ...figures }, null, 2)
  writeFileSync(path, `${text}\n`)
}

/** A finished process: how long it took from its start to its end, and what it printed. */
export interface Finished {
  readonly ms: number
  readonly stdout: string
}

/** Runs `node` on a script in a fresh process; an exit code other than 0 throws. */
export async function runScript(args: readonly string[]): Promise<Finished> {
  const { ms, stdout } = await runNode(args)
  return { ms, stdout }
}

/** A finished process, and what it took of the machine. */
export interface Used extends Finished {
  /** Of all threads: what else the machine does hardly counts. */
  readonly cpuMs: number
  /** The most memory that it took at one time. */
  readonly megabytes: number
}

const LEAVE_USAGE = `import { writeSync } from 'node:fs'
  process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())))`

/** As {@link runScript}, with the use of processor and memory; some milliseconds slower to start. */
export async function runWithUsage(args: readonly string[]): Promise<Used> {
  const hook = `data:text/javascript,${encodeURIComponent(LEAVE_USAGE)}`
  const { ms, stdout, left } = await runNode(['--import', hook, ...args])
  const used = JSON.parse(left) as NodeJS.ResourceUsage
  const cpuMs = (used.userCPUTime + used.systemCPUTime) / 1000
  return { ms, stdout, cpuMs, megabytes: used.maxRSS / 1000 }
}

/** `left` is what the process wrote to the file descriptor 3. */
async function runNode(args: readonly string[]): Promise<Finished & { readonly left: string }> {
  const started = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  const [, stdout, stderr, rest] = child.stdio.map(collect)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const ms = performance.now() - started
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}:\n${stderr?.()}`)
  return { ms, stdout: stdout?.() ?? '', left: rest?.() ?? '' }
}

/** All that a stream gives, once it has ended. */
function collect(stream: Readable | Writable | null | undefined): () => string {
  const chunks: Buffer[] = []
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString()
}

/** An answer of a warm process, as `protocol.mjs` sends it. */
interface Answer {
  readonly ready?: boolean
  readonly ms?: number
  readonly rows?: readonly (readonly unknown[])[]
}

/** A process that holds its tables in memory and runs its query on demand. */
export class WarmProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #lines: AsyncIterator<string>
  readonly #reader: Interface

  private constructor(args: readonly string[]) {
    this.#child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#reader = createInterface({ input: this.#child.stdout })
    this.#lines = this.#reader[Symbol.asyncIterator]()
  }

  /** Starts the script and waits until its tables are loaded. */
  static async start(args: readonly string[]): Promise<WarmProcess> {
    const started = new WarmProcess(args)
    const answer = await started.#next()
    if (answer.ready !== true) throw new Error(`unexpected answer of ${args.join(' ')}`)
    return started
  }

  /** The result rows of one run, and its time in milliseconds. */
  async rows(): Promise<readonly (readonly unknown[])[]> {
    const { rows } = await this.#ask('rows')
    if (!rows) throw new Error('the process answered without rows')
    return rows
  }

  /** The time of one run in milliseconds, as the process measured it. */
  async run(): Promise<number> {
    const { ms } = await this.#ask('run')
    if (ms === undefined) throw new Error('the process answered without a time')
    return ms
  }

  /** Ends the process. */
  stop(): void {
    this.#child.stdin.end()
    this.#reader.close()
  }

  #ask(line: string): Promise<Answer> {
    this.#child.stdin.write(`${line}\n`)
    return this.#next()
  }

  async #next(): Promise<Answer> {
    const { value, done } = await this.#lines.next()
    if (done) throw new Error('the process ended before it answered')
    return JSON.parse(value) as Answer
  }
}

/** Milliseconds to three significant digits or so. */
export function formatMs(ms: number): string {
  return ms >= 100 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(ms >= 10 ? 1 : 2)} ms`
}

/** A straight line through points, by least squares. */
export interface Line {
  readonly start: number
  readonly slope: number
  /** The share of the variance that the line explains; 1 where all points are on it. */
  readonly r2: number
}

/** The line through at least two points of different `x`. */
export function fitLine(points: readonly { readonly x: number; readonly y: number }[]): Line {
  const mean = (list: readonly number[]): number =>
    list.reduce((sum, value) => sum + value, 0) / list.length
  const [x, y] = [mean(points.map(point => point.x)), mean(points.map(point => point.y))]
  const xx = mean(points.map(point => (point.x - x) ** 2))
  const yy = mean(points.map(point => (point.y - y) ** 2))
  const xy = mean(points.map(point => (point.x - x) * (point.y - y)))
  if (!(xx > 0)) throw new RangeError('a line needs two points')
  return { start: y - (xy / xx) * x, slope: xy / xx, r2: yy === 0 ? 1 : xy ** 2 / (xx * yy) }
}

/** A text table: the first column is set left, the others right. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length)
  }
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
  return rows.map(row => `  ${line(row)}`.trimEnd()).join('\n')
}
