import type { PlanProfile } from '../../engine/execution.ts'
import {
  describeScans,
  explainPlan,
  requiredText,
  type ScanDescription,
  timeBounds,
} from '../../engine/plan/explain.ts'
import type { Plan } from '../../engine/plan/nodes.ts'
import { inputsOf } from '../../engine/plan/plan.ts'
import { planData } from '../../engine/plan/plan-data.ts'
import { subqueriesOf } from '../../engine/plan/rewrites/map-plan.ts'
import type { CompiledResult } from '../../engine/query.ts'
import type { TextFormat } from '../choices.ts'
import type { Data } from '../data.ts'
import { type Compiled, compileOrFail, execute } from '../execute.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { countText, visible } from '../formats/table.ts'
import { geoipOptions } from '../geoip.ts'
import {
  clockTime,
  type ExecutionOptions,
  executeOptions,
  nowArgument,
  parameterArguments,
} from '../options.ts'
import { queryFrom } from '../query-argument.ts'
import { type Environment, type Session, sessionOf } from '../session.ts'
import { openSettings, readSettings, readsInput, type Settings } from '../settings.ts'

/** The options of `kqlab explain`. */
export interface ExplainOptions extends ExecutionOptions {
  readonly analyze?: boolean
  readonly file?: string
  readonly param?: readonly string[]
  readonly format: TextFormat
}

/** Prints the plan of a query as bound and as it runs, and what its scans are asked for. */
export async function explainQuery(
  argument: string | undefined,
  options: ExplainOptions,
  environment: Environment,
): Promise<ExitCode> {
  const session = sessionOf(environment, options)
  const parameters = parameterArguments(options.param ?? [])
  const settings = await readSettings(options, session.reporter)
  const query = await queryFrom(
    { query: argument, file: options.file, inputIsData: readsInput(settings) },
    session,
  )
  const data = await openSettings(settings, session)
  const compiled = await compileOrFail(query, data, parameters, session)
  const profile =
    options.analyze === true ? await analyze(compiled, data, options, settings, session) : undefined
  const { results } = compiled
  const text = options.format === 'json' ? jsonText(results, profile) : plainText(results, profile)
  await session.terminal.out.write(`${text}\n`)
  return EXIT.ok
}

/** Runs the query for what its operators do. */
async function analyze(
  compiled: Compiled,
  data: Data,
  options: ExplainOptions,
  { config }: Settings,
  session: Session,
): Promise<PlanProfile> {
  const profile: PlanProfile = { clock: () => performance.now(), nodes: new Map() }
  const now = nowArgument(options.now ?? config.now) ?? clockTime()
  const geoip = await geoipOptions(options.geoip ?? config.geoip, session.reporter)
  const sink = { batch: () => Promise.resolve(), end: () => Promise.resolve() }
  const execution = { ...executeOptions(options, config), ...geoip, now, profile }
  await execute(compiled, data, execution, () => sink, session)
  return profile
}

/** What the node itself took: its inputs have their own time. */
function ownTime(plan: Plan, { nodes }: PlanProfile): number {
  const inputs = inputsOf(plan).map(input => nodes.get(input)?.time ?? 0)
  return Math.max(0, (nodes.get(plan)?.time ?? 0) - inputs.reduce((sum, time) => sum + time, 0))
}

function noteOf(plan: Plan, profile: PlanProfile): string {
  const node = profile.nodes.get(plan)
  if (node === undefined) return plan.kind === 'scan' ? 'read by the next operator' : 'not run'
  return `${countText(node.rows, 'row')}, ${ownTime(plan, profile).toFixed(1)} ms`
}

/** Rows and time of each operator, in the order of the pipeline; of what several read, once. */
function analysisData(plan: Plan, profile: PlanProfile): unknown[] {
  const seen = new Set<Plan>()
  const visit = (node: Plan): unknown[] => {
    if (seen.has(node)) return []
    seen.add(node)
    const own = profile.nodes.get(node)
    return [
      ...[...inputsOf(node), ...subqueriesOf(node)].flatMap(visit),
      { kind: node.kind, rows: own?.rows ?? null, milliseconds: own && ownTime(node, profile) },
    ]
  }
  return visit(plan)
}

/** `{"bound":…,"rewritten":…,"scans":…}`, or the same with names in `{"results":[…]}`. */
function jsonText(results: readonly CompiledResult[], profile: PlanProfile | undefined): string {
  const described = results.map(({ name, bound, plan }) => ({
    ...(results.length === 1 ? {} : { name: name ?? null }),
    bound: planData(bound),
    rewritten: planData(plan),
    scans: describeScans(plan),
    ...(profile === undefined ? {} : { analysis: analysisData(plan, profile) }),
  }))
  return JSON.stringify(results.length === 1 ? described[0] : { results: described }, undefined, 2)
}

function plainText(results: readonly CompiledResult[], profile: PlanProfile | undefined): string {
  return results
    .flatMap(({ name, bound, plan }, index) => [
      ...(results.length === 1 ? [] : [visible(name ?? `Result ${index + 1}`)]),
      section('The plan as the query has it:', explainPlan(bound)),
      profile === undefined
        ? section('The plan as it runs:', explainPlan(plan))
        : section(
            'The plan as it ran, with the rows that each operator gave and its own time:',
            explainPlan(plan, node => noteOf(node, profile)),
          ),
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

function scanLines({ table, columns, time, texts = [] }: ScanDescription): string[] {
  const width = Math.max(0, ...columns.map(column => column.name.length))
  return [
    table,
    ...columns.map(column => `    ${column.name.padEnd(width)}  ${column.type}`),
    ...(columns.length === 0 ? ['    no column: only how many rows there are'] : []),
    ...(time === undefined ? [] : [`    where ${timeBounds(time).join(' and ')}`]),
    ...texts.map(text => `    with ${requiredText(text)}`),
  ]
}
