import { ColumnBatch } from '../../../tables/batch.ts'
import { type ScalarValue, type Vector, valueAt } from '../../../tables/vector.ts'
import { vectorOf } from '../../../tables/vector-builder.ts'
import { commonType } from '../../../types/common-type.ts'
import { type ScalarType, scalarTypeOf } from '../../../types/scalar-type.ts'
import type { EvaluatePlan } from '../../plan/nodes.ts'
import { SCHEMA_COLUMNS, SYSTEM_TYPES } from '../getschema.ts'
import type { Run } from '../run.ts'
import { plugin } from './declare.ts'
import { allRows, faultOf, optionOf } from './running.ts'

/** @see https://learn.microsoft.com/kusto/query/schema-merge-plugin */
export const schemaMerge = plugin({
  name: 'schema_merge',
  doc:
    'Merges schemas, in the form that getschema gives, to one with the columns of all. A column whose ' +
    'types or positions do not agree is shown as an error.',
  parameters: [
    {
      name: 'PreserveOrder',
      takes: 'constant bool',
      doc: 'Whether a column must have the same position in all; true if missing.',
      optional: true,
    },
  ],
  examples: [
    {
      query:
        'let A = datatable(a: string, b: int)[] | getschema; let B = datatable(a: string, c: long)[] | getschema; ' +
        'union A, B | evaluate schema_merge(PreserveOrder = false) | project ColumnName, ColumnOrdinal, ColumnType',
      rows: [
        { ColumnName: 'a', ColumnOrdinal: 0, ColumnType: 'string' },
        { ColumnName: 'b', ColumnOrdinal: 1, ColumnType: 'int' },
        { ColumnName: 'c', ColumnOrdinal: 2, ColumnType: 'long' },
      ],
    },
  ],
  bind(call) {
    const { binder, input, span } = call
    const columns = SCHEMA_COLUMNS.filter(({ name }) => name !== 'DataType').map(column => {
      const own = binder.columnIn(input.schema, column.name)
      const fits = own !== undefined && (own.type === column.type || binder.isFailedColumn(own))
      if (!fits) {
        const message = `schema_merge needs a column \`${column.name}\` of type ${column.type}.`
        call.fail('KS142', message, span, 'Give it what getschema gives.')
      }
      return { name: column.name, of: own ?? column }
    })
    const preserve = call.constant('PreserveOrder', 'bool')
    if (call.failed) return call.failedPlan()
    return call.evaluate([call.select(columns)], SCHEMA_COLUMNS, { PreserveOrder: preserve })
  },
  execute: (plan, run) => runSchemaMerge(plan, run),
})

interface MergedColumn {
  type: ScalarType
  ordinal: bigint
  moved: boolean
}

async function* runSchemaMerge(plan: EvaluatePlan, run: Run): AsyncGenerator<ColumnBatch> {
  const preserve = (await optionOf(plan, 'PreserveOrder', run)) !== false
  const rows = await allRows(plan, run)
  const [names, ordinals, types] = rows.columns
  const merged = new Map<string, MergedColumn>()
  for (const row of rows.rows) {
    const name = String(valueAt(names!, row))
    const ordinal = valueAt(ordinals!, row)
    const type = scalarTypeOf(String(valueAt(types!, row)))
    if (type === undefined || typeof ordinal !== 'bigint') {
      throw faultOf(plan, 'KS107', `The column \`${name}\` has no type or position.`)
    }
    const before = merged.get(name)
    if (before === undefined) {
      merged.set(name, { type, ordinal, moved: false })
      continue
    }
    const common = commonType([before.type, type])
    if (common === undefined) {
      const message = `The types ${before.type} and ${type} of \`${name}\` have none in common.`
      throw faultOf(plan, 'KS107', message)
    }
    before.type = common
    if (ordinal !== before.ordinal) before.moved = true
    if (ordinal > before.ordinal) before.ordinal = ordinal
  }
  const order = [...merged].sort(([, a], [, b]) => Number(a.ordinal - b.ordinal))
  const good = order.filter(([, { moved }]) => !preserve || !moved)
  const bad = order.filter(item => !good.includes(item))
  const cells: ScalarValue[][] = [
    ...good.map(([name, { type }], index) => [name, BigInt(index), SYSTEM_TYPES[type], type]),
    ...bad.map(([name]) => [name, -1n, `ERROR(unknown CSL type:${OUT_OF_ORDER})`, OUT_OF_ORDER]),
  ]
  const columns = plan.schema.map(
    ({ type }, index) =>
      vectorOf(
        type,
        cells.map(row => row[index] ?? null),
      ) as Vector,
  )
  if (cells.length > 0) yield new ColumnBatch(plan.schema, columns, cells.length)
}

const OUT_OF_ORDER = 'ERROR(columns are out of order)'
