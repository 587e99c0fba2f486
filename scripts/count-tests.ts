/** Prints "N passed, N failed" of a vitest JSON report. A file that could not run is one failure. */
import { existsSync, readFileSync } from 'node:fs'

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

const [path] = process.argv.slice(2)
if (path === undefined) throw new Error('usage: count-tests.ts REPORT')

if (existsSync(path)) {
  const report: Report = JSON.parse(readFileSync(path, 'utf8'))
  const brokenFiles = report.testResults.filter(
    file =>
      file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed'),
  )
  console.log(
    `${report.numPassedTests} passed, ${report.numFailedTests + brokenFiles.length} failed`,
  )
} else {
  // The run broke before it had a report.
  console.log('0 passed, 1 failed')
}
