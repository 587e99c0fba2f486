import { githubReport } from '../report/tests/github.ts'
import { jsonReport } from '../report/tests/json.ts'
import { junitReport } from '../report/tests/junit.ts'
import { markdownReport } from '../report/tests/markdown.ts'
import { prettyReport } from '../report/tests/pretty.ts'
import { sarifReport } from '../report/tests/sarif.ts'
import { tapReport } from '../report/tests/tap.ts'
import type { TestReport } from '../testing/results.ts'
import { TEST_FORMATS, type TestFormat } from './choices.ts'
import { UsageError } from './exit.ts'
import type { Output } from './terminal.ts'
import { packageVersion } from './version.ts'
import { written } from './write-file.ts'

/** A report that is written to a file. */
export interface ReportFile<Format extends string = TestFormat> {
  readonly format: Format
  readonly path: string
}

/**
 * The reports of `--report FORMAT=PATH`.
 * @throws UsageError where one is not in that form.
 */
export function reportFiles(texts: readonly string[]): ReportFile[] {
  return texts.map(text => reportFile('--report', text, TEST_FORMATS))
}

/**
 * Format and path of an option such as `--report`.
 * @throws UsageError where it is not FORMAT=PATH with one of the formats.
 */
export function reportFile<Format extends string>(
  option: string,
  text: string,
  formats: readonly Format[],
): ReportFile<Format> {
  const [, name, path] = /^([^=]*)=(.+)$/s.exec(text) ?? []
  const format = formats.find(each => each === name)
  if (format !== undefined && path !== undefined) return { format, path }
  throw new UsageError(`${option} takes FORMAT=PATH, not '${text}': ${formats.join(', ')}.`)
}

/** The report in a format. */
export function testReport(
  format: TestFormat,
  report: TestReport,
  { color, milliseconds }: { readonly color: boolean; readonly milliseconds: number },
): string {
  switch (format) {
    case 'pretty':
      return prettyReport(report, { color, milliseconds })
    case 'json':
      return jsonReport(report)
    case 'junit':
      return junitReport(report)
    case 'tap':
      return tapReport(report)
    case 'sarif':
      return sarifReport(report, packageVersion())
    case 'github':
      return githubReport(report)
    case 'markdown':
      return markdownReport(report)
  }
}

/** Prints a report, and writes the others to their files. */
export async function printReports(
  format: TestFormat,
  files: readonly ReportFile[],
  report: TestReport,
  milliseconds: number,
  out: Output,
): Promise<void> {
  await out.write(testReport(format, report, { color: out.color, milliseconds }))
  for (const file of files) {
    await written(file.path, testReport(file.format, report, { color: false, milliseconds }))
  }
}
