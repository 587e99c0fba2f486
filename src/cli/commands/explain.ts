import {
  describeScans,
  explainPlan,
  type ScanDescription,
  timeBounds,
} from '../../engine/plan/explain.ts'
import { planData } from '../../engine/plan/plan-data.ts'
import type { TextFormat } from '../choices.ts'
import { compileOrFail } from '../execute.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { visible } from '../formats/table.ts'
import { type DataOptions, parameterArguments } from '../options.ts'
import { queryFrom } from '../query-argument.ts'
import { diagnosticPrinter } from '../reporter.ts'
import { type Environment, startSession } from '../session.ts'
import { openSettings, readSettings, readsInput } from '../settings.ts'

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
  const parameters = parameterArguments(options.param ?? [])
  const settings = await readSettings(options, session.reporter)
  const query = await queryFrom(
    { query: argument, file: options.file, inputIsData: readsInput(settings) },
    session,
  )
  const data = await openSettings(settings, session)
  const { bound, plan } = await compileOrFail(query, data, parameters, session)
  const scans = describeScans(plan)
  const text =
    options.format === 'json'
      ? JSON.stringify({ bound: planData(bound), rewritten: planData(plan), scans }, undefined, 2)
      : [
          section('The plan as the query has it:', explainPlan(bound)),
          section('The plan as it runs:', explainPlan(plan)),
          section('What each scan is asked for:', scansText(scans)),
        ].join('\n\n')
  await session.terminal.out.write(`${text}\n`)
  return EXIT.ok
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
