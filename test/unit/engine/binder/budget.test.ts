import { describe, expect, it } from 'vitest'
import { query } from '../../../../src/index.ts'
import { compileTest, rowsOf } from '../run-query.ts'

const times = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n))

function codesOf(text: string): string[] {
  return compileTest(text).diagnostics.map(({ code }) => code)
}

describe('a query that grows out of hand is refused, once and soon', () => {
  it.each([
    [
      'scalars that double',
      `let a0 = now();\n${times(60, n => `let a${n + 1} = iff(a${n} > ago(1d), a${n}, a${n});`).join('\n')}\nprint a60`,
    ],
    [
      'tables that double',
      `let t0 = print x = 1;\n${times(60, n => `let t${n + 1} = union t${n}, t${n};`).join('\n')}\nt60 | count`,
    ],
    [
      'functions that call twice what calls twice',
      `let f0 = (x: long) { x + 1 };\n${times(60, n => `let f${n + 1} = (x: long) { f${n}(x) + f${n}(x) };`).join('\n')}\nprint f60(toint(rand()))`,
    ],
    [
      'tabular functions that call twice',
      `let f0 = () { print x = 1 };\n${times(60, n => `let f${n + 1} = () { union f${n}(), f${n}() };`).join('\n')}\nf60()`,
    ],
    [
      'scalars that nest',
      `let a0 = toint(rand());\n${times(5000, n => `let a${n + 1} = a${n} + 1;`).join('\n')}\nprint a5000`,
    ],
    ['a long pipeline', `print x = 1 ${times(5000, () => '| extend x = x + 1').join('\n')}`],
    [
      'materialized tables in materialized tables',
      `let t0 = materialize(print x = 1);\n${times(5000, n => `let t${n + 1} = materialize(t${n} | where x > 0);`).join('\n')}\nt5000`,
    ],
    [
      'subqueries in subqueries',
      `let t0 = print x = 1;\n${times(5000, n => `let t${n + 1} = print x = toscalar(t${n});`).join('\n')}\nt5000`,
    ],
  ])('%s', (_, text) => {
    const codes = codesOf(text)
    expect(codes).toEqual(['KQL002'])
  })
})

describe('what people write is far from it', () => {
  it.each([
    [
      'a pipeline of 300 operators',
      `print x = 0 ${times(300, () => '| extend x = x + 1').join('\n')}`,
      [[300n]],
    ],
    [
      'a let that builds on 200 others',
      `let a0 = toint(rand()) * 0;\n${times(200, n => `let a${n + 1} = a${n} + 1;`).join('\n')}\nprint a200`,
      [[200n]],
    ],
    [
      'a materialized table with many readers',
      `let m0 = materialize(print x = 1);\n${times(12, n => `let m${n + 1} = materialize(union m${n}, m${n});`).join('\n')}\nm12 | count`,
      [[4096n]],
    ],
    ['a list of 5000 values', `print 4999 in (${times(5000, n => n).join(', ')})`, [[true]]],
    [
      'a condition of 2000 parts',
      `print x = 1999 | where ${times(2000, n => `x == ${n}`).join(' or ')}`,
      [[1999n]],
    ],
  ])('%s', async (_, text, rows) => {
    expect(await rowsOf(text)).toEqual(rows)
  })
})

describe('materialized tables that are read twice', () => {
  it.each(['count', 'extend d = dynamic({"k": 1}) | evaluate bag_unpack(d)'])('%s', async end => {
    const lets = times(40, n => `let m${n + 1} = materialize(union m${n}, m${n} | take 3);`)
    const text = `let m0 = materialize(print x = 1);\n${lets.join('\n')}\nm40 | ${end} | count`
    const result = await query(text)
    expect(result.rows()).toEqual([[end === 'count' ? 1n : 3n]])
  })
})
