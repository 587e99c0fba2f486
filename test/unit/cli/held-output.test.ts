import { describe, expect, it } from 'vitest'
import { HeldOutput, HeldRows } from '../../../src/cli/held-output.ts'
import type { Reporter } from '../../../src/cli/reporter.ts'
import type { ProcessMemory } from '../../../src/engine/execution.ts'
import { batchOf } from '../../../src/engine/operators/sources.ts'
import type { ColumnBatch } from '../../../src/tables/batch.ts'
import type { Column } from '../../../src/types/schema.ts'

const SCHEMA: readonly Column[] = [{ name: 's', type: 'string' }]
const START = { name: undefined, columns: SCHEMA, index: 0, count: 1 }

/** Rows of some 200 KB, or 400. */
const batch = (round: number): ColumnBatch =>
  batchOf(
    SCHEMA,
    Array.from({ length: 200 }, (_, row) => [`${round} ${row} `.padEnd(1000, '·')]),
  )

function processOf(most: number, isFull: (isCollected?: boolean) => boolean): ProcessMemory {
  return { most, usual: most, isFull, collect: () => undefined, hint: 'give it more' }
}

/** How many batches are taken, and the message of what ends that. */
async function taken(process: ProcessMemory, bound?: number): Promise<[number, string]> {
  const sink = new HeldOutput(new HeldRows(process, bound)).rows(START)
  for (let round = 0; round < 50; round++) {
    try {
      await sink.batch(batch(round))
    } catch (error) {
      return [round, error instanceof Error ? error.message : String(error)]
    }
  }
  return [50, '']
}

const FULL = 'KQL300: The memory of the process is nearly full with rows that wait to be printed.'

describe('rows that wait to be printed', () => {
  it('are all there in their turn, once', async () => {
    const output = new HeldOutput(new HeldRows(processOf(2 ** 30, () => false)))
    const sink = output.rows(START)
    for (let round = 0; round < 5; round++) await sink.batch(batch(round))
    let rows = 0
    const counting = {
      batch: async (own: ColumnBatch) => {
        rows += own.rowCount
      },
      end: () => Promise.resolve(),
    }
    await output.release({} as Reporter, () => counting)
    await output.release({} as Reporter, () => counting)
    expect(rows).toBe(1000)
  })

  it('end the query where they are more than the process may keep, or has room for', async () => {
    expect(await taken(processOf(2 ** 30, () => false))).toEqual([50, ''])
    const [rounds, message] = await taken(processOf(2 ** 23, () => false))
    expect(message).toBe(FULL)
    expect(rounds).toBeGreaterThan(10)
    expect(rounds).toBeLessThan(45)
    expect((await taken(processOf(2 ** 30, () => true)))[1]).toBe(FULL)
    // What is full of garbage is not full.
    expect(await taken(processOf(2 ** 30, isCollected => isCollected !== true))).toEqual([50, ''])
  })

  it('count together, as long as they wait, against a bound', async () => {
    const rows = new HeldRows(
      processOf(2 ** 30, () => false),
      2 ** 19,
    )
    const message = /^KQL300: The rows that wait to be printed take more than 512 KB of memory\.$/
    const first = new HeldOutput(rows)
    const second = new HeldOutput(rows)
    await first.rows(START).batch(batch(0))
    await first.rows(START).batch(batch(1))
    const sink = second.rows(START)
    await expect(sink.batch(batch(2)).then(() => sink.batch(batch(3)))).rejects.toThrow(message)
    await second.releaseSaid({} as Reporter)
    const nothing = { batch: () => Promise.resolve(), end: () => Promise.resolve() }
    await first.release({} as Reporter, () => nothing)
    const third = new HeldOutput(rows).rows(START)
    await third.batch(batch(4))
    await third.batch(batch(5))
  })
})
