import { describe, expect, it } from 'vitest'
import { compileTest, rowsOf } from '../run-query.ts'

function reduced(texts: readonly string[], rest = ''): Promise<unknown[][]> {
  const rows = texts.map(text => JSON.stringify(text)).join(', ')
  return rowsOf(`datatable(s: string)[${rows}] | reduce by s ${rest}`)
}

describe('reduce', () => {
  it('keeps the terms that more than the share of texts have at a place', async () => {
    const texts = ['login of Ann ok', 'login of Bob ok', 'login of Cid failed', 'logout Dan']
    expect(await reduced(texts, 'with threshold=0.4')).toEqual([
      ['login of * ok', 2n, 'login of Ann ok'],
      ['others', 2n, ''],
    ])
    // At 0.5, `ok` is in half of the texts, which is not more.
    expect(await reduced(texts, 'with threshold=0.5')).toEqual([
      ['login of *', 3n, 'login of Ann ok'],
      ['others', 1n, ''],
    ])
  })

  it('never keeps a number, and gives what is alike as one', async () => {
    expect(await reduced(['id 7 end', 'id 7 end', 'id 8 end'])).toEqual([
      ['id * end', 3n, 'id 7 end'],
    ])
    expect(await reduced(['a', 'a', 'b', 'c', 'd'], 'with threshold=0.2')).toEqual([
      ['a', 2n, 'a'],
      ['others', 3n, ''],
    ])
  })

  it('puts a * where what separates terms differs', async () => {
    expect(await reduced(['a-b', 'a b'])).toEqual([['a*b', 2n, 'a-b']])
    expect(await reduced(['[1] x', '[2] x'])).toEqual([['[*] x', 2n, '[1] x']])
    expect(await reduced(['go 1', 'go'])).toEqual([['go*', 2n, 'go 1']])
    expect(await reduced(['é go', 'ü go'])).toEqual([['*go', 2n, 'é go']])
  })

  it('lets characters separate terms, or not', async () => {
    expect(await reduced(['fooZ1', 'fooZ2'], 'with characters="Z"')).toEqual([
      ['foo*', 2n, 'fooZ1'],
    ])
    expect(await reduced(['a-1 x', 'b-2 x'], 'with threshold=0.6, characters="-"')).toEqual([
      ['* x', 2n, 'a-1 x'],
    ])
    expect(await reduced(['a-1 x', 'a-2 x'], 'with threshold=0.6')).toEqual([
      ['a-* x', 2n, 'a-1 x'],
    ])
  })

  it('puts texts without a term with the others', async () => {
    expect(await reduced(['', '--', '12'])).toEqual([['others', 3n, '']])
    expect(await reduced([])).toEqual([])
  })

  it('adds the pattern to each row with kind=source', async () => {
    const text =
      'datatable(n: long, s: string)[1, "go 1", 2, "go 2", 3, "?"] | reduce kind=source by s'
    expect(await rowsOf(text)).toEqual([
      [1n, 'go 1', 'go *'],
      [2n, 'go 2', 'go *'],
      [3n, '?', 'others'],
    ])
  })

  it('reads long and odd texts', async () => {
    const odd = [`${'(*+'.repeat(5000)}x`, '__proto__', '\u0000\n', '😀 a']
    expect((await reduced(odd)).reduce((sum, row) => sum + Number(row[1]), 0)).toBe(4)
  })

  it.each([
    ['reduce by s with threshold=1.5', 'KS128'],
    ['reduce by s with threshold="x"', 'KS128'],
    ['reduce by s with characters=1', 'KS141'],
    ['reduce by s with other=1', 'KS125'],
    ['reduce kind=target by s', 'KS125'],
    ['reduce by n', 'KS141'],
    ['reduce by t', 'KS142'],
    ['reduce s', 'KS005'],
  ])('%s is reported', (operator, code) => {
    const { diagnostics } = compileTest(`datatable(s: string, n: long)[] | ${operator}`)
    expect(diagnostics.map(item => item.code)).toEqual([code])
  })
})
