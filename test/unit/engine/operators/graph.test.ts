import { describe, expect, it } from 'vitest'
import { query } from '../../../../src/index.ts'
import { compileTest, rowsOf } from '../run-query.ts'

const tables = {
  // a -> b -> c -> a is a circle, c -> d leads out of it; e -> e goes round alone.
  E: {
    columns: { s: 'string', t: 'string', w: 'long' },
    rows: [
      ['a', 'b', 1],
      ['b', 'c', 2],
      ['c', 'a', 3],
      ['c', 'd', 4],
      ['e', 'e', 5],
    ],
  },
  N: {
    columns: { id: 'string', kind: 'string', age: 'long' },
    rows: [
      ['a', 'x', 1],
      ['c', '', null],
      ['c', 'y', 3],
      ['z', 'lonely', 9],
    ],
  },
  M: {
    columns: { id: 'string', kind: 'string', more: 'long' },
    rows: [
      ['a', 'other', 7],
      ['d', 'z', null],
    ],
  },
} as const

const graph = 'E | make-graph s --> t with_node_id=id'
const rows = (text: string) => rowsOf(text, { tables })
const match = async (text: string) =>
  (await rows(`${graph} | graph-match ${text}`)).map(row => row.join(''))

describe('make-graph and graph-to-table', () => {
  it('numbers nodes in the order of tables, then of edges, and merges their rows', async () => {
    const made = 'E | make-graph s --> t with N on id, M on id'
    expect(await rows(`${made} | graph-to-table nodes`)).toEqual([
      ['a', 'x', 1n, 7n],
      ['c', 'y', 3n, null],
      ['z', 'lonely', 9n, null],
      ['d', 'z', null, null],
      ['b', '', null, null],
      ['e', '', null, null],
    ])
    expect(await rows(`${made} | graph-to-table edges | count`)).toEqual([[5n]])
  })

  it('gives the hashes of identifiers that are documented', async () => {
    const text =
      'print s = "Alice", t = "Bob" | make-graph s --> t with_node_id=name | graph-to-table'
    expect(await rowsOf(`${text} nodes with_node_id=Id`)).toEqual([
      [-3122868243544336885n, 'Alice'],
      [-7133945255344544237n, 'Bob'],
    ])
    expect(await rowsOf(`${text} edges with_source_id=S with_target_id=T`)).toEqual([
      [-3122868243544336885n, -7133945255344544237n, 'Alice', 'Bob'],
    ])
  })

  it('gives nodes and edges as results with names that later expressions read', async () => {
    const text =
      'print s = 1, t = 2 | make-graph s --> t with_node_id=n | graph-to-table nodes as N, edges as E; N | count; E'
    const { results } = await query(text)
    expect(results.map(result => [result.name, result.rows()])).toEqual([
      ['N', [[1n], [2n]]],
      ['E', [[1n, 2n]]],
      [undefined, [[2n]]],
      [undefined, [[1n, 2n]]],
    ])
  })

  it('may have a name, and be read twice', async () => {
    const text = `let G = ${graph}; union (G | graph-to-table nodes | count), (G | graph-to-table edges | count)`
    expect(await rows(text)).toEqual([[5n], [5n]])
  })

  it('may have neither edges nor nodes', async () => {
    const none = 'E | where w > 9 | make-graph s --> t with (N | where age > 99) on id'
    expect(await rows(`${none} | graph-to-table nodes`)).toEqual([])
    expect(await rows(`${none} | graph-match (a)-->(b) project a.id`)).toEqual([])
    const nodes = 'E | where w > 9 | make-graph s --> t with N on id'
    expect(await rows(`${nodes} | graph-match (a) where a.age > 1 project a.id`)).toEqual([
      ['c'],
      ['z'],
    ])
  })

  it('refuses nodes without a row where tables call identifiers differently', async () => {
    const text = 'E | make-graph s --> t with N on id, (M | project-rename m = id) on m'
    await expect(rows(`${text} | graph-to-table nodes`)).rejects.toThrow('differently')
  })
})

describe('graph-match', () => {
  it('follows edges to the right, to the left and in any direction', async () => {
    expect(await match('(p)-->(q) where p.id == "c" project q.id')).toEqual(['a', 'd'])
    expect(await match('(p)<--(q) where p.id == "c" project q.id')).toEqual(['b'])
    expect((await match('(p)--(q) where p.id == "c" project q.id')).sort()).toEqual(['a', 'b', 'd'])
    expect(await match('(p)--(q) where p.id == "e" project q.id')).toEqual(['e'])
  })

  it('finds an edge once in a match unless all cycles are asked for', async () => {
    const text = '(p)-[e*3..4]->(q) where p.id == "a" project p.id, q.id, l = array_length(e)'
    expect((await match(text)).sort()).toEqual(['aa3', 'ad3'])
    expect((await match(`cycles=all ${text}`)).sort()).toEqual(['aa3', 'ab4', 'ad3'])
    expect(await match(`cycles=none ${text}`)).toEqual(['ad3'])
  })

  it('finds a circle by a name that is used twice', async () => {
    const text = '(p)-->(q)-->(r)-->(p) project p.id, q.id, r.id'
    expect((await match(text)).sort()).toEqual(['abc', 'bca', 'cab'])
  })

  it('joins sequences at a node', async () => {
    const text = '(p)-->(q)-->(r), (q)<--(p) where r.id == "a" project p.id, q.id, r.id'
    // The second sequence would need another edge from p to q.
    expect(await match(text)).toEqual([])
    expect(await match(`cycles=all ${text}`)).toEqual(['bca'])
    const star = '(r)<--(q), (q)-->(o) where r.id != o.id project q.id, r.id, o.id'
    expect((await match(star)).sort()).toEqual(['cad', 'cda'])
  })

  it('gives paths in the order of the pattern', async () => {
    const columns = 'project e.w, map(inner_nodes(e), id)'
    expect(
      await rows(
        `${graph} | graph-match (p)-[e*3..3]->(q) where p.id == "a" and q.id == "d" ${columns}`,
      ),
    ).toEqual([
      [
        [1, 2, 4],
        ['b', 'c'],
      ],
    ])
    expect(
      await rows(
        `${graph} | graph-match (q)<-[e*3..3]-(p) where p.id == "a" and q.id == "d" ${columns}`,
      ),
    ).toEqual([
      [
        [4, 2, 1],
        ['c', 'b'],
      ],
    ])
  })

  it('asks conditions of all, or of any, edges and nodes of a path', async () => {
    const path = (condition: string) =>
      match(`(p)-[e*1..3]->(q) where p.id == "a" and ${condition} project q.id`)
    expect(await path('all(e, w < 3)')).toEqual(['b', 'c'])
    expect(await path('any(e, w > 2)')).toEqual(['a', 'd'])
    expect(await path('not(any(e, w > 1))')).toEqual(['b'])
    expect(await path('all(inner_nodes(e), id != "c")')).toEqual(['b', 'c'])
    expect(await path('any(inner_nodes(e), node_degree_out() == 2)')).toEqual(['a', 'd'])
    expect(await path('q.id != p.id')).toEqual(['b', 'c', 'd'])
  })

  it('takes the lengths of paths from constants and parameters', async () => {
    const path = '(p)-[e*low..high]->(q) where p.id == "a" project q.id'
    const lengths = 'let low = 1; let high = 2;'
    expect(await rows(`${lengths} ${graph} | graph-match ${path}`)).toEqual([['b'], ['c']])
    const E = 'let E = datatable(s: string, t: string)["a", "b", "b", "c"];'
    const call = 'E | make-graph s --> t with_node_id=id'
    const find = `let paths = (low: long = 1, high: long = 8) { ${call} | graph-match ${path} };`
    expect(await rows(`${E} ${find} paths(2)`)).toEqual([['c']])
  })

  it('has empty paths, of which every condition holds for all and none for any', async () => {
    const text =
      '(p)-[e*0..1]->(q) where p.id == "a" project q.id, all(e, w > 9), any(e, w < 9), map(e, w), map(inner_nodes(e), id)'
    expect(await rows(`${graph} | graph-match ${text}`)).toEqual([
      ['a', true, false, [], []],
      ['b', false, true, [1], []],
    ])
  })

  it('knows degrees and identifiers of nodes', async () => {
    const text =
      '(p) where node_degree_in(p) > 0 project node_id(p), node_degree_in(p), node_degree_out(p)'
    expect(await match(text)).toEqual(['a11', 'b11', 'c12', 'd10', 'e11'])
  })

  it('names columns after elements and properties', () => {
    const text = `${graph} | graph-match (p)-[e*1..2]->(q) project p.id, q.id, p.id, e.w, x = 1, map(e, w), p.id == "a"`
    const { plan, diagnostics } = compileTest(text, { tables })
    expect(diagnostics).toEqual([])
    expect(plan?.schema.map(({ name, type }) => `${name}:${type}`)).toEqual([
      'p_id:string',
      'q_id:string',
      'p_id1:string',
      'e_w:dynamic',
      'x:long',
      'Column1:dynamic',
      'Column2:bool',
    ])
  })

  it('can be cancelled while it finds nothing', async () => {
    const text =
      'range x from 1 to 30 step 1 | mv-expand y = range(1, 30) to typeof(long) | make-graph x --> y with_node_id=n | graph-match cycles=all (a)-[e*1..30]->(b) where a.n > b.n + 99 project a.n'
    await expect(query(text, { signal: AbortSignal.timeout(50) })).rejects.toThrow('cancelled')
  })

  it('keeps within the limit on rows of results', async () => {
    const text =
      'range x from 1 to 9 step 1 | mv-expand y = range(1, 9) to typeof(long) | make-graph x --> y with_node_id=n | graph-match cycles=all (a)-[e*1..9]->(b) project a.n'
    await expect(query(text, { maxRows: 5000 })).rejects.toThrow('more than 5000 rows')
  })
})

describe('graph-shortest-paths', () => {
  const paths = async (text: string) =>
    (await rows(`${graph} | graph-shortest-paths ${text}`)).map(row => JSON.stringify(row.at(-1)))

  it('gives one shortest path, or all, between each two nodes', async () => {
    const text =
      'datatable(s: string, t: string)["a", "b", "a", "c", "b", "d", "c", "d", "a", "x", "x", "y", "y", "d"] | make-graph s --> t with_node_id=id | graph-shortest-paths'
    const rest = '(p)-[e*1..5]->(q) where p.id == "a" and q.id == "d" project map(e, t)'
    expect(await rowsOf(`${text} ${rest}`)).toEqual([[['b', 'd']]])
    expect(await rowsOf(`${text} output=all ${rest}`)).toEqual([[['b', 'd']], [['c', 'd']]])
  })

  it('keeps to conditions, direction and length', async () => {
    const to = (end: string, more = '') =>
      `where p.id == "a" and q.id == "${end}" ${more} project map(e, w)`
    expect(await paths(`(p)-[e*1..3]->(q) ${to('d')}`)).toEqual(['[1,2,4]'])
    expect(await paths(`(p)-[e*1..2]->(q) ${to('d')}`)).toEqual([])
    expect(await paths(`(p)-[e*1..3]-(q) ${to('d')}`)).toEqual(['[3,4]'])
    expect(await paths(`(p)<-[e*1..3]-(q) ${to('c')}`)).toEqual(['[3]'])
    expect(await paths(`(p)-[e*1..3]-(q) ${to('d', 'and all(e, w != 3)')}`)).toEqual(['[1,2,4]'])
    expect(
      await paths(`(p)-[e*1..3]-(q) ${to('d', 'and all(inner_nodes(e), id != "c")')}`),
    ).toEqual([])
  })

  it('asks conditions of pairs before it looks for paths', async () => {
    const text =
      '(p)-[e*1..2]->(q) where p.id != q.id and strcmp(p.id, q.id) < 0 project strcat(p.id, q.id)'
    expect((await paths(text)).sort()).toEqual(['"ab"', '"ac"', '"bc"', '"cd"', '"bd"'].sort())
  })

  it('leaves out paths that end where they begin, where it is told', async () => {
    const text = '(p)-[e*1..2]->(q) where q.id == "a" project strcat(p.id, q.id)'
    expect((await paths(`cycles=none ${text}`)).sort()).toEqual(['"ba"', '"ca"'])
  })

  it('does not guess what a path longer than the shortest is', async () => {
    const text = '(p)-[e*2..3]->(q) where p.id == "a" and q.id == "b" project map(e, w)'
    await expect(paths(text)).rejects.toThrow('fewer than 2 edges')
    await expect(paths('(p)-[e*1..3]->(q) project p.id')).rejects.toThrow('is both')
  })
})

describe('graph-mark-components', () => {
  const marked = (parameters: string) =>
    rows(`${graph} | graph-mark-components ${parameters} | graph-to-table nodes`)

  it('numbers weak components', async () => {
    expect(await marked('with_component_id=c')).toEqual([
      ['a', 0n],
      ['b', 0n],
      ['c', 0n],
      ['d', 0n],
      ['e', 1n],
    ])
  })

  it('numbers strong components', async () => {
    expect(await marked('kind=strong')).toEqual([
      ['a', 0n],
      ['b', 0n],
      ['c', 0n],
      ['d', 1n],
      ['e', 2n],
    ])
  })

  it('numbers a long chain without a deep stack', async () => {
    const text =
      'range x from 1 to 100000 step 1 | extend y = x + 1 | make-graph x --> y with_node_id=n | graph-mark-components kind=strong | graph-to-table nodes | summarize dcount(ComponentId), max(ComponentId)'
    expect((await query(text)).rows()[0]?.[1]).toBe(100000n)
  })

  it('gives a property that patterns can read', async () => {
    const text = `${graph} | graph-mark-components | graph-match (p) where p.ComponentId == 1 project p.id`
    expect(await rows(text)).toEqual([['e']])
  })
})

describe('a graph for each value of a column', () => {
  it('has the edges and nodes with that value', async () => {
    const text =
      'let E = datatable(k: string, s: string, t: string)["x", "a", "b", "y", "b", "c", "x", "b", "c"]; let N = datatable(k: string, id: string, n: long)["x", "a", 1, "y", "b", 2, "x", "b", 3, "x", "c", 4]; let low = 1; E | make-graph s --> t with N on id partitioned-by k (graph-match (p)-[e*low..2]->(q) project q.id, p.n, map(e, k))'
    expect(await rowsOf(text)).toEqual([
      ['b', 1n, ['x']],
      ['c', 1n, ['x', 'x']],
      ['c', 3n, ['x']],
      ['c', 2n, ['y']],
    ])
  })
})

describe('graphs', () => {
  it.each([
    ['E | make-graph s --> t', 'KQL101'],
    ['E | make-graph s --> t | count', 'KS137'],
    ['E | graph-match (a) project a.id', 'KS137'],
    ['E | graph-to-table nodes', 'KS137'],
    ['E | graph-mark-components', 'KS137'],
    ['E | graph-shortest-paths (a)-[e*1..2]->(b) project a.id', 'KS137'],
    ['let G = E | make-graph s --> t; E | union G', 'KS137'],
    ['let G = E | make-graph s --> t; print x = toscalar(G)', 'KS107'],
    ['E | make-graph q --> t | graph-to-table edges', 'KS142'],
    ['E | make-graph s --> w | graph-to-table edges', 'KS107'],
    ['E | make-graph s --> t with N on q | graph-to-table edges', 'KS142'],
    [
      'E | make-graph s --> t with N on id, (M | project id, more, age = "") on id | graph-to-table edges',
      'KS107',
    ],
    ['E | make-graph s --> t with_node_id=i with N on id | graph-to-table edges', 'KS125'],
    ['E | extend d = dynamic(1) | make-graph d --> t | graph-to-table edges', 'KS116'],
    ['E | make-graph s --> t partitioned-by q (graph-match (a)-->(b) project x = 1)', 'KS142'],
    [
      'E | make-graph s --> t with N on id partitioned-by w (graph-match (a)-->(b) project a.id)',
      'KS142',
    ],
    ['E | make-graph s --> t partitioned-by w (graph-to-table nodes)', 'KQL101'],
    ['E | make-graph s --> t partitioned-by w (graph-match (a) project x = 1)', 'KQL101'],
    [`${graph} | graph-match (a)-[e]->(b)-[e]->(c) project x = 1`, 'KS201'],
    [`${graph} | graph-match (a)-[a]->(b) project x = 1`, 'KS201'],
    [`${graph} | graph-match (a)-->(b), (c)-->(d) project x = 1`, 'KQL101'],
    [`${graph} | graph-match (a)-[*3..2]->(b) project x = 1`, 'KS128'],
    [`${graph} | graph-match (a)-[*1..100000]->(b) project x = 1`, 'KS128'],
    [`let n = -1; ${graph} | graph-match (a)-[*n..1]->(b) project x = 1`, 'KS128'],
    [`let n = 1s; ${graph} | graph-match (a)-[*1..n]->(b) project x = 1`, 'KS141'],
    [`${graph} | graph-match (a)-[*1..n]->(b) project x = 1`, 'KS142'],
    [
      `let n = toscalar(range x from 2 to 2 step 1); ${graph} | graph-match (a)-[*1..n]->(b) project x = 1`,
      'KQL101',
    ],
    [`${graph} | graph-match cycles=none (a)-->(b)-->(a) project x = 1`, 'KQL101'],
    [`${graph} | graph-match cycles=none (a)-[*0..1]->(b) project x = 1`, 'KQL101'],
    [`${graph} | graph-match (a) project a`, 'KQL101'],
    [`${graph} | graph-match (a) project a.q`, 'KS142'],
    [`${graph} | graph-match (a) project id`, 'KS142'],
    [`${graph} | graph-match (a) project labels(a)`, 'KQL100'],
    [`${graph} | graph-match (a) where a.id project x = 1`, 'KS141'],
    [`${graph} | graph-match (a)-[e]->(b) where all(e, w > 1) project x = 1`, 'KQL101'],
    [`${graph} | graph-match (a)-[e*1..2]->(b) where e.w > 1 project x = 1`, 'KQL101'],
    [`${graph} | graph-match (a)-[e*1..2]->(b) project x = strcat(e.s, "")`, 'KQL101'],
    [`${graph} | graph-match (a)-[e*1..2]->(b) where all(e, q > 1) project x = 1`, 'KS142'],
    [`${graph} | graph-match (a)-[e*1..2]->(b) where all(e, w) project x = 1`, 'KS141'],
    [`${graph} | graph-match (a)-[e*1..2]->(b) where all(e) project x = 1`, 'KS119'],
    [`${graph} | graph-match (a)-[e*1..2]->(b) project inner_nodes(e)`, 'KS211'],
    [`${graph} | graph-match (a)-[e*1..2]->(b) project node_degree_in(e)`, 'KQL101'],
    [`${graph} | graph-match (a)-[e]->(b) project node_degree_in(a, b)`, 'KS119'],
    [`${graph} | graph-match (a)-[e]->(b) project node_id(a, 1)`, 'KS119'],
    [`${graph} | graph-match (a)-[e*1..2]->(b) project map(inner_nodes(e, 1), node_id())`, 'KS119'],
    [`${graph} | graph-shortest-paths (a)-[e]->(b) project x = 1`, 'KQL101'],
    [`${graph} | graph-shortest-paths (a)-[e*1..2]->(b)-->(c) project x = 1`, 'KQL101'],
    [
      `${graph} | graph-shortest-paths (a)-[e*1..2]->(b) where any(e, w > 1) project x = 1`,
      'KQL101',
    ],
    [`${graph} | graph-mark-components with_component_id=id | graph-to-table nodes`, 'KS171'],
    [`${graph} | graph-to-table edges with_node_id=x`, 'KS125'],
    [`let T = ${graph} | graph-to-table nodes, edges; T`, 'KQL101'],
  ])('%s is refused', (text, code) => {
    expect(compileTest(text, { tables }).diagnostics).toMatchObject([{ code }])
  })
})
