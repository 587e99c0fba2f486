import { describe, expect, it } from 'vitest'
import { compileTest, objectsOf, rowsOf } from './run-query.ts'

describe('array_sort of several arrays', () => {
  const rows =
    'datatable(k: long, a: dynamic, b: dynamic)[1, dynamic([3, null, 1, 3]), dynamic(["x", "y", "z", "w"]), 2, dynamic("no array"), dynamic([1]), 3, dynamic([2, 1]), dynamic([1])]'

  it('puts the others in the order of the first', async () => {
    expect(await objectsOf(`${rows} | take 1 | project array_sort_asc(a, b)`)).toEqual([
      { a_sorted: [1, 3, 3, null], b_sorted: ['z', 'x', 'w', 'y'] },
    ])
    expect(await objectsOf(`${rows} | take 1 | project array_sort_desc(a, b, false)`)).toEqual([
      { a_sorted: [null, 3, 3, 1], b_sorted: ['y', 'x', 'w', 'z'] },
    ])
  })

  it('gives null for an array that is not as long, and for all where the first is none', async () => {
    const text = `${rows} | where k > 1 | project k, (x, y, z) = array_sort_asc(a, b, a)`
    expect(await objectsOf(text)).toEqual([
      { k: 2, x: null, y: null, z: null },
      { k: 3, x: [1, 2], y: null, z: [1, 2] },
    ])
  })

  it('names its columns after its arguments', async () => {
    const text = `${rows} | take 1 | project array_sort_asc(a, dynamic([4, 3, 2, 1]), b, true) | getschema | project ColumnName`
    expect(await rowsOf(text)).toEqual([['a_sorted'], ['array1_sorted'], ['b_sorted']])
    const added = `print a = dynamic([2, 1]), a_sorted = 5 | extend array_sort_asc(a, a) | getschema | project ColumnName`
    expect(await rowsOf(added)).toEqual([['a'], ['a_sorted'], ['a_sorted1'], ['a_sorted2']])
  })

  it.each([
    ['extend array_sort_asc(a), array_sort_desc(a)', ['a', 'a_sorted', 'a_sorted1']],
    ['extend a_sorted = 1, array_sort_asc(a)', ['a', 'a_sorted', 'a_sorted1']],
    ['extend array_sort_asc(pack_array(1))', ['a', 'array0_sorted']],
    ['project array_sort_asc(a), tostring(array_sort_asc(a))', ['a_sorted', 'Column1']],
    ['mv-expand array_sort_asc(a), array_sort_desc(a)', ['a', 'a_sorted', 'a_sorted1']],
    ['extend a_sorted = 1 | mv-expand array_sort_asc(a)', ['a', 'a_sorted', 'a_sorted1']],
    ['summarize make_list(array_sort_asc(a))', ['list_']],
  ])('of one array has a column of its own: %s', async (operators, names) => {
    const text = `print a = dynamic([2, 1, 3]) | ${operators} | getschema | project ColumnName`
    expect(await rowsOf(text)).toEqual(names.map(name => [name]))
  })

  it('of one array leaves another sort of it', async () => {
    const text = 'print a = dynamic([2, 1, 3]) | extend array_sort_asc(a), array_sort_desc(a)'
    expect(await rowsOf(text)).toEqual([
      [
        [2, 1, 3],
        [1, 2, 3],
        [3, 2, 1],
      ],
    ])
  })

  it('gives one of them by its position', async () => {
    const text = `${rows} | take 1 | project array_sort_asc(a, b)[1], n = array_sort_asc(a, b, false)[0][1]`
    expect(await objectsOf(text)).toEqual([{ b_sorted: ['z', 'x', 'w', 'y'], n: 1 }])
    const grouped = `${rows} | where k == 3 | mv-expand a to typeof(long) | summarize array_sort_asc(make_list(a), make_list(k))[0]`
    expect(await objectsOf(grouped)).toEqual([{ list_a_sorted: [1, 2] }])
    const fit = 'print y = dynamic([1, 2, 3]) | extend series_fit_line(y)[1] | project-away y'
    expect(await objectsOf(fit)).toEqual([{ series_fit_line_y_slope: 1 }])
  })

  it('is one array where a bool is all that follows it', async () => {
    const text = 'let end = false; print array_sort_asc(dynamic([2, null]), end)'
    expect(await objectsOf(text)).toEqual([{ print_0: [null, 2] }])
  })

  it.each([
    ['print array_sort_asc(dynamic([1]), dynamic([1]))[2]', 'KQL101'],
    ['print x = 1 | extend array_sort_asc(dynamic([1]), dynamic([1]))[x]', 'KQL101'],
    ['print tostring(array_sort_asc(dynamic([1]), dynamic([1])))', 'KQL101'],
    ['print x = 1 | summarize array_sort_asc(make_list(x), make_list(x))', 'KQL101'],
    ['print a = dynamic([1]), b = true | extend array_sort_asc(a, a, b)', 'KS120'],
    ['print array_sort_asc(dynamic([1]), dynamic([1]), 1)', 'KS127'],
    ['print array_sort_asc(dynamic([1]), nothing)', 'KS142'],
  ])('refuses %s', (text, code) => {
    expect(compileTest(text).diagnostics.map(diagnostic => diagnostic.code)).toEqual([code])
  })
})
