import { existsSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseBytes } from './generator/bytes.ts'
import { DEFAULT_HOURS, GENERATOR_VERSION, writeExport } from './generator/export.ts'
import { runScript, type Summary, summarize } from './measure.ts'

/** Rows as programs print them. */
export type Rows = readonly (readonly unknown[])[]

/** A program that runs one rule: the arguments of `node`, and those that make it stay warm. */
export interface Contender<Engine extends string> {
  readonly engine: Engine
  readonly args: readonly string[]
}

/** Sizes as texts, and what else decides what is generated. */
export interface GeneratedOptions {
  readonly audit: string
  readonly signins: string
  readonly seed: string
  readonly now: string
}

/** The folder of generated files for the chosen sizes and seed; made when it is not there. */
export function generatedData({ audit, signins, seed, now }: GeneratedOptions): string {
  const folder = join(
    tmpdir(),
    `kqlab-bench-v${GENERATOR_VERSION}-${audit}-${signins}-${seed}-${Date.parse(now)}`,
  )
  if (existsSync(folder)) return folder
  console.log(`Generating ${audit} of AuditLogs and ${signins} of sign-ins…`)
  // Under another name until it is whole: an interrupted run leaves nothing to be taken for data.
  const partial = `${folder}.partial`
  writeExport({
    audit: parseBytes(audit),
    signIns: parseBytes(signins),
    seed: Number.parseInt(seed, 10),
    out: partial,
    end: now,
    hours: DEFAULT_HOURS,
  })
  renameSync(partial, folder)
  return folder
}

/** The rows that a program prints in a fresh process. */
export async function coldRows(program: Contender<string> | undefined): Promise<Rows> {
  if (!program) throw new Error('the program that the others are compared with is missing')
  return JSON.parse((await runScript(program.args)).stdout) as Rows
}

/** Compares as multisets of canonical texts: rows of equal time have no order. */
export function assertSame(
  engine: string,
  expected: Rows,
  actual: Rows,
  reference = 'naive',
): void {
  const canonical = (rows: Rows): string[] => rows.map(row => JSON.stringify(row)).sort()
  const left = canonical(expected)
  const right = canonical(actual)
  const at = left.findIndex((text, i) => text !== right[i])
  if (at === -1 && left.length === right.length) return
  const index = at === -1 ? left.length : at
  throw new Error(
    `${engine} gives ${right.length} rows, ${reference} ${left.length}; sorted, they differ first in\n` +
      `  ${reference} ${left[index] ?? '(none)'}\n  ${engine} ${right[index] ?? '(none)'}`,
  )
}

/** Runs each program in turn, round by round, so that a busy minute falls on all of them. */
export async function interleave<Engine extends string>(
  programs: readonly Contender<Engine>[],
  rounds: number,
  run: (program: Contender<Engine>) => Promise<number>,
): Promise<Partial<Record<Engine, Summary>>> {
  const samples = new Map<Engine, number[]>()
  for (let round = 0; round < rounds; round++) {
    const first = round % programs.length
    for (const program of [...programs.slice(first), ...programs.slice(0, first)]) {
      const list = samples.get(program.engine) ?? []
      list.push(await run(program))
      samples.set(program.engine, list)
    }
  }
  const summaries: Partial<Record<Engine, Summary>> = {}
  for (const [engine, list] of samples) summaries[engine] = summarize(list)
  return summaries
}
