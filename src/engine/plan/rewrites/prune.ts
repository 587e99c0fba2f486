import { bothElements, type PathStep } from '../../../tables/source.ts'
import type { Column } from '../../../types/schema.ts'
import { contextsOf } from '../contexts.ts'
import { collectColumns, mapChildren, varies } from '../expression.ts'
import type {
  AggregateExpr,
  Expr,
  MvExpandColumn,
  NamedExpr,
  PathExpr,
  Plan,
  ProjectPlan,
  WindowColumn,
  WindowPlan,
} from '../nodes.ts'
import { parsedColumns } from '../parse-method.ts'
import { pathName } from '../path-name.ts'
import { mapExpressions, mapInputs } from './map-plan.ts'

/** A path inside a dynamic column that something above reads. */
interface PathRequest {
  readonly column: string
  readonly steps: readonly PathStep[]
  /** Where an array there is only expanded: what of its elements is read. */
  readonly elements?: readonly (readonly string[])[]
}

/** What is read of a node's result: whole columns, and paths inside dynamic ones, by their names. */
class Requests {
  readonly columns: Set<string>
  readonly paths: Map<string, PathRequest>

  constructor(
    columns: Iterable<string> = [],
    paths: Iterable<readonly [string, PathRequest]> = [],
  ) {
    this.columns = new Set(columns)
    this.paths = new Map(paths)
  }

  copy(): Requests {
    return new Requests(this.columns, this.paths)
  }

  addPath(column: string, steps: readonly PathStep[], elements?: PathRequest['elements']): string {
    const name = pathName(column, steps)
    const known = this.paths.get(name)
    const all = known === undefined ? elements : bothElements(known.elements, elements)
    this.paths.set(name, { column, steps, ...(all === undefined ? {} : { elements: all }) })
    return name
  }

  /** Adds what the expression reads. */
  add(expr: Expr): void {
    if (expr.kind === 'column') this.columns.add(expr.name)
    else if (isColumnPath(expr)) this.addPath(expr.target.name, expr.steps)
    else
      mapChildren(expr, child => {
        this.add(child)
        return child
      })
  }
}

type ColumnPath = PathExpr & { readonly target: Extract<Expr, { kind: 'column' }> }

function isColumnPath(expr: Expr): expr is ColumnPath {
  return expr.kind === 'path' && expr.target.kind === 'column'
}

/** The expression with paths inside columns read as the columns that the input gives for them. */
function readPaths(expr: Expr): Expr {
  if (!isColumnPath(expr)) return mapChildren(expr, readPaths)
  const name = pathName(expr.target.name, expr.steps)
  return { kind: 'column', type: 'dynamic', name, span: expr.span }
}

/**
 * Narrows the plan to the columns that its result needs, down to the scans; a dynamic column of which
 * only some paths are read is asked for at those paths.
 */
export function prune(plan: Plan): Plan {
  const names = plan.schema.map(column => column.name)
  return exactly(pruneTo(plan, new Requests(names)), names)
}

/** The plan with just these columns, in this order. */
function exactly(plan: Plan, names: readonly string[]): Plan {
  const same =
    plan.schema.length === names.length &&
    plan.schema.every((column, index) => column.name === names[index])
  if (same) return plan
  return projectTo(
    plan,
    names.flatMap(name => plan.schema.find(item => item.name === name) ?? []),
  )
}

function projectTo(input: Plan, schema: readonly Column[]): ProjectPlan {
  const columns = schema.map(({ name, type }) => ({
    name,
    expr: { kind: 'column', type, name, span: input.span } as const,
  }))
  return { kind: 'project', input, columns, schema, span: input.span }
}

function pathColumns(requests: Requests): Column[] {
  return [...requests.paths.keys()].map(name => ({ name, type: 'dynamic' }))
}

/** A plan that gives at least what is requested, the paths as columns of their own. */
function pruneTo(plan: Plan, requests: Requests): Plan {
  switch (plan.kind) {
    case 'scan':
      return pruneScan(plan, requests)
    case 'project':
      return pruneProject(plan, requests)
    case 'where':
    case 'sort':
    case 'top':
    case 'take':
    case 'sample':
    case 'partition-top':
      return pruneTransparent(plan, requests)
    case 'join':
      return pruneJoin(plan, requests)
    case 'mv-expand':
      return pruneMvExpand(plan, requests)
    case 'mv-apply':
      return pruneMvApply(plan, requests)
    case 'make-graph':
    case 'graph-components':
    case 'graph-table':
    case 'graph-match':
    case 'graph-paths':
      // What a graph is made of is kept as it is.
      return withPaths(mapInputs(plan, prune), requests)
    case 'partition':
      return prunePartition(plan, requests)
    case 'sequence':
      return withPaths(pruneSequence(plan, wholeColumns(requests)), requests)
    case 'parse':
      return pruneParse(plan, requests)
    case 'context':
      return pruneContext(plan, requests)
    case 'summarize':
      return pruneSummarize(plan, requests)
    case 'make-series':
      return withPaths(pruneMakeSeries(plan, wholeColumns(requests)), requests)
    case 'union':
      return pruneUnion(plan, requests)
    case 'window':
      return pruneWindow(plan, requests)
    case 'evaluate': {
      // A plugin's input has the columns that it reads, in their order.
      const inputs = plan.inputs.map(input => {
        const names = input.schema.map(column => column.name)
        return exactly(pruneTo(input, new Requests(names)), names)
      })
      return withPaths({ ...plan, inputs }, requests)
    }
    case 'late':
    case 'shared':
      // Each reader would narrow it differently: it is narrowed for none.
      return withPaths(plan, requests)
    case 'external': {
      const wanted = wholeColumns(requests)
      const schema = plan.schema.filter(column => wanted.has(column.name))
      return withPaths({ ...plan, schema }, requests)
    }
    case 'values':
    case 'range':
      return withPaths(plan, requests)
  }
}

/** The columns that must be there for a node that cannot give paths: those, whole. */
function wholeColumns(requests: Requests): Set<string> {
  return new Set([...requests.columns, ...[...requests.paths.values()].map(path => path.column)])
}

/** Adds the requested paths as columns computed from whole ones. */
function withPaths(plan: Plan, requests: Requests): Plan {
  if (requests.paths.size === 0) return plan
  const whole = projectTo(
    plan,
    plan.schema.filter(column => requests.columns.has(column.name)),
  )
  const { span } = plan
  const paths = [...requests.paths].map(([name, { column, steps }]): NamedExpr => {
    const target = { kind: 'column', type: 'dynamic', name: column, span } as const
    return { name, expr: { kind: 'path', type: 'dynamic', target, steps, span } }
  })
  return {
    ...whole,
    columns: [...whole.columns, ...paths],
    schema: [...whole.schema, ...pathColumns(requests)],
  }
}

function pruneScan(plan: Extract<Plan, { kind: 'scan' }>, requests: Requests): Plan {
  const kept = plan.columns.filter(column => requests.columns.has(column.name))
  const paths = [...requests.paths].map(([name, { column, steps, elements }]) => {
    const source = plan.columns.find(item => item.name === column)
    const path = [...(source?.path ?? []), ...steps]
    return {
      name,
      type: 'dynamic',
      column: source?.column ?? column,
      ...(path.length === 0 ? {} : { path }),
      ...(elements === undefined ? {} : { elements }),
    } as const
  })
  const columns = [...kept, ...paths]
  return { ...plan, columns, schema: columns.map(({ name, type }) => ({ name, type })) }
}

function pruneProject(plan: ProjectPlan, requests: Requests): Plan {
  const below = new Requests()
  const columns: NamedExpr[] = []
  const above = new Requests(requests.columns)
  for (const [name, request] of requests.paths) {
    const expr = plan.columns.find(item => item.name === request.column)?.expr
    const path = expr === undefined ? undefined : pathInto(expr, request.steps)
    if (path === undefined) {
      above.paths.set(name, request)
      continue
    }
    above.columns.add(name)
    if (isColumnPath(path)) below.addPath(path.target.name, path.steps, request.elements)
    else below.add(path)
    columns.push({ name, expr: readPaths(path) })
  }
  const wanted = wholeColumns(new Requests(requests.columns, above.paths))
  const whole = plan.columns.filter(column => wanted.has(column.name))
  for (const column of whole) below.add(column.expr)
  columns.unshift(...whole.map(column => ({ ...column, expr: readPaths(column.expr) })))
  const input = pruneTo(plan.input, below)
  const schema = columns.map(({ name, expr }) => ({ name, type: expr.type }))
  return withPaths({ ...plan, input, columns, schema }, above)
}

/**
 * The path inside what the expression gives, where that is a part of the input; undefined where it
 * is computed, which is to be done once, not for each of its paths.
 */
function pathInto(expr: Expr, steps: readonly PathStep[]): Expr | undefined {
  if (expr.kind === 'path' && expr.target.kind === 'column') {
    return { ...expr, steps: [...expr.steps, ...steps] }
  }
  if (expr.kind !== 'column') return undefined
  return { kind: 'path', type: 'dynamic', target: expr, steps, span: expr.span }
}

function pruneTransparent(
  plan: Extract<Plan, { kind: 'where' | 'sort' | 'top' | 'take' | 'sample' | 'partition-top' }>,
  requests: Requests,
): Plan {
  const below = requests.copy()
  const rewritten = mapExpressions(plan, expr => {
    below.add(expr)
    return readPaths(expr)
  }) as typeof plan
  const input = pruneTo(plan.input, below)
  return { ...rewritten, input, schema: input.schema }
}

function pruneJoin(plan: Extract<Plan, { kind: 'join' }>, requests: Requests): Plan {
  const left = new Requests()
  const right = new Requests()
  for (const key of plan.keys) {
    left.add(key.left)
    right.add(key.right)
  }
  const columns = plan.columns.filter(column => requests.columns.has(column.name))
  for (const { side, column } of columns) (side === 'left' ? left : right).columns.add(column)
  for (const [name, { column, steps }] of requests.paths) {
    const source = plan.columns.find(item => item.name === column)
    if (source === undefined) continue
    const request = (source.side === 'left' ? left : right).addPath(source.column, steps)
    columns.push({ name, side: source.side, column: request })
  }
  const types = new Map(plan.schema.map(column => [column.name, column.type]))
  return {
    ...plan,
    left: pruneTo(plan.left, left),
    right: pruneTo(plan.right, right),
    keys: plan.keys.map(key => ({ left: readPaths(key.left), right: readPaths(key.right) })),
    columns,
    schema: columns.map(({ name }) => ({ name, type: types.get(name) ?? 'dynamic' })),
  }
}

function pruneMvExpand(plan: Extract<Plan, { kind: 'mv-expand' }>, requests: Requests): Plan {
  const made = new Set(plan.columns.map(column => column.name))
  const below = new Requests()
  for (const name of requests.columns) {
    if (!made.has(name) && name !== plan.itemIndex) below.columns.add(name)
  }
  const through = new Requests()
  const inside = new Requests()
  const computed = new Requests(requests.columns)
  for (const [name, request] of requests.paths) {
    if (!made.has(request.column)) through.paths.set(name, request)
    else if (givesPaths(plan, request.column, requests)) inside.paths.set(name, request)
    else computed.paths.set(name, request)
  }
  for (const [name, request] of through.paths) {
    below.paths.set(name, request)
    computed.columns.add(name)
  }
  for (const name of inside.paths.keys()) computed.columns.add(name)
  const columns = plan.columns.flatMap(column =>
    expandedAt(column, inside, readElements(column, inside, below)),
  )
  const input = pruneTo(plan.input, below)
  const given = new Set(columns.map(column => column.name))
  const kept = plan.schema.filter(({ name }) =>
    made.has(name) ? given.has(name) : below.columns.has(name),
  )
  const index = plan.schema.filter(column => column.name === plan.itemIndex)
  const expanded: Plan = {
    ...plan,
    input,
    columns,
    schema: [...kept, ...pathColumns(inside), ...pathColumns(through), ...index],
  }
  return withPaths(expanded, computed.paths.size === 0 ? new Requests() : computed)
}

/** Whether an expansion can give what is at paths in the elements in place of the elements. */
function givesPaths(
  { columns }: Extract<Plan, { kind: 'mv-expand' }>,
  name: string,
  requests: Requests,
): boolean {
  const own = columns.filter(column => column.name === name)
  const [column] = own
  if (column === undefined || own.length > 1 || requests.columns.has(name)) return false
  return column.type === 'dynamic' && !varies(column.expr)
}

/** Asks for what is expanded, at least what of its elements is read, and gives the expression of it. */
function readElements(column: MvExpandColumn, inside: Requests, below: Requests): Expr {
  const { expr } = column
  const elements = readOf(column, inside)
  const name = elements && elementsName(expr, elements, below)
  if (name !== undefined) return { kind: 'column', type: 'dynamic', name, span: expr.span }
  below.add(expr)
  return readPaths(expr)
}

/** The column that has what is read of the elements; undefined where they are computed, or are there anyway. */
function elementsName(
  expr: Expr,
  elements: readonly (readonly string[])[],
  below: Requests,
): string | undefined {
  if (isColumnPath(expr)) return below.addPath(expr.target.name, expr.steps, elements)
  if (expr.kind !== 'column' || below.columns.has(expr.name)) return undefined
  return below.addPath(expr.name, [], elements)
}

/** The paths of members that are read of a column's elements; undefined where more is. */
function readOf(
  column: MvExpandColumn,
  inside: Requests,
): readonly (readonly string[])[] | undefined {
  const paths: (readonly string[])[] = []
  for (const { column: name, steps } of inside.paths.values()) {
    if (name !== column.name) continue
    const names = steps.filter(step => typeof step === 'string')
    // An element as a whole is not listed.
    if (names.length < steps.length || names.length === 0) return undefined
    paths.push(names)
  }
  return paths.length === 0 ? undefined : paths
}

/** The column of an expansion, or those of the paths inside of it. */
function expandedAt(column: MvExpandColumn, inside: Requests, expr: Expr): MvExpandColumn[] {
  const paths = [...inside.paths].filter(([, request]) => request.column === column.name)
  if (paths.length === 0) return [{ ...column, expr }]
  return paths.map(([name, { steps }]) => ({ name, expr, type: 'dynamic', steps }))
}

/** Gives no more columns than are read; paths are computed of whole ones. */
function pruneContext(plan: Extract<Plan, { kind: 'context' }>, requests: Requests): Plan {
  const wanted = wholeColumns(requests)
  const schema = plan.schema.filter(column => wanted.has(column.name))
  return withPaths({ ...plan, schema }, requests)
}

/**
 * Columns that the body makes are asked of the body, the others of the input, and what the body reads
 * of its context too, unless the expansion makes it.
 */
function pruneMvApply(plan: Extract<Plan, { kind: 'mv-apply' }>, requests: Requests): Plan {
  const made = new Set(plan.body.schema.map(column => column.name))
  const ofBody = new Requests()
  const below = new Requests()
  for (const name of requests.columns) (made.has(name) ? ofBody : below).columns.add(name)
  const through = new Requests()
  for (const [name, request] of requests.paths) {
    const goesThrough = !made.has(request.column)
    ;(goesThrough ? through : ofBody).paths.set(name, request)
    if (goesThrough) below.paths.set(name, request)
  }
  const own = [...below.columns]
  const body = exactly(pruneTo(plan.body, ofBody), [...ofBody.columns, ...ofBody.paths.keys()])
  const expanded = new Set(plan.columns.map(column => column.name))
  const read = contextsOf(body, plan.id).flatMap(context => context.schema)
  for (const { name } of read) {
    if (!expanded.has(name) && name !== plan.itemIndex) below.columns.add(name)
  }
  for (const column of plan.columns) below.add(column.expr)
  const given = plan.schema.filter(({ name }) => own.includes(name) && !made.has(name))
  return {
    ...plan,
    input: pruneTo(plan.input, below),
    columns: plan.columns.map(column => ({ ...column, expr: readPaths(column.expr) })),
    body,
    schema: [...given, ...pathColumns(through), ...body.schema],
  }
}

/** Everything is asked of the body, and of the input what the body reads of its rows. */
function prunePartition(plan: Extract<Plan, { kind: 'partition' }>, requests: Requests): Plan {
  const names = [...requests.columns, ...requests.paths.keys()]
  const body = exactly(pruneTo(plan.body, requests), names)
  const read = contextsOf(body, plan.id).flatMap(context => context.schema)
  const below = new Requests([plan.key, ...read.map(column => column.name)])
  return { ...plan, input: pruneTo(plan.input, below), body, schema: body.schema }
}

/** Declared columns and what steps read stays, and of the input's other columns what is wanted. */
function pruneSequence(
  plan: Extract<Plan, { kind: 'sequence' }>,
  wanted: ReadonlySet<string>,
): Plan {
  const read = new Set([...wanted, ...plan.states.map(state => state.column)])
  mapExpressions(plan, expr => {
    collectColumns(expr, read)
    return expr
  })
  const names = plan.input.schema.map(column => column.name).filter(name => read.has(name))
  const input = exactly(pruneTo(plan.input, new Requests(names)), names)
  const added = plan.schema.slice(plan.input.schema.length)
  return { ...plan, input, schema: [...input.schema, ...added] }
}

/** Without any of the columns that it makes, and with all rows, the input is enough. */
function pruneParse(plan: Extract<Plan, { kind: 'parse' }>, requests: Requests): Plan {
  const made = new Set(parsedColumns(plan.method).map(column => column.name))
  const computed = new Requests(requests.columns)
  const below = new Requests()
  for (const name of requests.columns) if (!made.has(name)) below.columns.add(name)
  for (const [name, request] of requests.paths) {
    if (made.has(request.column)) {
      computed.paths.set(name, request)
      continue
    }
    below.paths.set(name, request)
    computed.columns.add(name)
  }
  const wanted = wholeColumns(computed)
  const isRead = [...wanted].some(name => made.has(name))
  if (!isRead && plan.mismatch === 'null') return pruneTo(plan.input, below)
  const through = pathColumns(below)
  below.add(plan.text)
  const schema = plan.schema.filter(column => wanted.has(column.name))
  const parsed: Plan = {
    ...plan,
    input: pruneTo(plan.input, below),
    text: readPaths(plan.text),
    schema: [...schema, ...through],
  }
  return computed.paths.size === 0 ? parsed : withPaths(parsed, computed)
}

/** Aggregates that give the values of one row, one for each argument, and whether the first one chooses it. */
const OF_ONE_ROW: ReadonlyMap<string, boolean> = new Map([
  ['any', false],
  ['arg_max', true],
  ['arg_min', true],
  ['argmax', true],
  ['argmin', true],
  ['take_any', false],
])

function pruneSummarize(plan: Extract<Plan, { kind: 'summarize' }>, requests: Requests): Plan {
  const below = new Requests()
  const computed = requests.copy()
  const wanted = wholeColumns(requests)
  const aggregates = plan.aggregates
    .filter(item => item.outputs.some(output => wanted.has(output.name)))
    .map(item => ofOneRow(item, computed))
  const narrowed = mapExpressions({ ...plan, aggregates }, expr => {
    below.add(expr)
    return readPaths(expr)
  }) as typeof plan
  const keys = plan.schema.slice(0, plan.keys.length)
  const grouped: Plan = {
    ...narrowed,
    input: pruneTo(plan.input, below),
    schema: [...keys, ...aggregates.flatMap(item => item.outputs)],
  }
  return withPaths(grouped, computed)
}

/**
 * The aggregate with no more values of its row than are read, and what is at paths inside of them in place of
 * the whole: such a path is a column of `requests` then.
 */
function ofOneRow(item: AggregateExpr, requests: Requests): AggregateExpr {
  const isChosenByFirst = OF_ONE_ROW.get(item.function)
  if (isChosenByFirst === undefined || item.outputs.length === 1) return item
  const all = item.outputs.flatMap((output, index): RowValue[] => {
    const argument = item.arguments[index]
    return argument === undefined ? [] : [{ argument, output }]
  })
  const read = all.flatMap((whole, index) => {
    const isWhole = requests.columns.has(whole.output.name) || (isChosenByFirst && index === 0)
    return (isWhole ? undefined : valuesInside(whole, requests)) ?? [whole]
  })
  const values = isChosenByFirst ? read : atLeastTwo(read, all)
  return {
    ...item,
    arguments: values.map(value => value.argument),
    outputs: values.map(value => value.output),
  }
}

interface RowValue {
  readonly argument: Expr
  readonly output: AggregateExpr['outputs'][number]
}

/** What is at the paths that are read inside of a value; undefined where the value is needed for that. */
function valuesInside({ argument, output }: RowValue, requests: Requests): RowValue[] | undefined {
  const values: RowValue[] = []
  for (const [name, { column, steps }] of requests.paths) {
    if (column !== output.name) continue
    const inside = pathInto(argument, steps)
    if (inside === undefined) return undefined
    values.push({ argument: inside, output: { name, type: 'dynamic' } })
  }
  for (const value of values) {
    requests.paths.delete(value.output.name)
    requests.columns.add(value.output.name)
  }
  return values
}

/** A single value would be the first that is one, where several are those of the first row. */
function atLeastTwo(values: readonly RowValue[], all: readonly RowValue[]): readonly RowValue[] {
  if (values.length > 1) return values
  const others = all.filter(({ output }) => output.name !== values[0]?.output.name)
  const other = others.find(({ argument }) => argument.type !== 'dynamic') ?? others[0]
  return other === undefined ? values : [...values, other]
}

/** Without the columns that nobody reads, and of its input what is left reads. */
function pruneWindow(plan: WindowPlan, requests: Requests): Plan {
  const made = new Set(plan.columns.map(column => column.name))
  const wanted = wholeColumns(requests)
  const read = new Set<string>()
  const columns: WindowColumn[] = []
  // An argument may be a column that was added before.
  for (const column of [...plan.columns].reverse()) {
    if (!wanted.has(column.name) && !read.has(column.name)) continue
    columns.unshift(column)
    for (const argument of column.arguments) collectColumns(argument, read)
  }
  const below = new Requests([...requests.columns, ...read].filter(name => !made.has(name)))
  const computed = requests.copy()
  for (const [name, request] of requests.paths) {
    if (made.has(request.column)) continue
    below.paths.set(name, request)
    computed.paths.delete(name)
    computed.columns.add(name)
  }
  const input = pruneTo(plan.input, below)
  const added = columns.map(({ name, type }) => ({ name, type }))
  return withPaths({ ...plan, input, columns, schema: [...input.schema, ...added] }, computed)
}

function pruneMakeSeries(
  plan: Extract<Plan, { kind: 'make-series' }>,
  wanted: ReadonlySet<string>,
): Plan {
  const values = plan.values.filter(value => wanted.has(value.name))
  const made = [...plan.keys, ...values.map(value => value.name)]
  const kept = new Set([...made, plan.axis.name])
  return {
    ...plan,
    input: pruneTo(plan.input, new Requests([...made, plan.axis.column])),
    values,
    schema: plan.schema.filter(column => kept.has(column.name)),
  }
}

function pruneUnion(plan: Extract<Plan, { kind: 'union' }>, requests: Requests): Plan {
  const kept = plan.schema.filter(column => requests.columns.has(column.name))
  const schema = [...kept, ...pathColumns(requests)]
  const inputs = plan.inputs.map(input => {
    const present = new Set(input.schema.map(column => column.name))
    const own = new Requests(
      [...requests.columns].filter(name => present.has(name)),
      [...requests.paths].filter(([, path]) => present.has(path.column)),
    )
    const pruned = pruneTo(input, own)
    const names = schema.map(column => column.name)
    return exactly(
      pruned,
      names.filter(name => pruned.schema.some(column => column.name === name)),
    )
  })
  return { ...plan, inputs, schema }
}
