import type { Dynamic } from '../../../types/dynamic.ts'
import { dynamicTag, isArray, isBag } from '../../../types/dynamic.ts'
import { accumulator, aggregate } from '../declare.ts'

/** Everything seen at one place: the types of scalars, the slots of bags, the items of arrays. */
interface Shape {
  readonly scalars: Set<string>
  slots: Map<string, Shape> | undefined
  items: Shape | undefined
}

function newShape(): Shape {
  return { scalars: new Set(), slots: undefined, items: undefined }
}

function slotOf(shape: Shape, name: string): Shape {
  shape.slots ??= new Map()
  let slot = shape.slots.get(name)
  if (slot === undefined) {
    slot = newShape()
    shape.slots.set(name, slot)
  }
  return slot
}

function extend(shape: Shape, value: Dynamic): void {
  if (isBag(value)) {
    shape.slots ??= new Map()
    for (const [name, item] of value) extend(slotOf(shape, name), item)
  } else if (isArray(value)) {
    shape.items ??= newShape()
    for (const item of value) extend(shape.items, item)
  } else if (value !== null) {
    const tag = dynamicTag(value)
    shape.scalars.add(tag === 'real' ? 'double' : tag)
  }
}

function merge(a: Shape, b: Shape): void {
  for (const scalar of b.scalars) a.scalars.add(scalar)
  if (b.slots !== undefined) {
    a.slots ??= new Map()
    for (const [name, slot] of b.slots) merge(slotOf(a, name), slot)
  }
  if (b.items !== undefined) {
    a.items ??= newShape()
    merge(a.items, b.items)
  }
}

/** One type, or an array where there are several; `null` where nothing but nulls was seen. */
function print(shape: Shape): Dynamic {
  const types: Dynamic[] = [...shape.scalars]
  const container = new Map<string, Dynamic>()
  if (shape.items !== undefined) container.set('`indexer`', print(shape.items))
  for (const [name, slot] of shape.slots ?? []) container.set(name, print(slot))
  if (shape.items !== undefined || shape.slots !== undefined) types.push(container)
  if (types.length === 0) return 'null'
  return types.length === 1 ? types[0]! : types
}

interface SchemaState {
  shapes: Shape[]
}

function shapeOf(state: SchemaState, group: number): Shape {
  const shape = state.shapes[group] ?? newShape()
  state.shapes[group] = shape
  return shape
}

/** @see https://learn.microsoft.com/kusto/query/buildschema-aggregation-function */
export const buildschema = aggregate({
  name: 'buildschema',
  doc: 'The smallest schema that all values of the group fit: a type, several as an array, bags by their slots, arrays as `indexer`. Nulls are skipped; of nothing null.',
  examples: [
    {
      query:
        'datatable(d:dynamic)[dynamic({"x":1}), dynamic({"x":"a", "z":[1]})] | summarize s = buildschema(d)',
      rows: [{ s: { x: ['long', 'string'], z: { '`indexer`': 'long' } } }],
    },
  ],
  naming: { prefix: 'schema' },
  overloads: [
    accumulator({
      params: ['dynamic'],
      returns: 'dynamic',
      nulls: 'skip',
      init: (): SchemaState => ({ shapes: [] }),
      update(state, [vector], groupOf, selection) {
        for (const row of selection) extend(shapeOf(state, groupOf[row]!), vector.at(row))
      },
      merge(a, b, into) {
        for (let g = 0; g < into.length; g++) {
          const shape = b.shapes[g]
          if (shape !== undefined) merge(shapeOf(a, into[g]!), shape)
        }
      },
      finish(state, group) {
        const shape = state.shapes[group]
        return shape === undefined ? null : print(shape)
      },
    }),
  ],
})
