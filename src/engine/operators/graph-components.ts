import type { Graph } from './graph-data.ts'

/** Numbers the components of nodes that paths connect, whatever the direction of their edges. */
export function weakComponents({ nodes, source, target }: Graph): Uint32Array {
  const parent = new Uint32Array(nodes.length)
  for (let node = 0; node < parent.length; node++) parent[node] = node
  const rootOf = (node: number): number => {
    let root = node
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]!]!
      root = parent[root]!
    }
    return root
  }
  for (let edge = 0; edge < source.length; edge++) {
    const [a, b] = [rootOf(source[edge]!), rootOf(target[edge]!)]
    if (a !== b) parent[Math.max(a, b)] = Math.min(a, b)
  }
  return numbered(parent.map((_, node) => rootOf(node)))
}

/**
 * Numbers the components of nodes that paths connect in both directions: Tarjan's algorithm, with a
 * stack of its own in place of calls.
 */
export function strongComponents({ nodes, target, out }: Graph): Uint32Array {
  const count = nodes.length
  const order = new Uint32Array(count)
  const low = new Uint32Array(count)
  const component = new Uint32Array(count)
  const onStack = new Uint8Array(count)
  const next = out.starts.slice(0, count)
  const stack: number[] = []
  const path: number[] = []
  let visited = 0
  for (let root = 0; root < count; root++) {
    if (order[root] !== 0) continue
    path.push(root)
    while (path.length > 0) {
      const node = path.at(-1)!
      if (order[node] === 0) {
        order[node] = low[node] = ++visited
        stack.push(node)
        onStack[node] = 1
      }
      if (next[node]! < out.starts[node + 1]!) {
        const to = target[out.edges[next[node]!++]!]!
        if (order[to] === 0) path.push(to)
        else if (onStack[to] === 1) low[node] = Math.min(low[node]!, order[to]!)
        continue
      }
      path.pop()
      const before = path.at(-1)
      if (before !== undefined) low[before] = Math.min(low[before]!, low[node]!)
      if (low[node] !== order[node]) continue
      for (let member = -1; member !== node; ) {
        member = stack.pop()!
        onStack[member] = 0
        component[member] = node
      }
    }
  }
  return numbered(component)
}

/** The same components with numbers 0, 1, … in the order of their first nodes. */
function numbered(components: Uint32Array): Uint32Array {
  const numbers = new Map<number, number>()
  return components.map(component => {
    const known = numbers.get(component)
    if (known !== undefined) return known
    numbers.set(component, numbers.size)
    return numbers.size - 1
  })
}
