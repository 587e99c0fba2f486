import type { MemberSyntax, NameSyntax, ScanStepSyntax, ScanSyntax } from '../../parser/syntax.ts'
import type { Span } from '../../text/span.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { type Column, findColumn, type Schema } from '../../types/schema.ts'
import { projectOf, readColumn } from '../binder/columns.ts'
import type { Binder } from '../binder/context.ts'
import { ColumnNames } from '../binder/naming.ts'
import type { LocalNames, Rows } from '../binder/rows.ts'
import { collectColumns } from '../plan/expression.ts'
import type { Expr, NamedExpr, Plan, SequenceStep, StateColumn } from '../plan/nodes.ts'
import { isOrdered } from '../plan/plan.ts'
import { substitute } from '../plan/predicates.ts'
import { operator } from './declare.ts'

/** @see https://learn.microsoft.com/kusto/query/scan-operator */
export const scan = operator('scan', {
  name: 'scan',
  doc: 'Goes over the ordered rows, matches them with steps, and gives those that match, with columns that the steps compute or replace.',
  examples: [
    {
      query:
        'range x from 1 to 3 step 1 | scan declare (sum: long = 0) with (step s: true => sum = x + s.sum;)',
      rows: [
        { x: 1, sum: 1 },
        { x: 2, sum: 3 },
        { x: 3, sum: 6 },
      ],
    },
    {
      query:
        'range x from 1 to 6 step 1 | scan with_match_id=id with (step start: x % 3 == 1; step end: x - start.x == 2;)',
      rows: [
        { x: 1, id: 0 },
        { x: 3, id: 0 },
        { x: 4, id: 1 },
        { x: 6, id: 1 },
      ],
    },
  ],
  bind(node, input, binder) {
    const { span } = node
    if (!isOrdered(input)) {
      const hint = 'Use sort by … or serialize before.'
      return binder.failTabular('KS143', 'scan needs ordered rows.', span, hint)
    }
    const names = new ColumnNames(input.schema.map(column => column.name))
    const declared = node.columns.map(column => bindDeclared(binder, column, names))
    const replaced = replacedColumns(node, input.schema, declared)
    const assignable = [...declared, ...replaced.values()]
    const schema: Column[] = [
      ...input.schema,
      ...assignable.map(({ name, expr }) => binder.columnOf(name, expr)),
    ]
    const stepNames = node.steps.map(step => step.name.name)
    for (const { name } of node.steps.filter((_, i) => stepNames.indexOf(stepNames[i]!) < i)) {
      binder.fail('KS201', `A step with the name \`${name.name}\` is already declared.`, name.span)
    }
    const states = new States(binder, stepNames, schema, replaced)
    const steps = node.steps.map((_, index) =>
      bindStep(binder, node.steps, index, { schema, local: states }, { declared, replaced }),
    )
    const matchId = node.matchId === undefined ? undefined : names.unique(node.matchId.name)
    const plan: Plan = {
      kind: 'sequence',
      input,
      declared: assignable,
      steps,
      states: states.items,
      ...(matchId === undefined ? {} : { matchId }),
      schema: matchId === undefined ? schema : [...schema, { name: matchId, type: 'long' }],
      span,
    }
    return replaced.size === 0 ? plan : withReplaced(binder, plan, replaced)
  },
})

/** Columns of the input that a step assigns, each with the column that holds what it is then. */
type Replaced = ReadonlyMap<string, NamedExpr>

function replacedColumns(
  { steps, span }: ScanSyntax,
  input: Schema,
  declared: readonly NamedExpr[],
): Replaced {
  const replaced = new Map<string, NamedExpr>()
  for (const { column } of steps.flatMap(step => step.assignments)) {
    const found = findColumn(input, column.name)
    if (found === undefined || declared.some(item => item.name === column.name)) continue
    const { name, type } = found
    replaced.set(name, { name: `$new.${name}`, expr: emptyOf(type, span) })
  }
  return replaced
}

/** The columns of the input as the steps left them, each in its place. */
function withReplaced(binder: Binder, plan: Plan, replaced: Replaced): Plan {
  const { schema, span } = plan
  const held = new Set([...replaced.values()].map(({ name }) => name))
  const columns = schema
    .filter(({ name }) => !held.has(name))
    .map(({ name }) => {
      const column = findColumn(schema, replaced.get(name)?.name ?? name)!
      return { name, expr: readColumn(binder, column, span) }
    })
  return projectOf(binder, plan, columns, span)
}

function emptyOf(type: ScalarType, span: Span): Expr {
  return { kind: 'literal', type, value: type === 'string' ? '' : null, span }
}

function bindDeclared(
  binder: Binder,
  column: ScanSyntax['columns'][number],
  names: ColumnNames,
): NamedExpr {
  const { name, type, default: value, span } = column
  if (!names.claim(name.name)) {
    const message = `A column with the name \`${name.name}\` is already declared.`
    binder.fail('KS171', message, name.span)
  }
  const written = value && binder.scalar(value, { schema: [] })
  const expr = written === undefined ? emptyOf(type, span) : binder.convertImplicitly(written, type)
  return { name: name.name, expr }
}

function bindStep(
  binder: Binder,
  all: readonly ScanStepSyntax[],
  index: number,
  rows: Rows & { readonly schema: Schema; readonly local: States },
  { declared, replaced }: { readonly declared: readonly NamedExpr[]; readonly replaced: Replaced },
): SequenceStep {
  const { name, output = 'all', condition, assignments } = all[index]!
  const checked = (expr: Expr): Expr => {
    if (!binder.isFailed(expr)) refuseLater(binder, expr, index, rows.local)
    return valuesOf(expr, declared)
  }
  const bound: NamedExpr[] = []
  for (const { column, value } of assignments) {
    const target = declared.find(item => item.name === column.name) ?? replaced.get(column.name)
    if (target === undefined) {
      binder.fail(
        'KS142',
        `The name \`${column.name}\` does not refer to a column of the input, or that scan declares.`,
        column.span,
        'Declare it: scan declare (name: type) with (…).',
      )
    }
    if (bound.some(item => item.name === column.name)) {
      const message = `The column \`${column.name}\` is assigned twice in this step.`
      binder.fail('KS171', message, column.span)
    }
    const expr = binder.scalar(value, rows)
    if (binder.isFailed(expr) || target === undefined) continue
    refuseAssigned(binder, expr, bound)
    bound.push({
      name: column.name,
      expr: checked(binder.convertImplicitly(expr, target.expr.type)),
    })
  }
  const predicate = checked(binder.scalarOf(condition, rows, 'bool'))
  const held = bound.map(item => ({ ...item, name: replaced.get(item.name)?.name ?? item.name }))
  for (const [column, target] of replaced) {
    if (bound.some(item => item.name === column)) continue
    const kept = readColumn(binder, findColumn(rows.schema, column)!, name.span)
    held.push({ name: target.name, expr: kept })
  }
  return { name: name.name, output, condition: predicate, assignments: held }
}

/** A declared column without the name of a step is its declared value: rows come without any other. */
function valuesOf(expr: Expr, declared: readonly NamedExpr[]): Expr {
  return substitute(expr, name => declared.find(item => item.name === name)?.expr)
}

/** What a step assigns is not known to have, or not to have, its new value in the next assignment. */
function refuseAssigned(binder: Binder, expr: Expr, assigned: readonly NamedExpr[]): void {
  const read = new Set<string>()
  collectColumns(expr, read)
  const found = assigned.find(item => read.has(item.name))
  if (found === undefined) return
  binder.fail(
    'KQL101',
    `Reading \`${found.name}\`, which this step has assigned before, is not supported.`,
    expr.span,
    `Repeat its expression, or read the last value with the name of the step: s1.${found.name}.`,
  )
}

/** The state of a step has no rows of the steps after it. */
function refuseLater(binder: Binder, expr: Expr, index: number, states: States): void {
  const read = new Set<string>()
  collectColumns(expr, read)
  const later = states.items.find(item => item.step > index && read.has(item.name))
  if (later === undefined) return
  binder.fail('KQL101', 'A step cannot read the rows of a later step.', expr.span)
}

/** What steps read of each other's rows: `s1.x`. */
class States implements LocalNames {
  readonly items: StateColumn[] = []
  readonly #binder: Binder
  readonly #steps: readonly string[]
  readonly #schema: Schema
  readonly #replaced: Replaced

  /** `schema`: the columns of a row that matched. */
  constructor(binder: Binder, steps: readonly string[], schema: Schema, replaced: Replaced) {
    this.#binder = binder
    this.#steps = steps
    this.#schema = schema
    this.#replaced = replaced
  }

  member({ member, span }: MemberSyntax, { name }: NameSyntax): Expr | undefined {
    const step = this.#steps.indexOf(name)
    if (step < 0) return undefined
    const held = this.#replaced.get(member.name)?.name ?? member.name
    const column = findColumn(this.#schema, held)
    if (column === undefined) {
      const message = `The name \`${member.name}\` does not refer to a column of the rows of \`${name}\`.`
      return this.#binder.fail('KS142', message, member.span)
    }
    const state = this.#stateOf(step, column)
    return { kind: 'column', type: state.type, name: state.name, span }
  }

  #stateOf(step: number, { name, type }: Column): StateColumn {
    const known = this.items.find(item => item.step === step && item.column === name)
    if (known !== undefined) return known
    const state = { name: `$${this.#steps[step]}.${name}`, type, step, column: name }
    this.items.push(state)
    return state
  }
}
