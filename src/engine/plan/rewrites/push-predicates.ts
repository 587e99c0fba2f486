import type { ScalarType } from '../../../types/scalar-type.ts'
import { collectColumns, literal, varies } from '../expression.ts'
import type { Expr, JoinPlan, Plan, WherePlan } from '../nodes.ts'
import { parsedColumns } from '../parse-method.ts'
import { conjunctionOf, conjunctsOf, substitute } from '../predicates.ts'
import { mapOwnInputs } from './map-plan.ts'

/** Moves each part of a predicate as near to the scan as it can go without changing an answer. */
export function pushPredicates(plan: Plan): Plan {
  if (plan.kind !== 'where') return mapOwnInputs(plan, pushPredicates)
  return push(plan.input, conjunctsOf(plan.predicate), plan)
}

/** Rows of `plan` that satisfy all `parts`, each of which is tried as far down as it may go. */
function push(plan: Plan, parts: readonly Expr[], origin: WherePlan): Plan {
  switch (plan.kind) {
    case 'where':
      return push(plan.input, [...conjunctsOf(plan.predicate), ...parts], plan)
    case 'project':
    case 'summarize':
    case 'mv-expand':
    case 'parse':
    case 'make-series':
      return below(plan, parts, origin)
    case 'mv-apply':
      return below({ ...plan, body: pushPredicates(plan.body) }, parts, origin)
    case 'sort': {
      return { ...plan, input: push(plan.input, parts, origin) }
    }
    case 'union': {
      const types = new Map(plan.schema.map(column => [column.name, column.type]))
      return { ...plan, inputs: plan.inputs.map(input => intoInput(types, input, parts, origin)) }
    }
    case 'join':
      return belowJoin(plan, parts, origin)
    default:
      return filter(mapOwnInputs(plan, pushPredicates), parts, origin)
  }
}

/** Rows of a union's input that satisfy the parts, in which columns that it lacks are null. */
function intoInput(
  types: ReadonlyMap<string, ScalarType>,
  input: Plan,
  parts: readonly Expr[],
  origin: WherePlan,
): Plan {
  const present = new Set(input.schema.map(column => column.name))
  const replaced = parts.map(part =>
    substitute(part, name => {
      const type = types.get(name)
      if (type === undefined || present.has(name)) return undefined
      return literal(type, type === 'string' ? '' : null, part.span)
    }),
  )
  return push(input, replaced, origin)
}

function filter(input: Plan, parts: readonly Expr[], origin: WherePlan): Plan {
  const [first, ...rest] = parts
  if (first === undefined) return input
  const predicate = conjunctionOf([first, ...rest])
  return { kind: 'where', input, predicate, schema: input.schema, span: origin.span }
}

function columnsOf(expr: Expr): Set<string> {
  const names = new Set<string>()
  collectColumns(expr, names)
  return names
}

type Replace = (name: string) => Expr | undefined

/**
 * The part over the input of a node, where every column of it comes from there as it is. What varies
 * is asked as often as the query says.
 */
function rewritten(part: Expr, replace: Replace): Expr | undefined {
  if (varies(part)) return undefined
  for (const name of columnsOf(part)) if (replace(name) === undefined) return undefined
  return substitute(part, replace)
}

type Passing = Extract<
  Plan,
  { kind: 'project' | 'summarize' | 'mv-expand' | 'mv-apply' | 'parse' | 'make-series' }
>

function below(plan: Passing, parts: readonly Expr[], origin: WherePlan): Plan {
  const replace = replacement(plan)
  const lower: Expr[] = []
  const upper: Expr[] = []
  for (const part of parts) {
    const moved = rewritten(part, replace)
    if (moved === undefined || columnsOf(part).size === 0) upper.push(part)
    else lower.push(moved)
  }
  const input = lower.length > 0 ? push(plan.input, lower, origin) : pushPredicates(plan.input)
  return filter({ ...plan, input }, upper, origin)
}

/** Which columns of a node's result are columns of its input. */
function replacement(plan: Passing): Replace {
  switch (plan.kind) {
    case 'project':
      return name => passed(plan.columns.find(column => column.name === name)?.expr)
    case 'summarize':
      return name => passed(plan.keys.find(key => key.name === name)?.expr)
    case 'mv-expand': {
      const made = plan.columns.map(column => column.name)
      return unmade(plan, plan.itemIndex === undefined ? made : [...made, plan.itemIndex])
    }
    // A row without the columns of its own that a predicate wants has no row with them either.
    case 'mv-apply':
      return unmade(
        plan,
        plan.body.schema.map(column => column.name),
      )
    case 'parse':
      return unmade(
        plan,
        parsedColumns(plan.method).map(column => column.name),
      )
    // A row of defaults is there because nothing else is: to leave rows out before could make one.
    case 'make-series':
      return plan.nonEmpty
        ? () => undefined
        : unmade(plan, [plan.axis.name, ...plan.values.map(value => value.name)])
  }
}

/** Every column but those that the node makes is the input's. */
function unmade(
  { input, span }: { readonly input: Plan; readonly span: Plan['span'] },
  names: readonly string[],
): Replace {
  const made = new Set(names)
  return name => {
    if (made.has(name)) return undefined
    const column = input.schema.find(item => item.name === name)
    return column && { kind: 'column', type: column.type, name, span }
  }
}

/** Columns as they are, and what is at a path in one: cheap enough to be computed twice. */
function passed(expr: Expr | undefined): Expr | undefined {
  if (expr?.kind === 'path') return expr.target.kind === 'column' ? expr : undefined
  return expr?.kind === 'column' || expr?.kind === 'literal' ? expr : undefined
}

function belowJoin(plan: JoinPlan, parts: readonly Expr[], origin: WherePlan): Plan {
  const { joinKind } = plan
  // A predicate on the left of an innerunique join would choose other representatives of a key.
  const intoLeft = ['inner', 'leftouter', 'leftsemi', 'leftanti'].includes(joinKind)
  const intoRight = ['inner', 'innerunique', 'rightouter', 'rightsemi', 'rightanti'].includes(
    joinKind,
  )
  const side = (which: 'left' | 'right', input: Plan): Replace => {
    return name => {
      const column = plan.columns.find(item => item.name === name && item.side === which)
      const source = input.schema.find(item => item.name === column?.column)
      return source && { kind: 'column', type: source.type, name: source.name, span: plan.span }
    }
  }
  const left: Expr[] = []
  const right: Expr[] = []
  const upper: Expr[] = []
  for (const part of parts) {
    const reads = columnsOf(part).size > 0
    const onLeft = reads && intoLeft ? rewritten(part, side('left', plan.left)) : undefined
    const onRight = reads && intoRight ? rewritten(part, side('right', plan.right)) : undefined
    if (onLeft !== undefined) left.push(onLeft)
    else if (onRight !== undefined) right.push(onRight)
    else upper.push(part)
  }
  const narrowed = {
    ...plan,
    left: left.length > 0 ? push(plan.left, left, origin) : pushPredicates(plan.left),
    right: right.length > 0 ? push(plan.right, right, origin) : pushPredicates(plan.right),
  }
  return filter(narrowed, upper, origin)
}
