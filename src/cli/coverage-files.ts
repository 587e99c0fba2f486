import { coberturaReport, coverageJson, lcovReport } from '../report/coverage.ts'
import type { CoverageResult } from '../testing/coverage/cover.ts'
import { UsageError } from './exit.ts'

const FORMATS = { lcov: lcovReport, cobertura: coberturaReport, json: coverageJson }

/** How coverage is written to a file. */
export type CoverageFormat = keyof typeof FORMATS

/** A report of coverage that is written to a file. */
export interface CoverageFile {
  readonly format: CoverageFormat
  readonly path: string
}

const NAMES = Object.keys(FORMATS) as CoverageFormat[]

/**
 * The reports of `--coverage-report FORMAT=PATH`.
 * @throws UsageError where one is not in that form.
 */
export function coverageFiles(texts: readonly string[]): CoverageFile[] {
  return texts.map(text => {
    const equals = text.indexOf('=')
    const format = NAMES.find(name => name === text.slice(0, equals))
    const path = text.slice(equals + 1)
    if (format !== undefined && path !== '') return { format, path }
    throw new UsageError(`--coverage-report takes FORMAT=PATH, not '${text}': ${NAMES.join(', ')}.`)
  })
}

/** The coverage of rules in a format. */
export function coverageAs(format: CoverageFormat, results: readonly CoverageResult[]): string {
  return FORMATS[format](results)
}
