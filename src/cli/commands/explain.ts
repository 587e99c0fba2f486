import {
  describeScans,
  explainPlan,
  type ScanDescription,
  timeBounds,
} from '../../engine/plan/explain.ts'
import { planData } from '../../engine/plan/plan-data.ts'
import type { CompiledResult } from '../../engine/query.ts'
import type { TextFormat } from '../choices.ts'
import { openTables } from '../data.ts'
import { compileOrFail } from '../execute.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { visible } from '../formats/table.ts'
import { type DataOptions, dataArguments, parameterArguments } from '../options.ts'
import { queryFrom } from '../query-argument.ts'
import { diagnosticPrinter } from '../reporter.ts'
import { type Environment, startSession } from '../session.ts'

/** The options of `kqlab explain`. */
export interface ExplainOptions extends DataOptions {
  readonly file?: string
  readonly param?: readonly string[]
  readonly format: TextFormat
  readonly diagnostics: TextFormat
}

/** Prints the plan of a query as bound and as it runs, and what its scans are asked for. */
export async function explainQuery(
  argument: string | undefined,
  options: ExplainOptions,
  environment: Environment,
): Promise<ExitCode> {
  const session = startSession(
    environment,
    diagnosticPrinter(options.diagnostics, environment.terminal.err),
  )
  const { reporter, signal } = session
  const tables = dataArguments(options)
  const parameters = parameterArguments(options.param ?? [])
  const query = await queryFrom({ query: argument, file: options.file }, session)
  const data = await openTables(tables, reporter, signal)
  const { results } = await compileOrFail(query, data, parameters, session)
  const text = options.format === 'json' ? jsonText(results) : plainText(results)
  await session.terminal.out.write(`${text}\n`)
  return EXIT.ok
}

/** `{"bound":…,"rewritten":…,"scans":…}`, or the same with names in `{"results":[…]}`. */
function jsonText(results: readonly CompiledResult[]): string {
  const described = results.map(({ name, bound, plan }) => ({
    ...(results.length === 1 ? {} : { name: name ?? null }),
    bound: planData(bound),
    rewritten: planData(plan),
    scans: describeScans(plan),
  }))
  return JSON.stringify(results.length === 1 ? described[0] : { results: described }, undefined, 2)
}

function plainText(results: readonly CompiledResult[]): string {
  return results
    .flatMap(({ name, bound, plan }, index) => [
      ...(results.length === 1 ? [] : [visible(name ?? `Result ${index + 1}`)]),
      section('The plan as the query has it:', explainPlan(bound)),
      section('The plan as it runs:', explainPlan(plan)),
      section('What each scan is asked for:', scansText(describeScans(plan))),
    ])
    .join('\n\n')
}

function section(title: string, text: string): string {
  const lines = text.split('\n').map(line => `  ${visible(line)}`)
  return [title, ...lines].join('\n')
}

function scansText(scans: readonly ScanDescription[]): string {
  if (scans.length === 0) return 'The query reads no table.'
  return scans.flatMap(scanLines).join('\n')
}

function scanLines({ table, columns, time }: ScanDescription): string[] {
  const width = Math.max(0, ...columns.map(column => column.name.length))
  return [
    table,
    ...columns.map(column => `    ${column.name.padEnd(width)}  ${column.type}`),
    ...(columns.length === 0 ? ['    no column: only how many rows there are'] : []),
    ...(time === undefined ? [] : [`    where ${timeBounds(time).join(' and ')}`]),
  ]
}
