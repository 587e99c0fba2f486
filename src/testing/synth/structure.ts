import type { Dynamic } from '../../types/dynamic.ts'
import { printDynamic } from '../../types/dynamic-json.ts'

/** What is known of the inside of a dynamic value. */
export interface Node {
  value?: Dynamic
  /** Whether the query reads it as JSON that stands in a text. */
  isText?: boolean
  readonly slots: Map<string | number, Node>
}

/** The node at the steps, made where it is not there yet. */
export function nodeAt(root: Node, steps: readonly (string | number)[]): Node {
  let node = root
  for (const step of steps) {
    let next = node.slots.get(step)
    if (next === undefined) {
      next = { slots: new Map() }
      node.slots.set(step, next)
    }
    node = next
  }
  return node
}

/** The value that the nodes make: positions make arrays, names bags. */
export function valueOfNode(node: Node): Dynamic {
  if (node.slots.size === 0 || node.value !== undefined) return node.value ?? null
  const made = composite(node)
  return node.isText === true ? printDynamic(made) : made
}

function composite({ slots }: Node): Dynamic {
  const names = [...slots].filter(([step]) => typeof step === 'string')
  if (names.length > 0) {
    return new Map(names.map(([step, slot]) => [String(step), valueOfNode(slot)]))
  }
  const positions = [...slots.keys()].map(Number)
  const last = Math.max(...positions)
  return Array.from({ length: last + 1 }, (_, at) => {
    const slot = slots.get(at)
    return slot === undefined ? new Map() : valueOfNode(slot)
  })
}
