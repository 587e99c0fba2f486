import type { MemberSyntax, NameSyntax, ScanStepSyntax, ScanSyntax } from '../../parser/syntax.ts'
import type { Column, Schema } from '../../types/schema.ts'
import type { Binder } from '../binder/context.ts'
import { ColumnNames } from '../binder/naming.ts'
import type { LocalNames, Rows } from '../binder/rows.ts'
import { collectColumns } from '../plan/expression.ts'
import type { Expr, NamedExpr, SequenceStep, StateColumn } from '../plan/nodes.ts'
import { isOrdered } from '../plan/plan.ts'
import { substitute } from '../plan/predicates.ts'
import { operator } from './declare.ts'

/** @see https://learn.microsoft.com/kusto/query/scan-operator */
export const scan = operator('scan', {
  name: 'scan',
  doc: 'Goes over the ordered rows, matches them with steps, and gives those that match, with columns that the steps compute.',
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
    const schema: Column[] = [
      ...input.schema,
      ...declared.map(({ name, expr }) => binder.columnOf(name, expr)),
    ]
    const stepNames = node.steps.map(step => step.name.name)
    for (const { name } of node.steps.filter((_, i) => stepNames.indexOf(stepNames[i]!) < i)) {
      binder.fail('KS201', `A step with the name \`${name.name}\` is already declared.`, name.span)
    }
    const states = new States(binder, stepNames, schema)
    const steps = node.steps.map((_, index) =>
      bindStep(binder, node.steps, index, { schema, local: states }, declared),
    )
    const matchId = node.matchId === undefined ? undefined : names.unique(node.matchId.name)
    return {
      kind: 'sequence',
      input,
      declared,
      steps,
      states: states.items,
      ...(matchId === undefined ? {} : { matchId }),
      schema: matchId === undefined ? schema : [...schema, { name: matchId, type: 'long' }],
      span,
    }
  },
})

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
  const empty = type === 'string' ? '' : null
  const expr =
    written === undefined
      ? ({ kind: 'literal', type, value: empty, span } as const)
      : binder.convertImplicitly(written, type)
  return { name: name.name, expr }
}

function bindStep(
  binder: Binder,
  all: readonly ScanStepSyntax[],
  index: number,
  rows: Rows & { readonly schema: Schema; readonly local: States },
  declared: readonly NamedExpr[],
): SequenceStep {
  const { name, output = 'all', condition, assignments } = all[index]!
  const checked = (expr: Expr): Expr => {
    if (!binder.isFailed(expr)) refuseLater(binder, expr, index, rows.local)
    return valuesOf(expr, declared)
  }
  const bound: NamedExpr[] = []
  for (const { column, value } of assignments) {
    const target = declared.find(item => item.name === column.name)
    if (target === undefined) {
      binder.fail(
        'KS142',
        `The name \`${column.name}\` does not refer to a column that scan declares.`,
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
  return { name: name.name, output, condition: predicate, assignments: bound }
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

  /** `schema`: the columns of a row that matched. */
  constructor(binder: Binder, steps: readonly string[], schema: Schema) {
    this.#binder = binder
    this.#steps = steps
    this.#schema = schema
  }

  member({ member, span }: MemberSyntax, { name }: NameSyntax): Expr | undefined {
    const step = this.#steps.indexOf(name)
    if (step < 0) return undefined
    const column = this.#schema.find(item => item.name === member.name)
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
