import { type ColumnBatch, concat } from '../../tables/batch.ts'
import { batchBytes } from '../../tables/batch-size.ts'
import type { SamplePlan } from '../plan/nodes.ts'
import { operator } from './declare.ts'
import { bindCount, rowLimit } from './row-limit.ts'
import type { Executor } from './run.ts'

/** @see https://learn.microsoft.com/kusto/query/sample-operator */
export const sample = operator('sample', {
  name: 'sample',
  doc:
    'Gives at most so many rows, chosen at random and in the order of the input: here the choice is ' +
    'the same in every run, as its random numbers are.',
  examples: [
    { query: 'range x from 1 to 2 step 1 | sample 5', rows: [{ x: 1 }, { x: 2 }] },
    { query: 'range x from 1 to 100 step 1 | sample 7 | count', rows: [{ Count: 7 }] },
  ],
  bind(node, input, binder) {
    const count = bindCount(binder, node.count)
    return { kind: 'sample', input, count, schema: input.schema, span: node.span }
  },
})

const SEED = 0x9e3779b9

/** Numbers from 0 up to a bound, evenly, the same in each run (xorshift). */
class RandomNumbers {
  #state = SEED

  below(bound: number): number {
    return Math.floor((this.#next() / 2 ** 32 + this.#next() / 2 ** 64) * bound)
  }

  #next(): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x
    return x >>> 0
  }
}

/** A reservoir: row n takes the place of one of the chosen with the chance count / n. */
export const executeSample: Executor<SamplePlan> = async function* (plan, run) {
  const count = await rowLimit(plan.count, run)
  if (count === 0) return
  const random = new RandomNumbers()
  let chosen: ColumnBatch | undefined
  /** The number in the input of the row in each place of the reservoir. */
  const numbers: number[] = []
  let seen = 0
  let counted = 0
  for await (const batch of run.execute(plan.input)) {
    run.check()
    const kept = chosen?.rowCount ?? 0
    // Where the row of each place is in the two batches together.
    const places = Array.from({ length: kept }, (_, place) => place)
    let changed = false
    for (let k = 0; k < batch.rowCount; k++) {
      const place = seen < count ? seen : random.below(seen + 1)
      if (place < count) {
        places[place] = kept + k
        numbers[place] = seen
        changed = true
      }
      seen++
    }
    if (!changed) continue
    const both = concat(plan.schema, chosen === undefined ? [batch] : [chosen, batch])
    chosen = both.select(Uint32Array.from(places)).compact()
    const added = chosen.rowCount - counted
    run.keep(added, batchBytes(chosen.slice(counted, chosen.rowCount)), 'sample')
    counted = chosen.rowCount
  }
  if (chosen === undefined) return
  const order = numbers.map((_, place) => place).sort((a, b) => numbers[a]! - numbers[b]!)
  yield* chosen.select(Uint32Array.from(order)).slices(run.batchSize)
}
