import type { ColumnBatch } from '../../../tables/batch.ts'
import type { DynamicVector } from '../../../tables/vector.ts'
import { type DynamicTag, dynamicTag, isArray, isBag } from '../../../types/dynamic.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import { type Column, findColumn, indexOfColumn, type Schema } from '../../../types/schema.ts'
import { readColumn } from '../../binder/columns.ts'
import type { Expr, NamedExpr, Plan } from '../../plan/nodes.ts'
import {
  becomes,
  conflictMessage,
  type Replaced,
  replaceSource,
  settleConflicts,
  typeMessage,
  withoutSlots,
} from './bag-conflicts.ts'
import type { PluginCall } from './call.ts'
import { type Discoverer, plugin } from './declare.ts'

/** What becomes of a slot that has the name of a column of the input. */
type Conflict = 'error' | 'replace_source' | 'keep_source'

const CONFLICTS: ReadonlyMap<string, Conflict> = new Map([
  ['error', 'error'],
  ['replace_source', 'replace_source'],
  ['keep_source', 'keep_source'],
])

interface Unpacking {
  readonly bag: Column
  readonly prefix: string
  readonly conflict: Conflict
  readonly ignored: ReadonlySet<string>
}

/** @see https://learn.microsoft.com/kusto/query/bag-unpack-plugin */
export const bagUnpack = plugin({
  name: 'bag_unpack',
  doc:
    'Gives a column for each slot of the bags in a column, which goes. The columns are sorted by ' +
    'name; each has the type of its values, or dynamic where they have several. Nulls have no type.',
  parameters: [
    { name: 'Column', takes: 'dynamic column', doc: 'The bags.' },
    {
      name: 'OutputColumnPrefix',
      takes: 'constant string',
      doc: 'Stands before the name of each new column.',
      optional: true,
    },
    {
      name: 'columnsConflict',
      takes: 'constant string',
      doc:
        'For a slot called like a column: `error` (if missing), `replace_source`, `keep_source`. A ' +
        'column is replaced in all rows where any bag has its slot, with a schema as without.',
      optional: true,
    },
    {
      name: 'ignoredProperties',
      takes: 'constant dynamic',
      doc: 'An array of slots to leave out.',
      optional: true,
    },
  ],
  keepsColumns: true,
  takesSchema: true,
  examples: [
    {
      query:
        'datatable(d: dynamic)[dynamic({"Name": "John", "Age": 20}), dynamic({"Name": "Dave", "Height": 170})] ' +
        '| evaluate bag_unpack(d)',
      rows: [
        { Age: 20, Height: null, Name: 'John' },
        { Age: null, Height: 170, Name: 'Dave' },
      ],
    },
    {
      query: `print a = 1, d = dynamic({"a": 2, "b": 3}) | evaluate bag_unpack(d, 'd_', ignoredProperties=dynamic(['b']))`,
      rows: [{ a: 1, d_a: 2 }],
    },
    {
      query: `print a = 1, d = dynamic({"b": 2, "c": 3}) | evaluate bag_unpack(d): (*, b: string)`,
      rows: [{ a: 1, b: '2' }],
    },
  ],
  bind(call) {
    const unpacking = bindArguments(call)
    if (unpacking === undefined) return call.failedPlan()
    return call.schema === undefined
      ? unpackFound(call, unpacking)
      : unpackDeclared(call, unpacking)
  },
  execute: settleConflicts,
  discover: ({ input, column }) => new SlotTypes(indexOfColumn(input.schema, column)),
})

function bindArguments(call: PluginCall): Unpacking | undefined {
  const { binder } = call
  const bag = call.column('Column')
  const prefix = call.has('OutputColumnPrefix') ? call.text('OutputColumnPrefix') : ''
  const mode = call.has('columnsConflict') ? call.text('columnsConflict') : 'error'
  const ignored = bindIgnored(call)
  if (call.failed || bag === undefined || prefix === undefined || mode === undefined)
    return undefined
  const conflict = CONFLICTS.get(mode)
  const place = call.syntax('columnsConflict')?.span ?? call.span
  if (conflict === undefined) {
    const hint = `It is one of ${[...CONFLICTS.keys()].join(', ')}.`
    call.fail('KS128', `\`${mode}\` is no way to treat conflicts.`, place, hint)
    return undefined
  }
  if (!binder.isFailedColumn(bag) && bag.type !== 'dynamic') {
    const hint = bag.type === 'string' ? 'If it holds JSON, use parse_json(…) first.' : undefined
    const at = call.syntax('Column')?.span ?? call.span
    call.fail('KS141', 'The column must have the type dynamic.', at, hint)
    return undefined
  }
  return { bag, prefix, conflict, ignored }
}

function bindIgnored(call: PluginCall): ReadonlySet<string> {
  const value = call.value('ignoredProperties', 'dynamic')
  if (value === undefined || value === null) return new Set()
  const names: unknown = value
  if (Array.isArray(names) && names.every(name => typeof name === 'string')) return new Set(names)
  const place = call.syntax('ignoredProperties')?.span ?? call.span
  call.fail('KS128', 'ignoredProperties is an array of names.', place)
  return new Set()
}

/** The columns that the data have. */
function unpackFound(call: PluginCall, unpacking: Unpacking): Plan {
  const { bag, prefix, conflict, ignored } = unpacking
  const known = call.input.schema.filter(column => column !== bag)
  const { binder, span, input } = call
  const request = { plugin: 'bag_unpack', input, column: bag.name, known, span }
  return binder.late(request, (slots, rows) => {
    const columns = known.map(
      (column): NamedExpr => ({ name: column.name, expr: readColumn(binder, column, span) }),
    )
    for (const slot of slots) {
      if (ignored.has(slot.name)) continue
      const name = prefix + slot.name
      const found = { name, expr: slotOf(call, bag, slot.name, slot.type) }
      const index = columns.findIndex(column => column.name === name)
      if (index < 0) columns.push(found)
      else if (conflict === 'replace_source') columns[index] = found
      else if (conflict === 'error') return conflictFault(call, name)
    }
    return call.project(rows, columns)
  })
}

function conflictFault(call: PluginCall, name: string): Plan {
  return call.fail(
    'KS171',
    conflictMessage(name),
    call.span,
    `Say which to take: columnsConflict='replace_source' or 'keep_source'; or give a prefix.`,
  )
}

/** The columns that were asked for, whatever the data have. */
function unpackDeclared(call: PluginCall, unpacking: Unpacking): Plan {
  const { binder, input, schema } = call
  const { bag, prefix, conflict, ignored } = unpacking
  if (schema === undefined) return call.failedPlan()
  const source = input.schema.filter(column => column !== bag)
  const columns: NamedExpr[] = []
  const asked = new Set(schema.columns.map(({ name }) => name.name))
  if (schema.star) {
    for (const column of source) {
      if (asked.has(column.name)) continue
      columns.push({ name: column.name, expr: readColumn(binder, column, call.span) })
    }
  }
  const clashing: string[] = []
  const replaced: Replaced[] = []
  for (const { name, type, span } of schema.columns) {
    if (columns.some(column => column.name === name.name)) {
      return call.fail(
        'KS171',
        `A column with the name \`${name.name}\` is already declared.`,
        span,
      )
    }
    const slot = name.name.startsWith(prefix) ? name.name.slice(prefix.length) : undefined
    const readable = slot !== undefined && !ignored.has(slot)
    const own = findColumn(source, name.name)
    if (own !== undefined && readable && conflict === 'replace_source') {
      replaced.push({ slot, index: columns.length, own })
    }
    if (own !== undefined && (conflict !== 'replace_source' || !readable)) {
      if (!becomes(own, type) && !binder.isFailedColumn(own)) {
        return call.fail('KS107', typeMessage(own, type), span)
      }
      if (conflict === 'error' && readable) clashing.push(slot)
      const expr = binder.convert(readColumn(binder, own, span), type)
      columns.push({ name: name.name, expr })
    } else if (readable) {
      columns.push({ name: name.name, expr: slotOf(call, bag, slot, type) })
    } else {
      return call.fail(
        'KS142',
        `No slot of the bags gives a column \`${name.name}\`.`,
        span,
        prefix === '' ? undefined : `The names of new columns start with \`${prefix}\`.`,
      )
    }
  }
  if (replaced.length > 0) return replaceSource(call, bag, columns, replaced)
  return call.project(withoutSlots(call, bag, clashing, columns), columns)
}

function pathTo(bag: Column, slot: string, span: Plan['span']): Expr {
  const target = { kind: 'column', type: 'dynamic', name: bag.name, span } as const
  return { kind: 'path', type: 'dynamic', target, steps: [slot], span }
}

function slotOf(call: PluginCall, bag: Column, slot: string, type: ScalarType): Expr {
  const value = pathTo(bag, slot, call.span)
  return type === 'dynamic' ? value : call.binder.convert(value, type)
}

const TYPES: Readonly<Record<DynamicTag, ScalarType>> = {
  null: 'dynamic',
  bool: 'bool',
  long: 'long',
  real: 'real',
  string: 'string',
  datetime: 'datetime',
  timespan: 'timespan',
  guid: 'guid',
  decimal: 'decimal',
  array: 'dynamic',
  bag: 'dynamic',
}

/** Collects the slots of bags and the types of their values. */
class SlotTypes implements Discoverer {
  readonly #column: number
  readonly #types = new Map<string, ScalarType | undefined>()

  constructor(column: number) {
    this.#column = column
  }

  add(batch: ColumnBatch): void {
    const vector = batch.columns[this.#column] as DynamicVector
    for (const row of batch.rows) {
      const bag = vector.at(row)
      if (!isBag(bag)) continue
      for (const [name, value] of bag) {
        const before = this.#types.get(name)
        if (value === null) {
          if (before === undefined) this.#types.set(name, undefined)
          continue
        }
        const type = isArray(value) ? 'dynamic' : TYPES[dynamicTag(value)]
        if (before === undefined) this.#types.set(name, type)
        else if (before !== type) this.#types.set(name, 'dynamic')
      }
    }
  }

  columns(): Schema {
    return [...this.#types]
      .map(([name, type]): Column => ({ name, type: type ?? 'dynamic' }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  }
}
