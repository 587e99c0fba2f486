import { describe, expect, it } from 'vitest'
import { HeldOutput } from '../../../src/cli/held-output.ts'
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
async function taken(process: ProcessMemory): Promise<[number, string]> {
  const sink = new HeldOutput(process).rows(START)
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
    const output = new HeldOutput(processOf(2 ** 30, () => false))
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
})
