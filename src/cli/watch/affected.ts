import { basename, sep } from 'node:path'
import { fixedPart } from '../shared-files.ts'

/** The files that decide about tests. Paths are absolute. */
export interface TestInputs {
  /** Of each rule with tests: its file, that of its tests, and the data that they name, or their folders. */
  readonly suites: readonly (readonly string[])[]
  /** What all of them share: the configuration, saved functions, watchlists. Files or folders. */
  readonly shared: readonly string[]
  /** Reports that each run writes: they would start the next. */
  readonly written: readonly string[]
}

/** What has to be run again: nothing, all, or the tests on which one of the files bears. */
export type Affected = 'none' | 'all' | { readonly files: ReadonlySet<string> }

const CONFIG = /^kqlab\.ya?ml$/i
const RULES_AND_TESTS = /\.(?:ya?ml|json)$/i

/**
 * What changes of files touch. A file that nothing named so far counts where it may be a rule or its
 * tests; any other is none of ours, as reports that are written beside the rules.
 */
export function affectedBy(
  changed: Iterable<string>,
  { suites, shared, written }: TestInputs,
): Affected {
  const known = [...new Set(suites.flat())]
  const files = new Set<string>()
  for (const path of changed) {
    if (written.includes(path)) continue
    if (CONFIG.test(basename(path)) || shared.some(each => isWithin(path, each))) return 'all'
    const isKnown = known.some(each => isWithin(path, each))
    if (isKnown || RULES_AND_TESTS.test(path)) files.add(path)
  }
  return files.size === 0 ? 'none' : { files }
}

/** Whether tests with the files, as they are named from here, have to be run. */
export function isAffected(files: readonly string[], affected: Affected): boolean {
  if (typeof affected === 'string') return affected === 'all'
  const known = files.map(fixedPart)
  return [...affected.files].some(path => known.some(each => isWithin(path, each)))
}

function isWithin(path: string, file: string): boolean {
  return path === file || path.startsWith(file.endsWith(sep) ? file : file + sep)
}
