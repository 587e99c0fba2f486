import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../../src/parser/parse.ts'
import type { OperatorSyntax } from '../../../src/parser/syntax.ts'

function operatorOf(text: string): OperatorSyntax | undefined {
  const { syntax, diagnostics } = parseQuery(`T | ${text}`)
  expect(diagnostics).toEqual([])
  return syntax.expression?.kind === 'pipe' ? syntax.expression.operators[0] : undefined
}

const name = (text: string) => ({ kind: 'name', name: text })

describe('scan, partition, fork and facet', () => {
  it.each<[string, object]>([
    [
      'scan with_match_id=m declare (x: long = 0, y: string) with (step s1: a > 1 => x = s1.x, y = b; step s2 output=last: true;)',
      {
        kind: 'scan',
        matchId: name('m'),
        columns: [
          { name: name('x'), type: 'long', default: { value: 0n } },
          { name: name('y'), type: 'string' },
        ],
        steps: [
          {
            name: name('s1'),
            condition: { kind: 'binary' },
            assignments: [
              { column: name('x'), value: { kind: 'member' } },
              { column: name('y'), value: name('b') },
            ],
          },
          { name: name('s2'), output: 'last', condition: { value: true }, assignments: [] },
        ],
      },
    ],
    [
      'partition hint.strategy=native by a (where x == 1 | take 1)',
      {
        kind: 'partition',
        parameters: [{ name: 'hint.strategy', value: name('native') }],
        column: name('a'),
        operators: [{ kind: 'where' }, { kind: 'take' }],
      },
    ],
    [
      'partition by a { U | where x == toscalar(a) }',
      { kind: 'partition', parameters: [], column: name('a'), query: { kind: 'pipe' } },
    ],
    ['__partitionby a (take 1)', { kind: 'partition', operators: [{ kind: 'take' }] }],
    [
      'fork (take 1) n = (count | as m)',
      {
        kind: 'fork',
        branches: [
          { operators: [{ kind: 'take' }] },
          { name: name('n'), operators: [{ kind: 'count' }, { kind: 'as' }] },
        ],
      },
    ],
    [
      'facet by a, b with (where a == 1 | take 1)',
      {
        kind: 'facet',
        columns: [name('a'), name('b')],
        operators: [{ kind: 'where' }, { kind: 'take' }],
      },
    ],
    ['facet by a with take 1', { kind: 'facet', operators: [{ kind: 'take' }] }],
  ])('%s', (text, expected) => {
    expect(operatorOf(text)).toMatchObject(expected)
  })

  it.each<[string, string, number, number]>([
    ['scan with (step s: true)', 'KS005', 27, 28],
    ['scan with ()', 'KS006', 15, 16],
    ['scan order by a with (step s: true;)', 'KQL101', 9, 14],
    ['scan partition by a with (step s: true;)', 'KQL101', 9, 18],
    ['scan with (step s optional: true;)', 'KQL101', 22, 30],
    ['scan with (step s output=some: true;)', 'KS005', 29, 33],
    ['scan with (step s foo: true;)', 'KS005', 22, 25],
    ['partition by a', 'KS006', 18, 18],
    ['partition by a ()', 'KS006', 20, 21],
    ['fork', 'KS006', 8, 8],
    ['facet a', 'KS005', 10, 11],
  ])('%s is a fault', (text, code, start, end) => {
    expect(parseQuery(`T | ${text}`).diagnostics).toMatchObject([{ code, span: { start, end } }])
  })

  it.each(['scan', 'partition', 'fork', 'facet', '__partitionby'])('%s is a name too', word => {
    expect(parseQuery(`T | where ${word} == 1 | extend ${word} = 2`).diagnostics).toEqual([])
  })
})

describe('graphs', () => {
  it.each<[string, object]>([
    [
      'make-graph a --> b with N on x, (M | take 1) on y partitioned-by c (graph-match (n) project n.x)',
      {
        kind: 'make-graph',
        source: name('a'),
        target: name('b'),
        nodes: [
          { table: name('N'), id: name('x') },
          { table: { kind: 'pipe' }, id: name('y') },
        ],
        partition: { column: name('c'), operators: [{ kind: 'graph-match' }] },
      },
    ],
    ['make-graph a-->b with_node_id=n', { kind: 'make-graph', nodes: [], nodeId: name('n') }],
    [
      'graph-match cycles=none (a)-[e]->(b)<--(c)-[*1..3]-(), (b)--(d) where a.x == 1 project y = a.x, c.z',
      {
        kind: 'graph-match',
        cycles: 'none',
        patterns: [
          {
            nodes: [{ name: name('a') }, { name: name('b') }, { name: name('c') }, {}],
            edges: [
              { name: name('e'), direction: 'right' },
              { direction: 'left' },
              { direction: 'any', range: { min: { value: 1n }, max: { value: 3n } } },
            ],
          },
          { nodes: [{ name: name('b') }, { name: name('d') }], edges: [{ direction: 'any' }] },
        ],
        where: { kind: 'binary' },
        columns: [{ names: [name('y')] }, { names: [] }],
      },
    ],
    [
      'graph-shortest-paths output=all cycles=none (a)<-[e*2..n]-(b) project x = 1',
      {
        kind: 'graph-shortest-paths',
        output: 'all',
        cycles: 'none',
        patterns: [
          { edges: [{ direction: 'left', range: { min: { value: 2n }, max: name('n') } }] },
        ],
      },
    ],
    [
      'graph-mark-components kind=strong with_component_id = c',
      { kind: 'graph-mark-components', components: 'strong', componentId: name('c') },
    ],
    [
      'graph-to-table nodes as N with_node_id=i, edges as E with_source_id=s with_target_id=t',
      {
        kind: 'graph-to-table',
        tables: [
          { what: 'nodes', name: name('N'), nodeId: name('i') },
          { what: 'edges', name: name('E'), sourceId: name('s'), targetId: name('t') },
        ],
      },
    ],
  ])('%s', (text, expected) => {
    expect(operatorOf(text)).toMatchObject(expected)
  })

  it.each<[string, string, number, number]>([
    ['make-graph a -- b', 'KS005', 20, 21],
    ['make-graph a --< b', 'KS005', 19, 20],
    ['graph-match cycles=some (a) project a.x', 'KS005', 23, 27],
    ['graph-match (a)', 'KS005', 19, 19],
    ['graph-match (a)-[e*]->(b) project a.x', 'KS006', 23, 24],
    ['graph-match (a)-[e*1]->(b) project a.x', 'KS005', 24, 25],
    ['graph-to-table rows', 'KS005', 19, 23],
    ['graph-mark-components kind=other', 'KS005', 31, 36],
  ])('%s is a fault', (text, code, start, end) => {
    expect(parseQuery(`T | ${text}`).diagnostics).toMatchObject([{ code, span: { start, end } }])
  })
})
