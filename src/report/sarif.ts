import { DIAGNOSTIC_CODES } from '../text/codes.ts'
import type { Severity } from '../text/diagnostic.ts'

/** A diagnostic with its place: lines and columns count from 1, the end is exclusive. */
export interface LocatedFinding {
  readonly file?: string
  readonly line?: number
  readonly column?: number
  readonly endLine?: number
  readonly endColumn?: number
  readonly severity: Severity
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly related?: readonly {
    readonly line: number
    readonly column: number
    readonly message: string
  }[]
}

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const

/**
 * Findings as a log of SARIF 2.1.0, which code scanning shows at their lines. Paths that are relative
 * stay so, with slashes. What is about no file is a notification of the run: it has no place for a result.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog(findings: readonly LocatedFinding[], version: string) {
  const located = findings.filter(({ file }) => file !== undefined)
  const general = findings.filter(({ file }) => file === undefined)
  const rules = codesOf(located)
  const notifications = codesOf(general)
  const driver = { name: 'kqlab', version, rules: [...rules.keys()].map(ruleOf) }
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0' as const,
    runs: [
      {
        tool: {
          driver:
            general.length === 0
              ? driver
              : { ...driver, notifications: [...notifications.keys()].map(ruleOf) },
        },
        columnKind: 'utf16CodeUnits' as const,
        ...(general.length === 0 ? {} : { invocations: [invocationOf(general, notifications)] }),
        results: located.map(finding => resultOf(finding, rules.get(finding.code) ?? -1)),
      },
    ],
  }
}

/** The codes of findings, each once, with their positions. */
function codesOf(findings: readonly LocatedFinding[]): Map<string, number> {
  const codes = [...new Set(findings.map(({ code }) => code))].sort()
  return new Map(codes.map((code, index) => [code, index]))
}

function invocationOf(findings: readonly LocatedFinding[], positions: ReadonlyMap<string, number>) {
  return {
    executionSuccessful: findings.every(({ severity }) => severity !== 'error'),
    toolExecutionNotifications: findings.map(({ code, severity, message, hint }) => ({
      descriptor: { id: code, index: positions.get(code) ?? -1 },
      level: LEVELS[severity],
      message: { text: textOf(message, hint) },
    })),
  }
}

function textOf(message: string, hint: string | undefined): string {
  return hint === undefined ? message : `${message}\n${hint}`
}

function ruleOf(code: string) {
  const text: string | undefined = Object.hasOwn(DIAGNOSTIC_CODES, code)
    ? DIAGNOSTIC_CODES[code as keyof typeof DIAGNOSTIC_CODES]
    : undefined
  return text === undefined ? { id: code } : { id: code, shortDescription: { text } }
}

function resultOf(finding: LocatedFinding, ruleIndex: number) {
  const { code, severity, message, hint, file, related = [] } = finding
  const artifactLocation = file === undefined ? undefined : { uri: uriOf(file) }
  const relatedLocations = related.map(({ line, column, message: text }, id) => ({
    id,
    message: { text },
    physicalLocation: {
      ...(artifactLocation === undefined ? {} : { artifactLocation }),
      region: { startLine: line, startColumn: column },
    },
  }))
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: textOf(message, hint) },
    locations:
      artifactLocation === undefined
        ? []
        : [{ physicalLocation: { artifactLocation, ...regionOf(finding) } }],
    ...(relatedLocations.length === 0 ? {} : { relatedLocations }),
  }
}

function regionOf({ line, column, endLine, endColumn }: LocatedFinding) {
  if (line === undefined) return {}
  const region = {
    startLine: line,
    ...(column === undefined ? {} : { startColumn: column }),
    ...(endLine === undefined ? {} : { endLine }),
    ...(endColumn === undefined ? {} : { endColumn }),
  }
  return { region }
}

/** A path as a reference: what a URI does not have, such as blanks, is escaped. */
function uriOf(path: string): string {
  const slashes = path.toWellFormed().replaceAll('\\', '/')
  const escaped = slashes.split('/').map(encodeURIComponent).join('/')
  if (/^[a-z]:\//i.test(slashes)) return `file:///${escaped.replace('%3A', ':')}`
  return slashes.startsWith('/') ? `file://${escaped}` : escaped.replace(/^(?:\.\/)+/, '')
}
