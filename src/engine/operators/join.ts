import type {
  ExpressionSyntax,
  JoinSyntax,
  LookupSyntax,
  OperatorParameterSyntax,
} from '../../parser/syntax.ts'
import { findColumn, type Schema } from '../../types/schema.ts'
import { readColumn, unknownColumn } from '../binder/columns.ts'
import type { Binder } from '../binder/context.ts'
import type { Expr, JoinColumn, JoinKind, JoinPlan, Plan } from '../plan/nodes.ts'
import { operator } from './declare.ts'

const KINDS: ReadonlyMap<string, JoinKind> = new Map([
  ['innerunique', 'innerunique'],
  ['inner', 'inner'],
  ['leftouter', 'leftouter'],
  ['rightouter', 'rightouter'],
  ['fullouter', 'fullouter'],
  ['leftsemi', 'leftsemi'],
  ['rightsemi', 'rightsemi'],
  ['leftanti', 'leftanti'],
  ['leftantisemi', 'leftanti'],
  ['anti', 'leftanti'],
  ['rightanti', 'rightanti'],
  ['rightantisemi', 'rightanti'],
])

const LOOKUP_KINDS: ReadonlyMap<string, JoinKind> = new Map([
  ['leftouter', 'leftouter'],
  ['inner', 'inner'],
])

interface Key {
  readonly left: Expr
  readonly right: Expr
}

/** @see https://learn.microsoft.com/kusto/query/join-operator */
export const join = operator('join', {
  name: 'join',
  doc: 'Pairs the rows of two tables whose keys are equal; the kind says what becomes of the others.',
  examples: [
    {
      query:
        'let L = datatable(k: long, a: string)[1, "x", 2, "y"]; ' +
        'let R = datatable(k: long, b: string)[1, "p", 1, "q"]; ' +
        'L | join kind=leftouter R on k',
      rows: [
        { k: 1, a: 'x', k1: 1, b: 'p' },
        { k: 1, a: 'x', k1: 1, b: 'q' },
        { k: 2, a: 'y', k1: null, b: '' },
      ],
    },
  ],
  bind: (node, left, binder) => bindJoin(binder, node, left, KINDS, 'innerunique'),
})

/** @see https://learn.microsoft.com/kusto/query/lookup-operator */
export const lookup = operator('lookup', {
  name: 'lookup',
  doc: 'Adds the columns of a table to the rows whose keys are equal; the keys appear once.',
  examples: [
    {
      query:
        'let R = datatable(k: long, b: string)[1, "p"]; range k from 1 to 2 step 1 | lookup R on k',
      rows: [
        { k: 1, b: 'p' },
        { k: 2, b: '' },
      ],
    },
  ],
  bind: (node, left, binder) => bindJoin(binder, node, left, LOOKUP_KINDS, 'leftouter'),
})

function bindJoin(
  binder: Binder,
  node: JoinSyntax | LookupSyntax,
  left: Plan,
  kinds: ReadonlyMap<string, JoinKind>,
  standard: JoinKind,
): Plan {
  binder.checkParameters(node.parameters, ['kind'], node.kind)
  const joinKind = kindOf(binder, node.parameters, kinds, standard)
  const right = binder.tabular(node.right)
  if (binder.isFailedPlan(right)) return right
  const keys = node.on.flatMap(condition => bindCondition(binder, condition, left, right))
  if (node.on.length === 0) {
    binder.fail('KS111', `${node.kind} needs a condition: \`on Column\`.`, node.span)
  }
  const columns = joinColumns(node.kind, joinKind, left.schema, right.schema, keys)
  const schema = columns.map(({ name, side, column }) => {
    const source = side === 'left' ? left.schema : right.schema
    const found = findColumn(source, column)
    return found === undefined ? { name, type: 'dynamic' as const } : binder.renamed(found, name)
  })
  return { kind: 'join', joinKind, left, right, keys, columns, schema, span: node.span }
}

function kindOf(
  binder: Binder,
  parameters: readonly OperatorParameterSyntax[],
  kinds: ReadonlyMap<string, JoinKind>,
  standard: JoinKind,
): JoinKind {
  const given = binder.parameter(parameters, 'kind')
  if (given === undefined) return standard
  const kind = kinds.get(given)
  if (kind !== undefined) return kind
  const span = parameters.find(parameter => parameter.name === 'kind')?.span
  const known = [...kinds.keys()].join(', ')
  if (span !== undefined) {
    binder.fail('KS125', `\`${given}\` is not a kind of join.`, span, `Kinds are: ${known}.`)
  }
  return standard
}

function bindCondition(
  binder: Binder,
  condition: ExpressionSyntax,
  left: Plan,
  right: Plan,
): Key[] {
  if (condition.kind === 'name') return commonColumn(binder, condition, left, right)
  if (condition.kind === 'binary' && condition.operator === 'and') {
    return [
      ...bindCondition(binder, condition.left, left, right),
      ...bindCondition(binder, condition.right, left, right),
    ]
  }
  if (condition.kind === 'binary' && condition.operator === '==') {
    const rows = { schema: left.schema, right: right.schema }
    const a = binder.scalar(condition.left, rows)
    const b = binder.scalar(condition.right, rows)
    if (binder.isFailed(a) || binder.isFailed(b)) return []
    if (binder.sideOf(a) === '$left' && binder.sideOf(b) === '$right') {
      return typedKey(binder, a, b, condition.span)
    }
  }
  binder.fail(
    'KS111',
    'A join condition is a common column, or `$left.Column == $right.Column`.',
    condition.span,
  )
  return []
}

function commonColumn(
  binder: Binder,
  name: { readonly name: string; readonly span: Plan['span'] },
  left: Plan,
  right: Plan,
): Key[] {
  const a = binder.columnIn(left.schema, name.name)
  const b = binder.columnIn(right.schema, name.name)
  if (a === undefined && b === undefined) {
    const common = left.schema.filter(column => findColumn(right.schema, column.name) !== undefined)
    unknownColumn(binder, name.name, name.span, common)
  } else if (a === undefined) {
    unknownColumn(binder, name.name, name.span, left.schema, 'a column of `$left`')
  } else if (b === undefined) {
    unknownColumn(binder, name.name, name.span, right.schema, 'a column of `$right`')
  } else if (!binder.isFailedColumn(a) && !binder.isFailedColumn(b)) {
    const [left, right] = [readColumn(binder, a, name.span), readColumn(binder, b, name.span)]
    return typedKey(binder, left, right, name.span)
  } else if (binder.isOpen(left.schema) || binder.isOpen(right.schema)) {
    const { span } = name
    const key = { kind: 'column', type: 'dynamic', name: name.name, span } as const
    return [{ left: key, right: key }]
  }
  return []
}

/** Both sides in one type; types that do not compare are reported. */
function typedKey(binder: Binder, left: Expr, right: Expr, span: Plan['span']): Key[] {
  if (left.type === 'dynamic' || right.type === 'dynamic') {
    binder.fail(
      'KS241',
      'A join key cannot be dynamic.',
      span,
      'Convert it before, with tostring(…).',
    )
    return []
  }
  const integers = [left.type, right.type].every(type => type === 'int' || type === 'long')
  const type = left.type === right.type ? left.type : integers ? 'long' : undefined
  if (type === undefined) {
    const message = `The keys have types that cannot be compared: ${left.type} and ${right.type}.`
    binder.fail('KS106', message, span)
    return []
  }
  return [{ left: binder.convert(left, type), right: binder.convert(right, type) }]
}

/** The columns of the result: the left's, then the right's under names that are free. */
function joinColumns(
  kind: 'join' | 'lookup',
  joinKind: JoinKind,
  left: Schema,
  right: Schema,
  keys: readonly Key[],
): JoinColumn[] {
  const ofLeft = left.map(({ name }) => ({ name, side: 'left' as const, column: name }))
  const ofRight = right.map(({ name }) => ({ name, side: 'right' as const, column: name }))
  if (joinKind === 'leftsemi' || joinKind === 'leftanti') return ofLeft
  if (joinKind === 'rightsemi' || joinKind === 'rightanti') return ofRight
  const keyNames = new Set(keys.map(key => columnName(key.right)))
  const added = kind === 'lookup' ? ofRight.filter(({ name }) => !keyNames.has(name)) : ofRight
  const leftNames = new Set(left.map(({ name }) => name))
  const taken = new Set([...leftNames, ...added.map(({ name }) => name)])
  const renamed = added.map(column => {
    if (!leftNames.has(column.name)) return column
    let name = column.name
    for (let n = 1; taken.has(name); n++) name = `${column.name}${n}`
    taken.add(name)
    return { ...column, name }
  })
  return [...ofLeft, ...renamed]
}

function columnName(expr: Expr): string | undefined {
  if (expr.kind === 'column') return expr.name
  return expr.kind === 'call' && expr.arguments[0] !== undefined
    ? columnName(expr.arguments[0])
    : undefined
}

/** The names of the kinds, for documentation. */
export const JOIN_KINDS: readonly JoinPlan['joinKind'][] = [...new Set(KINDS.values())]
