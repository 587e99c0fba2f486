import type { ScanStepSyntax, ScanSyntax } from '../../parser/syntax.ts'
import type { Column, Schema } from '../../types/schema.ts'
import type { Binder } from '../binder/context.ts'
import { ColumnNames } from '../binder/naming.ts'
import { type Rows, StateCollector } from '../binder/rows.ts'
import { collectColumns } from '../plan/expression.ts'
import type { Expr, NamedExpr, SequenceStep } from '../plan/nodes.ts'
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
    const states = new StateCollector(stepNames, schema)
    const steps = node.steps.map((_, index) =>
      bindStep(binder, node.steps, index, { schema, states }, declared),
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
  rows: Rows & { readonly schema: Schema; readonly states: StateCollector },
  declared: readonly NamedExpr[],
): SequenceStep {
  const { name, output = 'all', condition, assignments } = all[index]!
  const checked = (expr: Expr): Expr => {
    if (!binder.isFailed(expr)) refuseLater(binder, expr, index, rows.states)
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
function refuseLater(binder: Binder, expr: Expr, index: number, states: StateCollector): void {
  const read = new Set<string>()
  collectColumns(expr, read)
  const later = states.items.find(item => item.step > index && read.has(item.name))
  if (later === undefined) return
  binder.fail('KQL101', 'A step cannot read the rows of a later step.', expr.span)
}
