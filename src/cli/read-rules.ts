import { Failure } from './exit.ts'
import { findQueryFiles } from './query-files.ts'
import type { RuleFile } from './run-report.ts'
import type { Session } from './session.ts'

/** The rules of a command line. */
export interface RuleFiles {
  readonly files: readonly RuleFile[]
  /** How many files are meant to be rules and cannot be used. */
  readonly broken: number
}

/** Reads the rules; what cannot be used is reported, and the others run all the same. */
export async function readRules(
  paths: readonly string[],
  { reporter }: Session,
): Promise<RuleFiles> {
  const files: RuleFile[] = []
  let broken = 0
  for (const file of await findQueryFiles(paths, { kql: false }, reporter)) {
    for (const diagnostic of file.diagnostics) await reporter.inSource(file.source, diagnostic)
    const { rule, query } = file
    if (rule !== undefined && query !== undefined) files.push({ ...file, rule, query })
    else broken++
  }
  if (files.length === 0) throw new Failure('rules')
  return { files, broken }
}
