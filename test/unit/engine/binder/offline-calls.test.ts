import { describe, expect, it } from 'vitest'
import { compileTest, rowsOf } from '../run-query.ts'

describe('what only a cluster has', () => {
  it.each([
    ['print x = current_principal()', 10],
    ['print x = strcat("in ", current_database())', 24],
    ['print 1 | where cursor_after("x")', 16],
    ['print 1 | extend extent_id()', 17],
  ])('%s is refused at its place', (text, start) => {
    const { diagnostics } = compileTest(text)
    expect(diagnostics).toMatchObject([{ code: 'KQL106', span: { start } }])
  })
})

describe('column_names_of', () => {
  it.each([
    ['let T = datatable(A:string, B:int)[]; print c = column_names_of(T)', ['A', 'B']],
    ['let f = (x:int) { print A = "", B = x }; print c = column_names_of(f(1))', ['A', 'B']],
  ])('%s', async (text, names) => {
    expect(await rowsOf(text)).toEqual([[names]])
  })
})

describe('iscolumnexists', () => {
  it('is about the rows at hand', async () => {
    const text = 'print a = 1 | extend b = iscolumnexists("a"), c = iscolumnexists("b")'
    expect(await rowsOf(text)).toEqual([[1n, true, false]])
  })
})
