import { totalmem } from 'node:os'
import * as v8 from 'node:v8'
import * as vm from 'node:vm'
import type { ProcessMemory } from '../engine/execution.ts'

/** Share of the memory of the machine that one run keeps where nothing else is asked for. */
const SHARE_OF_MACHINE = 1 / 4
/** Share of V8's heap that may be kept: the rest is for what is made and thrown away. */
const SHARE_OF_HEAP = 1 / 2
/**
 * Share of V8's heap that has to be left, or else it counts as full. With a fifth left, V8 ends the process
 * where collecting garbage takes more time than the program.
 */
const LEAST_ROOM = 0.23
/**
 * Bytes that have to be left of it, up to half of a small heap: what is young may be garbage, or moves to the
 * old generation all at once. V8 ends the process where that finds no room.
 */
const LEAST_ROOM_BYTES = 32 * 2 ** 20
/** The same where garbage was just collected: the rows of 16 MB of a file come at once. */
const LEAST_FREE_BYTES = 24 * 2 ** 20
/** What V8's limit has for the young generation, where nothing that is kept stays, and at most what share. */
const YOUNG_BYTES = 192 * 2 ** 20
const YOUNG_SHARE = 3 / 4
/** How much more than kept, as a share of the bound, the process may grow before garbage is collected. */
const GARBAGE = 1 / 4
/** How much the process has to grow after a collection that was of no use until the next one. */
const NO_USE = 1.1

/** What Node and the engine take, whatever the query, and before any data. */
const PROGRAM_BYTES = 116e6
/** Share of the rest that operators may keep: what they keep takes more than it counts, and makes garbage. */
const SHARE_OF_BOUND = 1 / 2
/** The least share of a bound that they may keep, as near to the size of the program as it may be. */
const LEAST_SHARE = 1 / 8
/** Bytes that they may keep in any case: with fewer nothing could be sorted, even in files. */
const LEAST_BYTES = 1 << 20

/**
 * Has V8 take as little memory as it can, at the price of collecting garbage more often: the young
 * generation stays as it is, and the old one grows by a fifth where else it may grow to four times as much.
 */
const THRIFT = ['--semi-space-growth-factor=1', '--heap-growing-percent=20']

/**
 * Bounds the memory of the process to about so many bytes, for as long as it goes on. Gives the bytes that
 * the operators of a run may keep of it.
 */
export function boundProcess(bytes: number): number {
  for (const flag of THRIFT) loadV8().setFlagsFromString(flag)
  const share = Math.max((bytes - PROGRAM_BYTES) * SHARE_OF_BOUND, bytes * LEAST_SHARE)
  return Math.floor(Math.max(share, Math.min(bytes, LEAST_BYTES)))
}

/** Bytes that there are at most: of V8's heap for what stays, and of the machine or the container. */
interface Limits {
  readonly heap: number
  readonly machine: number
}

/** Modules that many runs do without: they are loaded when they are first used. */
const loadV8 = () => v8
const loadVm = () => vm

let limits: Limits | undefined

/** They are asked for once: to ask takes as long as a run over few rows. */
function limitsOfProcess(): Limits {
  if (limits === undefined) {
    const constrained = process.constrainedMemory()
    const limit = loadV8().getHeapStatistics().heap_size_limit
    const rest = limit - Math.min(YOUNG_BYTES, limit * YOUNG_SHARE)
    limits = {
      heap: Math.min(sizeAskedFor() ?? rest, limit),
      machine: constrained > 0 ? Math.min(constrained, totalmem()) : totalmem(),
    }
  }
  return limits
}

/** The size that V8's heap may have, without its young generation, in bytes. */
export function heapSize(): number {
  return limitsOfProcess().heap
}

/** The bytes in use from which on a heap of such a size counts as full. */
function fullSize(heap: number, isCollected: boolean): number {
  const least = isCollected ? LEAST_FREE_BYTES : LEAST_ROOM_BYTES
  return heap - Math.max(heap * LEAST_ROOM, Math.min(least, heap / 2))
}

/** The size of the old generation, where it was asked for; undefined where it was not. */
function sizeAskedFor(): number | undefined {
  const options = `${process.env['NODE_OPTIONS'] ?? ''} ${process.execArgv.join(' ')}`
  const sizes = [...options.matchAll(/--max[-_]old[-_]space[-_]size=(\d+)/g)]
  const megabytes = sizes.at(-1)?.[1]
  return megabytes === undefined ? undefined : Number(megabytes) * 2 ** 20
}

/** The memory of this process, of V8's heap, and of the machine or the container. */
export function processMemory(): ProcessMemory {
  let before: number | undefined
  let least = 0
  return {
    get most() {
      return Math.floor(limitsOfProcess().heap * SHARE_OF_HEAP)
    },
    get usual() {
      return Math.floor(limitsOfProcess().machine * SHARE_OF_MACHINE)
    },
    isFull(isCollected = false) {
      const used = loadV8().getHeapStatistics().used_heap_size
      return used > fullSize(limitsOfProcess().heap, isCollected)
    },
    collect(bound) {
      const size = process.memoryUsage.rss()
      before ??= size
      if (bound > 0 && size < Math.max(least, before + bound * (1 + GARBAGE))) return
      collectGarbage()
      least = process.memoryUsage.rss() * NO_USE
    },
    hint: 'give Node a larger heap with NODE_OPTIONS=--max-old-space-size=MB',
  }
}

let collectGarbage = (): void => {
  const { setFlagsFromString } = loadV8()
  setFlagsFromString('--expose-gc')
  collectGarbage = loadVm().runInNewContext('gc') as () => void
  setFlagsFromString('--no-expose-gc')
  collectGarbage()
}
