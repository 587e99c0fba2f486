import type { ScalarType } from '../../types/scalar-type.ts'
import { type Column, findColumn, type Schema } from '../../types/schema.ts'
import type { GraphPlan, MakeGraphPlan } from '../plan/nodes.ts'

/** Names of what nodes and edges have beside their properties. */
export const NODE_ID = '$id'
export const DEGREE_IN = '$in'
export const DEGREE_OUT = '$out'
export const SOURCE_ID = '$source'
export const TARGET_ID = '$target'

/** What a graph is made of. */
export function madeOf(plan: GraphPlan): MakeGraphPlan {
  return plan.kind === 'make-graph' ? plan : madeOf(plan.input)
}

/** The type of the identifiers of a graph's nodes. */
export function idTypeOf(plan: GraphPlan): ScalarType {
  const { input, source } = madeOf(plan)
  return findColumn(input.schema, source)?.type ?? 'string'
}

/** The properties of a graph's nodes. */
export function nodeProperties(plan: GraphPlan): Schema {
  if (plan.kind === 'graph-components') {
    const own: Column = { name: plan.property, type: 'long' }
    return [...nodeProperties(plan.input), own]
  }
  if (plan.nodeId !== undefined) return [{ name: plan.nodeId, type: idTypeOf(plan) }]
  const columns = new Map<string, Column>()
  for (const column of plan.nodes.flatMap(node => node.plan.schema)) {
    if (!columns.has(column.name)) columns.set(column.name, column)
  }
  return [...columns.values()]
}

/** The same with identifiers and degrees. */
export function nodeSchema(plan: GraphPlan): Schema {
  return [
    ...nodeProperties(plan),
    { name: NODE_ID, type: idTypeOf(plan) },
    { name: DEGREE_IN, type: 'long' },
    { name: DEGREE_OUT, type: 'long' },
  ]
}

/** The properties of a graph's edges. */
export function edgeProperties(plan: GraphPlan): Schema {
  return madeOf(plan).input.schema
}

/** The same with the identifiers of their nodes. */
export function edgeSchema(plan: GraphPlan): Schema {
  const type = idTypeOf(plan)
  return [...edgeProperties(plan), { name: SOURCE_ID, type }, { name: TARGET_ID, type }]
}
