import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { RuleText } from '../matchers/rule-case.ts'

/** A file: a path from the working directory, or a URL. */
export type RuleFile = string | URL

/** The rule of a file, as matchers take it. */
export function readRule(file: RuleFile): RuleText {
  const path = pathOf(file)
  return { rule: readFileSync(path, 'utf8'), ruleFile: path }
}

/** The path of a file. */
export function pathOf(file: RuleFile): string {
  return typeof file === 'string' ? file : fileURLToPath(file)
}
