import {
  formatMs,
  hasDuckDb,
  here,
  requireBuild,
  runScript,
  type Summary,
  summarize,
} from './measure.ts'

/** The engines that are compared, in the order in which they are printed. */
export const ENGINES = ['kqlab', 'naive', 'duckdb'] as const
export type EngineName = (typeof ENGINES)[number]

/** Rows as the programs print them: values in the order of the columns. */
export type Rows = readonly (readonly unknown[])[]

/** A script that is timed. */
export interface Program {
  readonly name: string
  readonly args: readonly string[]
  /** Whether the time is the one that the process prints, not that from its start to its end. */
  readonly timesItself?: boolean
}

/** Of `wanted`, the engines that can run: DuckDB only where it is installed, which is said. */
export function availableEngines(wanted: readonly string[]): readonly EngineName[] {
  return ENGINES.filter(engine => {
    if (!wanted.includes(engine)) return false
    if (engine === 'kqlab') requireBuild()
    if (engine === 'duckdb' && !hasDuckDb()) {
      console.log('DuckDB is skipped: run `npm ci` in this folder to install @duckdb/node-api.\n')
      return false
    }
    return true
  })
}

/** How kqlab is to run; what is not given is left to its defaults. */
export interface KqlabOptions {
  readonly threads?: string | undefined
  /** Techniques to switch off, separated by commas. */
  readonly without?: string | undefined
}

/** The arguments of `node` that add {@link KqlabOptions} to those of `kqlab.mjs`. */
export function kqlabOptions({ threads, without }: KqlabOptions): readonly string[] {
  return [
    ...(threads === undefined ? [] : ['--threads', threads]),
    ...(without === undefined ? [] : ['--without', without]),
  ]
}

/** What each engine does to print one row of nothing: the start of its process. */
export function emptyPrograms(engines: readonly EngineName[], now: string): readonly Program[] {
  const args: Record<EngineName, readonly string[]> = {
    kqlab: [here('kqlab.mjs'), '--query', here('queries/nothing.kql'), '--now', now],
    naive: ['-e', '0'],
    duckdb: [here('duckdb.mjs'), '--rule', 'nothing', '--data', '.', '--now', now],
  }
  return engines.map(engine => ({ name: emptyName(engine), args: args[engine] }))
}

/** The name of the empty run of an engine among figures. */
export function emptyName(engine: string): string {
  return `${engine}, nothing`
}

/** The least that reading the files takes. */
export function readingProgram(paths: readonly string[]): Program {
  return { name: READING, args: [here('read-bytes.mjs'), ...paths], timesItself: true }
}

/** The name of {@link readingProgram} among figures. */
export const READING = 'reading alone'

/** The time of one run in a process of its own. */
export async function timeOf({ args, timesItself }: Program): Promise<number> {
  const { ms, stdout } = await runScript(args)
  return timesItself ? (JSON.parse(stdout) as number) : ms
}

/** The rows that a program prints. */
export async function rowsOf({ args }: Program): Promise<Rows> {
  return JSON.parse((await runScript(args)).stdout) as Rows
}

/** Throws where two programs give other rows; they are compared in no order, and sets likewise. */
export function assertSameRows(
  expected: { readonly name: string; readonly rows: Rows },
  actual: { readonly name: string; readonly rows: Rows },
): void {
  const left = canonical(expected.rows)
  const right = canonical(actual.rows)
  const at = left.findIndex((text, i) => text !== right[i])
  if (at === -1 && left.length === right.length) return
  const index = at === -1 ? left.length : at
  throw new Error(
    `${actual.name} gives ${right.length} rows, ${expected.name} ${left.length}; sorted, they ` +
      `differ first in\n  ${expected.name} ${left[index] ?? '(none)'}\n` +
      `  ${actual.name} ${right[index] ?? '(none)'}`,
  )
}

/** Sorted texts. A list among the values is a set of make_set, whose order says nothing. */
function canonical(rows: Rows): string[] {
  const value = (cell: unknown): unknown => (Array.isArray(cell) ? [...cell].sort() : cell)
  return rows.map(row => JSON.stringify(row.map(value))).sort()
}

/** Runs each program in turn, round by round, so that a busy minute falls on all of them. */
export async function interleave(
  programs: readonly Program[],
  rounds: number,
  run: (program: Program) => Promise<number> = timeOf,
): Promise<Readonly<Record<string, Summary>>> {
  const samples = new Map<string, number[]>()
  for (let round = 0; round < rounds; round++) {
    const first = round % programs.length
    for (const program of [...programs.slice(first), ...programs.slice(0, first)]) {
      samples.set(program.name, [...(samples.get(program.name) ?? []), await run(program)])
    }
  }
  return Object.fromEntries([...samples].map(([name, list]) => [name, summarize(list)]))
}

/** How often `part` goes into `whole`, as a ratio of medians; a dash where one is missing. */
export function ratio(whole: Summary | undefined, part: Summary | undefined): string {
  return whole && part ? `${(whole.median / part.median).toFixed(2)}×` : '–'
}

/**
 * The time of a program without the start of its process, as a multiple of what reading the bytes
 * takes; a dash where a figure is missing. `engine` is the one whose start it is.
 */
export function timesReading(
  figures: Readonly<Record<string, Summary>>,
  own: Summary | undefined,
  engine: string,
): string {
  const [nothing, reading] = [figures[emptyName(engine)], figures[READING]]
  if (!own || !nothing || !reading) return '–'
  return `${((own.median - nothing.median) / reading.median).toFixed(2)}×`
}

/** What a program is called in a table. */
export function titleOf(name: string, threads: string): string {
  return name
    .replace(/^kqlab$/, `kqlab, ${threads} threads`)
    .replace(/^duckdb$/, `DuckDB, ${threads} threads`)
    .replace(/^duckdb/, 'DuckDB')
}

/** Median, least and greatest as text. */
export function numbers({ median, min, max }: Summary): readonly string[] {
  return [median, min, max].map(formatMs)
}

/** Lines of a table about cold runs: engines first, then their empty runs and the reading alone. */
export function coldLines(
  figures: Readonly<Record<string, Summary>>,
  title: (name: string) => string,
): readonly (readonly string[])[] {
  const engines = ENGINES.filter(engine => figures[engine])
  const peers = engines.filter(engine => engine !== 'kqlab')
  const heads = peers.map(peer => `${title(peer)} ÷ it`)
  const lines = [['cold', 'median', 'min', 'max', ...heads, '× reading']]
  for (const [name, own] of Object.entries(figures)) {
    const engine = engines.find(each => each === name)
    const cells = engine
      ? [...peers.map(peer => ratio(figures[peer], own)), timesReading(figures, own, engine)]
      : []
    lines.push([title(name), ...numbers(own), ...cells])
  }
  return lines
}
