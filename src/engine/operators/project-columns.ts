import { findColumn, type Schema } from '../../types/schema.ts'
import { matchingColumns, projectOf, readColumn, unknownColumn } from '../binder/columns.ts'
import type { Binder } from '../binder/context.ts'
import { ColumnNames } from '../binder/naming.ts'
import type { Plan } from '../plan/nodes.ts'
import { operator } from './declare.ts'

function keep(binder: Binder, input: Plan, names: readonly string[], span: Plan['span']): Plan {
  const columns = names.flatMap(name => {
    const column = findColumn(input.schema, name)
    return column === undefined ? [] : [{ name, expr: readColumn(binder, column, span) }]
  })
  return projectOf(binder, input, columns, span)
}

function namesOf(schema: Schema): string[] {
  return schema.map(column => column.name)
}

/** @see https://learn.microsoft.com/kusto/query/project-away-operator */
export const projectAway = operator('project-away', {
  name: 'project-away',
  doc: 'Leaves out the columns that it lists by name or pattern.',
  examples: [{ query: 'print a1 = 1, a2 = 2, b = 3 | project-away a*', rows: [{ b: 3 }] }],
  bind(node, input, binder) {
    const away = new Set(
      node.columns.flatMap(column => matchingColumns(binder, column, input.schema)),
    )
    const names = namesOf(input.schema).filter(name => !away.has(name))
    return keep(binder, input, names, node.span)
  },
})

/** @see https://learn.microsoft.com/kusto/query/project-keep-operator */
export const projectKeep = operator('project-keep', {
  name: 'project-keep',
  closes: true,
  doc: 'Keeps the columns that it lists by name or pattern, in the order of the input.',
  examples: [{ query: 'print a1 = 1, b = 2, a2 = 3 | project-keep a*', rows: [{ a1: 1, a2: 3 }] }],
  bind(node, input, binder) {
    const kept = new Set(
      node.columns.flatMap(column => matchingColumns(binder, column, input.schema)),
    )
    const names = namesOf(input.schema).filter(name => kept.has(name))
    const plan = keep(binder, input, names, node.span)
    const named = node.columns.every(({ kind }) => kind === 'name')
    return named ? plan : { ...plan, schema: binder.openAs(plan.schema, input.schema) }
  },
})

/** @see https://learn.microsoft.com/kusto/query/project-rename-operator */
export const projectRename = operator('project-rename', {
  name: 'project-rename',
  doc: 'Renames columns, which keep their places.',
  examples: [{ query: 'print a = 1, b = 2 | project-rename c = a', rows: [{ c: 1, b: 2 }] }],
  bind(node, input, binder) {
    const renamed = new Map<string, string>()
    for (const { name, from } of node.columns) {
      if (binder.columnIn(input.schema, from.name) === undefined) {
        unknownColumn(binder, from.name, from.span, input.schema)
      }
      if (!renamed.has(from.name)) renamed.set(from.name, name.name)
    }
    const taken = new ColumnNames(namesOf(input.schema))
    for (const { name } of node.columns) {
      if (taken.claim(name.name)) continue
      const message = `A column with the name \`${name.name}\` is already declared.`
      binder.diagnostics.error('KS171', message, name.span)
    }
    const columns = input.schema.map(column => ({
      name: renamed.get(column.name) ?? column.name,
      expr: readColumn(binder, column, node.span),
    }))
    return projectOf(binder, input, columns, node.span)
  },
})

/** @see https://learn.microsoft.com/kusto/query/project-reorder-operator */
export const projectReorder = operator('project-reorder', {
  name: 'project-reorder',
  doc: 'Moves the columns that it lists to the front; the others follow in the order of the input.',
  examples: [
    { query: 'print a = 1, b = 2, c = 3 | project-reorder c', rows: [{ c: 3, a: 1, b: 2 }] },
  ],
  bind(node, input, binder) {
    const order: string[] = []
    for (const { column, order: direction } of node.columns) {
      const names = matchingColumns(binder, column, input.schema).filter(
        name => !order.includes(name),
      )
      order.push(...sortNames(names, direction))
    }
    const rest = namesOf(input.schema).filter(name => !order.includes(name))
    return keep(binder, input, [...order, ...rest], node.span)
  },
})

type NameOrder = 'asc' | 'desc' | 'granny-asc' | 'granny-desc' | undefined

/** granny orders numbers inside names by value: a9 before a10. */
function sortNames(names: string[], order: NameOrder): string[] {
  if (order === undefined) return names
  const compare = order.startsWith('granny') ? compareGranny : compareText
  const sorted = names.toSorted(compare)
  return order.endsWith('desc') ? sorted.reverse() : sorted
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function compareGranny(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? []
  const right = b.match(/\d+|\D+/g) ?? []
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i] as string, right[i] as string]
    const numbers = /^\d/.test(x) && /^\d/.test(y)
    const difference = numbers ? Number(x) - Number(y) : compareText(x, y)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
