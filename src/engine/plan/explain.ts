import { quoteString } from '../../lexer/string-literal.ts'
import { printName } from '../../parser/print-literal.ts'
import type { RequiredText, ScanColumn } from '../../tables/source.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { formatTimespan } from '../../types/timespan.ts'
import type {
  AggregateExpr,
  Expr,
  ExternalPlan,
  GraphMatchPlan,
  GraphPathsPlan,
  JoinBand,
  KeyValueRule,
  MakeGraphPlan,
  MakeSeriesPlan,
  MvApplyPlan,
  MvExpandPlan,
  NamedExpr,
  ParsePlan,
  PartitionTopPlan,
  PatternPart,
  Plan,
  ProjectPlan,
  ScanPlan,
  SequencePlan,
  SortKey,
} from './nodes.ts'
import { printColumn, printExpression, printPath, printSteps } from './print-expression.ts'
import { plansIn } from './walk.ts'

/** How many columns of a scan or of `arg_max(x, *)` are named; {@link describeScans} has them all. */
const NAMED_COLUMNS = 12
/** Literals of more characters are cut: a list of a thousand items is no help to a reader. */
const MAX_LITERAL = 240
const INDENT = '    '

/**
 * The plan as text: a pipeline as in the query, an operator a line, with the inputs of joins and
 * unions and the plans of subqueries indented below. Without a line break at the end. What `note` says
 * of a node stands behind its line.
 */
export function explainPlan(plan: Plan, note: (plan: Plan) => string = () => ''): string {
  return new PlanPrinter(note).pipeline(plan).join('\n')
}

/** What a scan is asked for. */
export interface ScanDescription {
  readonly table: string
  readonly columns: readonly {
    /** The column, or the path inside it: `TargetResources[0].displayName`. */
    readonly name: string
    readonly type: ScalarType
  }[]
  /** The range of time that is enough, as expressions: `from <= column <= to`. */
  readonly time?: { readonly column: string; readonly from?: string; readonly to?: string }
  /** Words of which rows that matter have one in a column, whatever the case. */
  readonly texts?: readonly RequiredText[]
}

/** What each scan of the plan is asked for, in the order of the pipeline, subqueries last. */
export function describeScans(plan: Plan): ScanDescription[] {
  return [...plansIn(plan)].flatMap(node => (node.kind === 'scan' ? [describeScan(node)] : []))
}

function describeScan({ table, columns, timeRange, texts }: ScanPlan): ScanDescription {
  const described = {
    table,
    columns: columns.flatMap(column =>
      scanColumnTexts(column).map(name => ({ name, type: column.type })),
    ),
    ...(texts === undefined ? {} : { texts }),
  }
  if (timeRange === undefined) return described
  const { column, from, to } = timeRange
  return {
    ...described,
    time: {
      column,
      ...(from === undefined ? {} : { from: printExpression(from, { maxLiteral: MAX_LITERAL }) }),
      ...(to === undefined ? {} : { to: printExpression(to, { maxLiteral: MAX_LITERAL }) }),
    },
  }
}

/** What is read of the column; `d[*].name` stands for a member of the elements of an array. */
function scanColumnTexts({ column, path, elements }: ScanColumn): string[] {
  const text = printPath(column, path ?? [])
  return elements?.map(steps => `${text}[*]${printSteps(steps)}`) ?? [text]
}

class PlanPrinter {
  readonly #shared = new Set<number>()
  readonly #note: (plan: Plan) => string
  /** How many lines a node took, so that the one after it finds its own. */
  readonly #lengths = new WeakMap<Plan, number>()
  /** The names of subqueries, each of which stands where it is used first. */
  readonly #subqueries = new Map<Plan, string>()

  constructor(note: (plan: Plan) => string) {
    this.#note = note
  }

  /** The lines of a plan, its source first. */
  pipeline(plan: Plan): string[] {
    const below: { name: string; plan: Plan }[] = []
    const text = (expr: Expr): string =>
      printExpression(expr, {
        maxLiteral: MAX_LITERAL,
        nameSubquery: query => {
          let name = this.#subqueries.get(query.plan)
          if (name === undefined) {
            name = `subquery ${this.#subqueries.size + 1}`
            this.#subqueries.set(query.plan, name)
            below.push({ name, plan: query.plan })
          }
          return query.mode === 'scalar' ? `toscalar(${name})` : `(${name})`
        },
      })
    const lines = this.#noted(plan, this.#node(plan, text))
    for (const { name, plan: subplan } of below) {
      lines.push(`${INDENT}${name}:`, ...indented(this.pipeline(subplan)))
    }
    this.#lengths.set(plan, lines.length)
    return lines
  }

  /** The lines with the note of the node behind its own line, which stands after those of its input. */
  #noted(plan: Plan, lines: string[]): string[] {
    const note = this.#note(plan)
    const before = plan.kind === 'join' ? plan.left : 'input' in plan ? plan.input : undefined
    const isBelow = plan.kind === 'shared' || isPrint(plan) || before === undefined
    const at = isBelow ? 0 : (this.#lengths.get(before) ?? 0)
    if (note === '' || lines[at] === undefined) return lines
    return lines.with(at, `${lines[at]}  -- ${note}`)
  }

  #node(plan: Plan, text: (expr: Expr) => string): string[] {
    switch (plan.kind) {
      case 'scan':
        return [scanText(plan)]
      case 'external':
        return [externalText(plan, text)]
      case 'values':
        return [valuesText(plan.rows.length, plan.schema.length)]
      case 'context':
        return ['rows at hand']
      case 'range': {
        const [column] = plan.schema
        const name = printName(column?.name ?? '')
        return [`range ${name} from ${text(plan.from)} to ${text(plan.to)} step ${text(plan.step)}`]
      }
      case 'union':
        return [
          `union of ${plan.inputs.length}`,
          ...plan.inputs.flatMap((input, index) => [
            `${INDENT}input ${index + 1}:`,
            ...indented(this.pipeline(input)),
          ]),
        ]
      case 'join': {
        const above = this.pipeline(plan.left)
        const keys = plan.keys.map(
          ({ left, right }) =>
            `${sideText('$left', left, text)} == ${sideText('$right', right, text)}`,
        )
        const on = keys.length === 0 ? '' : ` on ${keys.join(', ')}`
        return [
          ...above,
          `| join kind=${plan.joinKind}${on}${bandText(plan.band)}`,
          ...indented(this.pipeline(plan.right)),
        ]
      }
      case 'mv-apply':
        return [
          ...this.pipeline(plan.input),
          `| ${mvApplyText(plan, text)} on`,
          ...indented(this.pipeline(plan.body)),
        ]
      case 'make-graph':
        return [
          ...this.pipeline(plan.input),
          `| make-graph ${printName(plan.source)} --> ${printName(plan.target)}${nodeIdText(plan)}`,
          ...plan.nodes.flatMap(({ plan: nodes, id }) => [
            `${INDENT}nodes on ${printName(id)}:`,
            ...indented(this.pipeline(nodes)),
          ]),
        ]
      case 'partition':
        return [
          ...this.pipeline(plan.input),
          `| partition by ${printName(plan.key)}`,
          ...indented(this.pipeline(plan.body)),
        ]
      case 'evaluate':
        return [
          ...(plan.inputs[0] === undefined ? [] : this.pipeline(plan.inputs[0])),
          `| evaluate ${plan.plugin}(${plan.options.map(item => namedText(item, text)).join(', ')})`,
          ...plan.inputs.slice(1).flatMap(input => indented(this.pipeline(input))),
        ]
      case 'late':
        return [
          ...this.pipeline(plan.input),
          `| evaluate ${plan.plugin}(${printColumn(plan.column)}), whose columns the data tell`,
        ]
      case 'shared': {
        const name = `shared ${plan.id + 1}`
        if (this.#shared.has(plan.id)) return [`${name}, as above`]
        this.#shared.add(plan.id)
        return [`${name}: computed once`, ...indented(this.pipeline(plan.input))]
      }
      default: {
        if (isPrint(plan)) return [`print ${columnsText(plan, text)}`]
        const input = this.pipeline(plan.input)
        const line = operatorText(plan, text)
        return line === '' ? input : [...input, `| ${line}`]
      }
    }
  }
}

/** Columns over one row without any: what the query wrote as `print`. */
function isPrint(plan: Plan): plan is ProjectPlan {
  if (plan.kind !== 'project' || plan.input.kind !== 'values') return false
  return plan.input.schema.length === 0 && plan.input.rows.length === 1
}

function sideText(side: string, key: Expr, text: (expr: Expr) => string): string {
  return key.kind === 'column' ? `${side}.${text(key)}` : text(key)
}

function indented(lines: readonly string[]): string[] {
  return lines.map(line => INDENT + line)
}

function scanText(plan: ScanPlan): string {
  const { table, columns } = plan
  const names =
    columns.length > NAMED_COLUMNS
      ? `${columns.length} columns`
      : columns.flatMap(scanColumnTexts).join(', ') || 'no column'
  const { time, texts = [] } = describeScan(plan)
  return [
    `scan ${printName(table)}: ${names}`,
    ...(time === undefined ? [] : timeBounds(time)),
    ...texts.map(requiredText),
  ].join('; ')
}

function externalText(
  { addresses, reading, schema }: ExternalPlan,
  text: (expr: Expr) => string,
): string {
  const { format, skipFirst } = reading
  const columns = schema.map(({ name }) => printName(name)).join(', ') || 'no column'
  const properties = [
    ...(format === undefined ? [] : [`format=${format}`]),
    ...(skipFirst ? ['ignoreFirstRecord=true'] : []),
  ]
  const rest = properties.length === 0 ? '' : `; ${properties.join(', ')}`
  return `externaldata ${listText(addresses.map(text))}: ${columns}${rest}`
}

/** The bounds of a scan's range of time: `TimeGenerated >= ago(2h)`. */
export function timeBounds(time: NonNullable<ScanDescription['time']>): string[] {
  const { column, from, to } = time
  return [
    ...(from === undefined ? [] : [`${printName(column)} >= ${from}`]),
    ...(to === undefined ? [] : [`${printName(column)} <= ${to}`]),
  ]
}

/** What must be somewhere in a row: `"temporaryaccesspass" in TargetResources`. */
export function requiredText({ columns, words }: RequiredText): string {
  const listed = words.map(word => JSON.stringify(word)).join(' or ')
  return `${listed} in ${columns.map(printName).join(' or ')}`
}

function valuesText(rows: number, columns: number): string {
  return `values: ${counted(rows, 'row')} of ${counted(columns, 'column')}`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

type Operator = Exclude<
  Plan,
  {
    kind:
      | 'scan'
      | 'external'
      | 'values'
      | 'range'
      | 'context'
      | 'union'
      | 'join'
      | 'mv-apply'
      | 'partition'
      | 'make-graph'
      | 'evaluate'
      | 'late'
      | 'shared'
  }
>

/** The operator without its input; empty where it does nothing that could be told. */
function operatorText(plan: Operator, text: (expr: Expr) => string): string {
  switch (plan.kind) {
    case 'where':
      return `where ${text(plan.predicate)}`
    case 'project':
      return projectText(plan, text)
    case 'summarize': {
      const aggregates = plan.aggregates.map(item => aggregateText(item, text))
      const keys = plan.keys.map(key => namedText(key, text))
      const by = keys.length === 0 ? '' : `by ${keys.join(', ')}`
      return ['summarize', aggregates.join(', '), by].filter(part => part !== '').join(' ')
    }
    case 'mv-expand':
      return mvExpandText(plan, text)
    case 'parse':
      return parseText(plan, text)
    case 'graph-components':
      return `graph-mark-components kind=${plan.components} with_component_id=${printName(plan.property)}`
    case 'graph-table':
      return `graph-to-table ${plan.what}`
    case 'graph-match':
      return `graph-match cycles=${plan.cycles} ${searchText(plan, text)}`
    case 'graph-paths':
      return `graph-shortest-paths output=${plan.output}${plan.acyclic ? ' cycles=none' : ''} ${searchText(plan, text)}`
    case 'sequence':
      return sequenceText(plan, text)
    case 'make-series':
      return makeSeriesText(plan, text)
    case 'sort':
      return `sort by ${plan.keys.map(key => sortText(key, text)).join(', ')}`
    case 'top':
      return `top ${text(plan.count)} by ${plan.keys.map(key => sortText(key, text)).join(', ')}`
    case 'take':
      return `take ${text(plan.count)}`
    case 'sample':
      return `sample ${text(plan.count)}`
    case 'partition-top':
      return partitionTopText(plan, text)
    case 'window': {
      if (plan.columns.length === 0) return 'serialize'
      const columns = plan.columns.map(
        ({ name, function: called, arguments: args }) =>
          `${printColumn(name)} = ${called}(${args.map(text).join(', ')})`,
      )
      return `serialize ${columns.join(', ')}`
    }
  }
}

function partitionTopText(plan: PartitionTopPlan, text: (expr: Expr) => string): string {
  const { partition, keys, count } = plan
  const order = keys.map(key => sortText(key, text)).join(', ')
  const of = partition.length === 0 ? '' : ` of each ${partition.map(text).join(', ')}`
  return count === undefined ? `sort by ${order}${of}` : `top ${text(count)} by ${order}${of}`
}

/** As `extend` where the input's columns all stay in their places. */
function projectText(plan: ProjectPlan, text: (expr: Expr) => string): string {
  const { columns } = plan
  const { schema } = plan.input
  const inPlace =
    schema.length > 0 && schema.every((column, index) => columns[index]?.name === column.name)
  if (!inPlace) return `project ${columnsText(plan, text)}`
  const changed = columns.filter(
    (column, index) => index >= schema.length || !isColumn(column.expr, column.name),
  )
  if (changed.length === 0) return ''
  return `extend ${changed.map(column => namedText(column, text)).join(', ')}`
}

function columnsText({ columns }: ProjectPlan, text: (expr: Expr) => string): string {
  return columns.map(column => namedText(column, text)).join(', ')
}

function isColumn(expr: Expr, name: string): boolean {
  return expr.kind === 'column' && expr.name === name
}

function namedText({ name, expr }: NamedExpr, text: (expr: Expr) => string): string {
  const shown = printColumn(name)
  const value = text(expr)
  return value === shown ? shown : `${shown} = ${value}`
}

function aggregateText(item: AggregateExpr, text: (expr: Expr) => string): string {
  const call = `${item.function}(${listText(item.arguments.map(text))})`
  const names = item.outputs.map(output => printColumn(output.name))
  return names.length === 1 ? `${names[0]} = ${call}` : `(${listText(names)}) = ${call}`
}

function listText(items: readonly string[]): string {
  if (items.length <= NAMED_COLUMNS) return items.join(', ')
  const rest = items.length - NAMED_COLUMNS
  return `${items.slice(0, NAMED_COLUMNS).join(', ')}, … ${rest} more`
}

function sortText(key: SortKey, text: (expr: Expr) => string): string {
  return `${text(key.expr)} ${key.direction} nulls ${key.nulls}`
}

/** Between which bounds the times of a pair are that matters. */
function bandText(band: JoinBand | undefined): string {
  if (band === undefined) return ''
  const { left, right, least, greatest } = band
  const [from, to] = [least, greatest].map(ticks =>
    ticks === undefined ? '' : formatTimespan(ticks),
  )
  return ` where ${printColumn(right)} - ${printColumn(left)} in (${from} .. ${to})`
}

function mvExpandText(plan: MvExpandPlan, text: (expr: Expr) => string): string {
  const kind = plan.bagKind === 'array' ? 'kind=array ' : ''
  return `mv-expand ${kind}${expansionText(plan, text)}`
}

function nodeIdText({ nodeId }: MakeGraphPlan): string {
  return nodeId === undefined ? '' : ` with_node_id=${printName(nodeId)}`
}

/** The edges of a pattern, its nodes by number, and what elements must satisfy. */
function searchText(
  { elements, columns }: GraphMatchPlan | GraphPathsPlan,
  text: (expr: Expr) => string,
): string {
  const edges = elements.map(element => {
    if (element.kind === 'node') return ''
    const range = element.range === undefined ? '' : `[*${element.range.min}..${element.range.max}]`
    const [left, right] = [element.direction === 'left', element.direction === 'right']
    return `(${element.from})${left ? '<' : ''}-${range}-${right ? '>' : ''}(${element.to})`
  })
  const filters = elements.flatMap((element, index) => [
    ...(element.filter === undefined ? [] : [`${index}: ${text(element.filter)}`]),
    ...(element.kind === 'node' || element.innerFilter === undefined
      ? []
      : [`inner nodes of ${index}: ${text(element.innerFilter)}`]),
  ])
  const shown = edges.filter(edge => edge !== '').join(', ') || '(0)'
  const where = filters.length === 0 ? '' : ` where ${filters.join(', ')}`
  return `${shown}${where} project ${columns.map(({ name }) => printColumn(name)).join(', ')}`
}

function sequenceText(plan: SequencePlan, text: (expr: Expr) => string): string {
  const matchId = plan.matchId === undefined ? '' : ` with_match_id=${printName(plan.matchId)}`
  const declared = plan.declared.map(column => namedText(column, text)).join(', ')
  const declare = declared === '' ? '' : ` declare (${declared})`
  const steps = plan.steps.map(({ name, output, condition, assignments }) => {
    const assigned = assignments.map(column => namedText(column, text)).join(', ')
    const then = assigned === '' ? '' : ` => ${assigned}`
    return `step ${printName(name)} output=${output}: ${text(condition)}${then};`
  })
  return `scan${matchId}${declare} with (${steps.join(' ')})`
}

function mvApplyText(plan: MvApplyPlan, text: (expr: Expr) => string): string {
  return `mv-apply ${expansionText(plan, text)}`
}

function makeSeriesText(plan: MakeSeriesPlan, text: (expr: Expr) => string): string {
  const { keys, values, axis, from, to, toInclusive, step, nonEmpty } = plan
  const columns = values.map(value => `${printColumn(value.name)} default = ${text(value.default)}`)
  return [
    'make-series',
    ...(nonEmpty ? ['kind=nonempty'] : []),
    columns.join(', '),
    `on ${printColumn(axis.name)} = ${printColumn(axis.column)}`,
    ...(from === undefined ? [] : [`from ${text(from)}`]),
    ...(to === undefined ? [] : [`to ${toInclusive ? 'and with ' : ''}${text(to)}`]),
    `step ${text(step)}`,
    ...(keys.length === 0 ? [] : [`by ${keys.map(printColumn).join(', ')}`]),
  ].join(' ')
}

function parseText(
  { text: parsed, method, mismatch }: ParsePlan,
  text: (expr: Expr) => string,
): string {
  if (method.kind === 'key-value') {
    const keys = method.keys.map(({ name, type }) => `${printName(name)}: ${type}`)
    return `parse-kv ${text(parsed)} as (${keys.join(', ')})${keyValueText(method.rule)}`
  }
  const flags = method.flags === '' ? '' : ` flags=${method.flags}`
  const kind = method.kind === 'simple' ? '' : ` kind=${method.kind}${flags}`
  const name = mismatch === 'drop' ? 'parse-where' : 'parse'
  return `${name}${kind} ${text(parsed)} with ${method.pattern.map(patternText).join(' ')}`
}

function patternText(part: PatternPart): string {
  if (part.kind === 'any') return '*'
  if (part.kind === 'text') return quoteString(part.text)
  const name = printName(part.name)
  return part.type === 'string' ? name : `${name}: ${part.type}`
}

function keyValueText({ delimiters, regex, quotes, escapes, greedy }: KeyValueRule): string {
  const parts = [
    ...(regex === undefined ? [] : [`regex=${quoteString(regex)}`]),
    ...(delimiters === undefined
      ? []
      : [
          `pair_delimiter=${quoteString(delimiters.pair)}`,
          `kv_delimiter=${quoteString(delimiters.keyValue)}`,
        ]),
    ...quotes.map(([open, close]) => `quote=${quoteString(open === close ? open : open + close)}`),
    ...escapes.map(char => `escape=${quoteString(char)}`),
    ...(greedy ? ['greedy=true'] : []),
  ]
  return parts.length === 0 ? '' : ` with (${parts.join(', ')})`
}

function expansionText(plan: MvExpandPlan | MvApplyPlan, text: (expr: Expr) => string): string {
  const index = plan.itemIndex === undefined ? '' : `with_itemindex=${printName(plan.itemIndex)} `
  const columns = plan.columns.map(column => {
    const type = column.type === 'dynamic' ? '' : ` to typeof(${column.type})`
    // A part of the elements, under the name of its path.
    if (column.steps !== undefined) return `${printColumn(column.name)} in ${text(column.expr)}`
    return namedText(column, text) + type
  })
  const limit = plan.limit === undefined ? '' : ` limit ${text(plan.limit)}`
  return `${index}${columns.join(', ')}${limit}`
}
