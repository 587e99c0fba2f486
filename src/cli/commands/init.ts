import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { reasonOf } from '../../node/data-paths.ts'
import { EXIT, type ExitCode, UsageError } from '../exit.ts'
import { visible } from '../formats/table.ts'
import { CONFIG, EXAMPLE_TESTS, exampleRule, INIT_FILES, workflow } from '../init/templates.ts'
import { filesAt, RULE_NAME, rulesInText } from '../query-files.ts'
import { readDecoded } from '../query-text.ts'
import type { Reporter } from '../reporter.ts'
import { type Environment, sessionOf } from '../session.ts'
import { packageVersion } from '../version.ts'
import { written } from '../write-file.ts'

/** The options of `kqlab init`. */
export interface InitOptions {
  readonly dryRun?: boolean
}

/** A file that a folder of rules is to have. */
interface NewFile {
  readonly path: string
  readonly text: string
  /** Other names under which it may be there. */
  readonly others?: readonly string[]
}

/**
 * Writes what a folder of rules begins with, and makes the folder where it is missing. A file that is there
 * is never written; where there are rules, no example is.
 * @throws UsageError where the path is no folder, or a file cannot be written.
 */
export async function initFolder(
  folder: string,
  { dryRun = false }: InitOptions,
  environment: Environment,
): Promise<ExitCode> {
  const { out } = environment.terminal
  const { reporter } = sessionOf(environment, { diagnostics: 'text' })
  const rule = (await isThere(folder)) ? await firstRule(folder, reporter) : undefined
  const files: NewFile[] = [
    { path: INIT_FILES.config, text: CONFIG, others: ['kqlab.yml'] },
    ...(rule === undefined
      ? [
          { path: INIT_FILES.rule, text: exampleRule(randomUUID()) },
          { path: INIT_FILES.tests, text: EXAMPLE_TESTS },
        ]
      : []),
    { path: INIT_FILES.workflow, text: workflow(packageVersion()) },
  ]
  for (const file of files) {
    const there = await firstThere(folder, [file.path, ...(file.others ?? [])])
    const isNew =
      there === undefined &&
      (dryRun ||
        (await written(join(folder, file.path), file.text, { inFolder: true, keep: true })))
    const line = isNew
      ? `${dryRun ? 'would write' : 'wrote'}  ${file.path}`
      : `${dryRun ? 'would keep ' : 'kept '}  ${there ?? file.path}, which is there`
    await out.write(`${line}\n`)
  }
  if (rule !== undefined)
    await out.write(`No example: there are rules, such as ${visible(rule)}.\n`)
  const inFolder = folder === '.' ? '' : ` ${folder}`
  const steps = rule === undefined ? `kqlab test${inFolder}` : `kqlab check ${folder}`
  await out.write(`\nNext: ${steps}\n`)
  return reporter.errors > 0 ? EXIT.failed : EXIT.ok
}

/** Whether the folder is there. */
async function isThere(folder: string): Promise<boolean> {
  try {
    if ((await stat(folder)).isDirectory()) return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw new UsageError(`${folder}: ${reasonOf(error)}`)
  }
  throw new UsageError(`${folder} is no folder.`)
}

/** The path of a rule in the folder; undefined where there is none. */
async function firstRule(folder: string, reporter: Reporter): Promise<string | undefined> {
  for (const { path } of await filesAt(folder, name => RULE_NAME.test(name), reporter)) {
    const { text } = await readDecoded(path, reporter)
    if (/query/i.test(text) && rulesInText(path, text).some(({ isRule }) => isRule)) return path
  }
  return undefined
}

async function firstThere(folder: string, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const isThere = await stat(join(folder, path)).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  return undefined
}
