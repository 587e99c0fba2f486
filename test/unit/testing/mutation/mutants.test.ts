import { describe, expect, it } from 'vitest'
import { mutantsOf } from '../../../../src/testing/mutation/mutants.ts'

/** The mutants of a query: operator, what is changed, what is done, and the query. */
function mutants(text: string, operator?: string): string[] {
  return mutantsOf(text)
    .filter(mutant => operator === undefined || mutant.operator === operator)
    .map(({ operator, span, what }) => `${operator} ${text.slice(span.start, span.end)}: ${what}`)
}

/** The mutated queries, each on one line. */
function texts(text: string, operator: string): string[] {
  return mutantsOf(text)
    .filter(mutant => mutant.operator === operator)
    .map(mutant => mutant.text.replace(/\s+/g, ' ').trim())
}

describe('mutants of a query', () => {
  it('leave out and negate each part of a filter', () => {
    expect(mutants('T | where a == "x" and (b or c) and d')).toEqual([
      'remove-stage where a == "x" and (b or c) and d: left out',
      'negate a == "x": negated',
      'drop-conjunct a == "x": left out',
      'swap-operator ==: `==` becomes `=~`',
      'drop-disjunct b: left out',
      'negate b or c: negated',
      'drop-conjunct b or c: left out',
      'drop-disjunct c: left out',
      'negate d: negated',
      'drop-conjunct d: left out',
    ])
  })

  it('are queries with one change', () => {
    const text = 'T | where a and (b or c) and d'
    expect(texts(text, 'drop-conjunct')).toEqual([
      'T | where (b or c) and d',
      'T | where a and d',
      'T | where a and (b or c)',
    ])
    expect(texts(text, 'drop-disjunct')).toEqual([
      'T | where a and c and d',
      'T | where a and b and d',
    ])
    expect(texts(text, 'negate')).toEqual([
      'T | where not(a) and (b or c) and d',
      'T | where a and not(b or c) and d',
      'T | where a and (b or c) and not(d)',
    ])
    expect(texts('T | where x', 'remove-stage')).toEqual(['T'])
  })

  it.each([
    ['T | where a has "x"', '`has` becomes `contains`'],
    ['T | where a contains "x"', '`contains` becomes `has`'],
    ['T | where a =~ "x"', '`=~` becomes `==`'],
    ['T | where a > b', '`>` becomes `>=`'],
    ['T | where a in~ ("x")', '`in~` becomes `in`'],
    ['T | where a has_any ("x", "y")', '`has_any` becomes `has_all`'],
  ])('swap the operator of %s', (text, what) => {
    const [found] = mutantsOf(text).filter(({ operator }) => operator === 'swap-operator')
    expect(found?.what).toBe(what)
  })

  it('remove members of lists, but not the only one', () => {
    expect(mutants('T | where a in ("x", "y")', 'remove-member')).toEqual([
      'remove-member "x": left out',
      'remove-member "y": left out',
    ])
    expect(texts('T | where a in ("x", "y")', 'remove-member')).toEqual([
      'T | where a in ("y")',
      'T | where a in ("x")',
    ])
    expect(mutants('T | where a in ("x")', 'remove-member')).toEqual([])
  })

  it.each([
    ['T | where n > 5', ['`5` becomes `6`', '`5` becomes `4`']],
    ['T | where n > 0.25', ['`0.25` becomes `0.26`', '`0.25` becomes `0.24`']],
    ['T | where n > 2.5e-7', ['`2.5e-7` becomes `2.6e-7`', '`2.5e-7` becomes `2.4e-7`']],
    ['T | where n > 3e22', ['`3e+22` becomes `4e+22`', '`3e+22` becomes `2e+22`']],
    ['T | where t > ago(30m)', ['`00:30:00` becomes `00:31:00`', '`00:30:00` becomes `00:29:00`']],
    // From one unit, a step down is one of the next smaller unit.
    ['let w = 1d; T', ['`1.00:00:00` becomes `2.00:00:00`', '`1.00:00:00` becomes `23:00:00`']],
    [
      'T | where t between (a .. 90s)',
      ['`00:01:30` becomes `00:01:31`', '`00:01:30` becomes `00:01:29`'],
    ],
    [
      'T | where a - b < 2 * 1h',
      [
        '`2` becomes `3`',
        '`2` becomes `1`',
        '`01:00:00` becomes `02:00:00`',
        '`01:00:00` becomes `00:59:00`',
      ],
    ],
    // Not where nothing is compared.
    ['T | extend x = a[0], y = f(3) | take 5', []],
  ])('step the thresholds of %s', (text, whats) => {
    expect(
      mutantsOf(text)
        .filter(({ operator }) => operator === 'step-threshold')
        .map(({ what }) => what),
    ).toEqual(whats)
  })

  it('change joins', () => {
    const text = 'T | join kind=leftanti (U | where u) on a, $left.b == $right.c'
    expect(mutants(text)).toEqual([
      'remove-stage join kind=leftanti (U | where u) on a, $left.b == $right.c: left out',
      'change-join kind=leftanti: `kind=leftanti` becomes `kind=leftsemi`',
      'remove-stage where u: left out',
      'negate u: negated',
      'remove-key a: left out',
      'remove-key $left.b == $right.c: left out',
      'swap-operator ==: `==` becomes `=~`',
    ])
    expect(texts(text, 'change-join')).toEqual([
      'T | join kind=leftsemi (U | where u) on a, $left.b == $right.c',
    ])
    expect(texts('T | join U on a', 'change-join')).toEqual(['T | join kind=leftouter U on a'])
    expect(texts('T | lookup U on a', 'change-join')).toEqual(['T | lookup kind=inner U on a'])
  })

  it('turn orders round where they decide about rows', () => {
    expect(texts('T | sort by a asc, b | take 3', 'swap-order')).toEqual([
      'T | sort by a desc, b | take 3',
      'T | sort by a asc, b asc | take 3',
    ])
    expect(texts('T | sort by a asc', 'swap-order')).toEqual([])
    expect(texts('T | top 1 by a', 'swap-order')).toEqual(['T | top 1 by a asc'])
    expect(texts('T | summarize arg_max(a, *) by b', 'swap-order')).toEqual([
      'T | summarize arg_min(a, *) by b',
    ])
  })

  it('leave the columns of aggregates the names that others read', () => {
    expect(
      texts('T | summarize max(a), m = min(b), max(c + 1) by d | where max_a > 1', 'swap-order'),
    ).toEqual([
      'T | summarize max_a = min(a), m = min(b), max(c + 1) by d | where max_a > 1',
      'T | summarize max(a), m = max(b), max(c + 1) by d | where max_a > 1',
      'T | summarize max(a), m = min(b), min(c + 1) by d | where max_a > 1',
    ])
    expect(mutants('T | summarize max(a)', 'swap-order')).toEqual([
      'swap-order max: `max` becomes `min`',
    ])
  })

  it('change what is inside of let statements and functions too', () => {
    expect(mutants('let f = (x: long) { U | where n == x }; f(1) | take 1', 'negate')).toEqual([
      'negate n == x: negated',
    ])
  })

  it('are none where the text has errors', () => {
    expect(mutantsOf('T | where')).toEqual([])
  })
})
