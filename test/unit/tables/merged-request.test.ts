import { expect, it } from 'vitest'
import { mergedRequest, type OneScan } from '../../../src/tables/merged-request.ts'
import type { ScanColumn } from '../../../src/tables/source.ts'

const list = { name: 'l', type: 'dynamic', column: 'd', path: ['l'] } as const
const other = { name: 'd', type: 'dynamic', column: 'd' } as const

function columnsOf(...columns: readonly ScanColumn[]): readonly ScanColumn[] {
  const scans = columns.map(
    (column): OneScan => ({
      request: { columns: [column] },
      context: { batchSize: 10, report: () => undefined },
      isClosed: false,
      fail: () => undefined,
    }),
  )
  return mergedRequest(scans).request.columns
}

it('reads of elements what each scan reads of them', () => {
  expect(
    columnsOf(
      { ...list, elements: [['a'], ['b', 'c']] },
      { ...other, elements: [['a']] },
      { ...list, elements: [['b', 'c'], ['b']] },
    ),
  ).toEqual([
    { ...list, elements: [['a'], ['b', 'c'], ['b']] },
    { ...other, elements: [['a']] },
  ])
})

it('reads whole elements where one scan does, whichever comes first', () => {
  const some = { ...list, elements: [['a']] }
  expect(columnsOf(some, list)).toEqual([list])
  expect(columnsOf(list, some)).toEqual([list])
  expect(columnsOf(some, list, some)).toEqual([list])
})
