import { describe, expect, it } from 'vitest'
import { loadTests } from '../../../src/testing/load-tests.ts'
import { isSameValue } from '../../../src/testing/same-value.ts'
import { parseTestTime } from '../../../src/testing/test-time.ts'
import { typedRow } from '../../../src/testing/typed-row.ts'
import { RelativeTime, typedValue, valueIn } from '../../../src/testing/typed-value.ts'
import { DiagnosticBag } from '../../../src/text/diagnostic.ts'
import { SourceText } from '../../../src/text/source-text.ts'
import { type Dynamic, WholeReal } from '../../../src/types/dynamic.ts'
import type { ScalarType } from '../../../src/types/scalar-type.ts'

const SPAN = { start: 0, end: 0 }
const MINUTE = 600_000_000n

describe('a time of a test', () => {
  it.each([
    ['now', 0n],
    ['-25m', -25n * MINUTE],
    ['-2h30m', -150n * MINUTE],
    ['+1d', 1440n * MINUTE],
    ['-1.5h', -90n * MINUTE],
    ['-1h 5m', -65n * MINUTE],
    ['-00:30:00', -30n * MINUTE],
    ['-1.02:00:00', -1560n * MINUTE],
    ['-59m59s999ms9999tick', -(60n * MINUTE - 1n)],
  ])('%s counts from now', (text, ticks) => {
    expect(parseTestTime(text)).toEqual({ ticks, relative: true })
  })

  it('may be one of its own', () => {
    const ticks = 639_093_564_000_000_001n
    expect(parseTestTime('2026-03-17T15:00:00.0000001Z')).toEqual({ ticks, relative: false })
  })

  it.each([
    '',
    'yesterday',
    '-',
    '-5',
    '-5x',
    '-m',
    '5m',
    '--5m',
    '-5m-1s',
    '+',
    'now-5m',
    '-36526d',
    '+9999999d',
  ])('%j is none', text => {
    expect(parseTestTime(text)).toBeUndefined()
  })
})

describe('a value of a column', () => {
  function typed(type: ScalarType, value: Dynamic): unknown {
    const bag = new DiagnosticBag()
    const result = typedValue(type, { value, span: SPAN }, 'C', bag)
    const [fault] = bag.items
    return fault === undefined
      ? result
      : `${fault.code} ${fault.message} ${fault.hint ?? ''}`.trim()
  }

  it.each([
    ['string', 'a', 'a'],
    ['string', null, ''],
    ['long', 5, 5n],
    ['long', 9_007_199_254_740_993n, 9_007_199_254_740_993n],
    ['int', 5, 5],
    ['real', 5, 5],
    ['real', 1.5, 1.5],
    ['real', new WholeReal(1), 1],
    ['bool', true, true],
    ['datetime', '-25m', new RelativeTime(-25n * MINUTE)],
    ['datetime', '0001-01-01T00:00:00Z', 0n],
    ['timespan', '25m', 25n * MINUTE],
    ['guid', '74BE27DE-1E4E-49D9-B579-FE0B331D3642', '74be27de-1e4e-49d9-b579-fe0b331d3642'],
    ['dynamic', '-25m', '-25m'],
    ['dynamic', [1], [1]],
    ['datetime', null, null],
    ['dynamic', null, null],
  ] as const)('%s takes %s', (type, value, expected) => {
    expect(typed(type, value as Dynamic)).toEqual(expected)
  })

  it.each([
    ['string', 0, 'KQL603 0 is no string, which `C` is. Write it in quotes: "0".'],
    ['string', true, 'KQL603 true is no string, which `C` is. Write it in quotes: "true".'],
    ['string', [1], 'KQL603 A list is no string, which `C` is.'],
    ['long', '5', 'KQL603 "5" is no long, which `C` is. Write the number without quotes.'],
    ['real', 'NaN', 'KQL603 "NaN" is no real, which `C` is. YAML writes it .nan, .inf or -.inf.'],
    ['real', '-inf', 'KQL603 "-inf" is no real, which `C` is. YAML writes it .nan, .inf or -.inf.'],
    ['real', '5', 'KQL603 "5" is no real, which `C` is. Write the number without quotes.'],
    ['long', 1.5, 'KQL603 1.5 is no long, which `C` is.'],
    ['int', 2_147_483_648, 'KQL603 2147483648 is no int, which `C` is.'],
    ['bool', 'yes', 'KQL603 "yes" is no bool, which `C` is. It is true or false.'],
    [
      'datetime',
      5,
      'KQL603 5 is no datetime, which `C` is. A time is such as 2026-03-17T15:00:00Z, or -25m: 25 minutes before now.',
    ],
    [
      'timespan',
      5,
      'KQL603 5 is no timespan, which `C` is. A timespan is such as 30m or 00:30:00.',
    ],
    ['guid', 'x', 'KQL603 "x" is no guid, which `C` is.'],
    ['real', new Map(), 'KQL603 A map is no real, which `C` is.'],
  ] as const)('%s refuses %s', (type, value, message) => {
    expect(typed(type, value as Dynamic)).toBe(message)
  })

  it('is named as the file writes it', () => {
    const file = [
      'tests:',
      '- name: a',
      '  expect: none',
      '  given: { SigninLogs: [{ ResultType: 0x1F, IPAddress: 10.10, Location: 007, UserId: True }] }',
    ]
    const { file: tests } = loadTests(new SourceText(file.join('\n')))
    const bag = new DiagnosticBag()
    for (const { name, value } of tests?.tests[0]?.given[0]?.rows[0]?.fields ?? []) {
      typedValue('string', value, name, bag)
    }
    expect(bag.items.map(({ message, hint }) => `${message} ${hint}`)).toEqual([
      '0x1F is no string, which `ResultType` is. Write it in quotes: "0x1F".',
      '10.10 is no string, which `IPAddress` is. Write it in quotes: "10.10".',
      '007 is no string, which `Location` is. Write it in quotes: "007".',
      'True is no string, which `UserId` is. Write it in quotes: "True".',
    ])
  })

  it('is known once now is', () => {
    expect(valueIn(new RelativeTime(-5n), 100n)).toBe(95n)
    expect(valueIn('a', 100n)).toBe('a')
  })
})

describe('a row of a table', () => {
  const schema = [
    { name: 'D', type: 'dynamic' },
    { name: 'S', type: 'string' },
  ] as const

  function row(fields: Readonly<Record<string, Dynamic>>, base?: ReadonlyMap<string, Dynamic>) {
    const bag = new DiagnosticBag()
    const given = Object.entries(fields).map(([name, value]) => ({
      name,
      nameSpan: SPAN,
      value: { value, span: SPAN },
    }))
    const typed = typedRow({ fields: given, span: SPAN }, schema, 'T', bag, base)
    const faults = bag.items.map(({ message, hint }) => `${message} ${hint ?? ''}`.trim())
    return faults.length > 0 ? faults : typed
  }
  const bag = (entries: Record<string, Dynamic>) => new Map(Object.entries(entries))

  it('has values at paths', () => {
    expect(row({ 'D.a.b': 1, 'D.a.c': 2 })).toEqual(bag({ D: bag({ a: bag({ b: 1, c: 2 }) }) }))
    expect(row({ 'D[0].x': 1, 'D[1]': 2 })).toEqual(bag({ D: [bag({ x: 1 }), 2] }))
    expect(row({ 'D["a.b"][0].c': 1, "D['it\\'s']": 2 })).toEqual(
      bag({ D: bag({ 'a.b': [bag({ c: 1 })], "it's": 2 }) }),
    )
    expect(row({ '["D"].a b': 1 })).toEqual(bag({ D: bag({ 'a b': 1 }) }))
    expect(row({ 'D.__proto__': 1 })).toEqual(new Map([['D', new Map([['__proto__', 1]])]]))
  })

  it('has values at paths into a column that stands below them', () => {
    const whole = bag({ D: bag({ b: 2, a: 1 }) })
    expect(row({ 'D.a': 1, D: bag({ b: 2 }) })).toEqual(whole)
    expect(row({ D: bag({ b: 2 }), 'D.a': 1 })).toEqual(whole)
  })

  it('changes what it starts from, which stays as it was', () => {
    const base = bag({ D: bag({ a: 1, b: [1, 2] }), S: 'x' })
    expect(row({ 'D.b[0]': 9 }, base)).toEqual(bag({ D: bag({ a: 1, b: [9, 2] }), S: 'x' }))
    expect(base).toEqual(bag({ D: bag({ a: 1, b: [1, 2] }), S: 'x' }))
    expect(row({ D: null, S: 'y' }, base)).toEqual(bag({ D: null, S: 'y' }))
  })

  it.each([
    [{ X: 1 }, 'T has no column `X`.'],
    [{ SS: 1 }, 'T has no column `SS`. Did you mean `S`?'],
    [{ 'X.a': 1 }, 'T has no column `X`.'],
    [{ 'S.a': 1 }, '`S` is a string: there is no path into it.'],
    [{ 'D[1]': 1 }, 'There is nothing at `D[1]` that could be set.'],
    [{ D: 5, 'D.a': 1 }, 'There is nothing at `D.a` that could be set.'],
    [{ constructor: 1 }, 'T has no column `constructor`.'],
  ])('refuses %j', (fields, message) => {
    expect(row(fields as Readonly<Record<string, Dynamic>>)).toEqual([message])
  })
})

describe('the same value', () => {
  it.each([
    [1n, 1n, true],
    [1n, 2n, false],
    ['a', 'A', false],
    [null, null, true],
    [null, 0, false],
    [Number.NaN, Number.NaN, true],
    [0, -0, true],
    [1, new WholeReal(1), true],
    [[1, 'a'], [1, 'a'], true],
    [[1, 2], [2, 1], false],
    [
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
      new Map([
        ['b', 2],
        ['a', 1],
      ]),
      true,
    ],
    [new Map([['a', 1]]), new Map([['a', 2]]), false],
    [new Map([['a', null]]), new Map([['b', null]]), false],
    [[], new Map(), false],
  ] as const)('%s and %s: %s', (a, b, same) => {
    expect(isSameValue(a as Dynamic, b as Dynamic)).toBe(same)
    expect(isSameValue(b as Dynamic, a as Dynamic)).toBe(same)
  })
})
