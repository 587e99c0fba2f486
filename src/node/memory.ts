import { totalmem } from 'node:os'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { ProcessMemory } from '../engine/execution.ts'

/** Share of the memory of the machine that one run keeps where nothing else is asked for. */
const SHARE_OF_MACHINE = 1 / 4
/** Share of V8's heap that may be kept: the rest is for what is made and thrown away. */
const SHARE_OF_HEAP = 1 / 2
/** Share of V8's heap from which on it counts as full. */
const FULL = 0.85
/** How much more than kept, as a share of the bound, the process may grow before garbage is collected. */
const GARBAGE = 1 / 4
/** How much the process has to grow after a collection that was of no use until the next one. */
const NO_USE = 1.1

/** Bytes that there are at most: of V8's heap, and of the machine or the container. */
interface Limits {
  readonly heap: number
  readonly machine: number
}

let limits: Limits | undefined

/** They are asked for once: to ask takes as long as a run over few rows. */
function limitsOfProcess(): Limits {
  if (limits === undefined) {
    const constrained = process.constrainedMemory()
    limits = {
      heap: getHeapStatistics().heap_size_limit,
      machine: constrained > 0 ? Math.min(constrained, totalmem()) : totalmem(),
    }
  }
  return limits
}

/** The memory of this process, of V8's heap, and of the machine or the container. */
export function processMemory(): ProcessMemory {
  const { heap, machine } = limitsOfProcess()
  let before: number | undefined
  let least = 0
  return {
    most: Math.floor(heap * SHARE_OF_HEAP),
    usual: Math.floor(machine * SHARE_OF_MACHINE),
    isFull: () => getHeapStatistics().used_heap_size > heap * FULL,
    collect(bound) {
      const size = process.memoryUsage.rss()
      before ??= size
      if (size < Math.max(least, before + bound * (1 + GARBAGE))) return
      collectGarbage()
      least = process.memoryUsage.rss() * NO_USE
    },
    hint: 'give Node a larger heap with NODE_OPTIONS=--max-old-space-size=MB',
  }
}

let collectGarbage = (): void => {
  setFlagsFromString('--expose-gc')
  collectGarbage = runInNewContext('gc') as () => void
  setFlagsFromString('--no-expose-gc')
  collectGarbage()
}
