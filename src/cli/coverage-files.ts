import { coberturaReport, coverageJson, lcovReport } from '../report/coverage.ts'
import type { CoverageResult } from '../testing/coverage/cover.ts'
import { type ReportFile, reportFile } from './test-reports.ts'

const FORMATS = { lcov: lcovReport, cobertura: coberturaReport, json: coverageJson }

/** How coverage is written to a file. */
export type CoverageFormat = keyof typeof FORMATS

/** A report of coverage that is written to a file. */
export type CoverageFile = ReportFile<CoverageFormat>

const NAMES = Object.keys(FORMATS) as CoverageFormat[]

/**
 * The reports of `--coverage-report FORMAT=PATH`.
 * @throws UsageError where one is not in that form.
 */
export function coverageFiles(texts: readonly string[]): CoverageFile[] {
  return texts.map(text => reportFile('--coverage-report', text, NAMES))
}

/** The coverage of rules in a format. */
export function coverageAs(format: CoverageFormat, results: readonly CoverageResult[]): string {
  return FORMATS[format](results)
}
