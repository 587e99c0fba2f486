import { describe, expect, it } from 'vitest'
import { type DataFile, DataFileError } from '../../../src/tables/formats/data-file.ts'
import { FileTable } from '../../../src/tables/formats/file-table.ts'
import type { ReadProblem } from '../../../src/tables/source.ts'

const LINE = 100
const SIZE = 300_000 * LINE

/** The bytes of lines of equal length from a position on. */
function fill(into: Uint8Array, position: number): void {
  const encoder = new TextEncoder()
  const first = Math.floor(position / LINE)
  const count = Math.ceil((position + into.length) / LINE) - first
  const lines = Array.from({ length: count }, (_, k) =>
    `{"n":${first + k},"s":"hay"`.padEnd(LINE - 2).concat('}\n'),
  )
  const bytes = encoder.encode(lines.join(''))
  const skipped = position - first * LINE
  into.set(bytes.subarray(skipped, skipped + into.length))
}

/** A file that can be read up to a position. */
function fileUpTo(end: number): DataFile {
  return {
    path: 'T.ndjson',
    size: SIZE,
    read() {
      throw new Error('it is not to be read as a stream')
    },
    open: () => ({
      size: SIZE,
      read(into, position) {
        const length = Math.min(into.length, SIZE - position)
        if (position + length > end) throw new DataFileError('The disk is broken.')
        fill(into.subarray(0, length), position)
        return length
      },
      close: () => undefined,
    }),
  }
}

async function scanned(file: DataFile): Promise<{ rows: number; problems: ReadProblem[] }> {
  const column = { name: 'n', type: 'long' } as const
  const container = { kind: 'lines', format: 'NDJSON' } as const
  const columns = [{ ...column, candidates: [['n']] }]
  const table = new FileTable([column], [{ file, container, columns }])
  const problems: ReadProblem[] = []
  const context = {
    batchSize: 8192,
    report: (problem: ReadProblem) => void problems.push(problem),
    unexamined: () => undefined,
  }
  let rows = 0
  for await (const batch of table.scan({ columns: [{ ...column, column: 'n' }] }, context)) {
    rows += batch.rowCount
  }
  return { rows, problems }
}

const broken = { file: 'T.ndjson', kind: 'record', message: 'The disk is broken.' }

describe('a large file of lines', () => {
  it('is read whole', async () => {
    expect(await scanned(fileUpTo(SIZE))).toEqual({ rows: SIZE / LINE, problems: [] })
  })

  it('is read up to where it cannot be read any further, which is reported', async () => {
    const { rows, problems } = await scanned(fileUpTo(20_000_000))
    // All of the first segment of 2^24 bytes, and of the second what lies well before the fault.
    expect(rows).toBeGreaterThan((2 ** 24 + 2 * 2 ** 20) / LINE)
    expect(rows).toBeLessThanOrEqual(20_000_000 / LINE)
    expect(problems.at(-1)).toEqual(broken)
  })

  it('is reported where it is gone when it is to be read', async () => {
    const open = () => {
      throw new DataFileError('The disk is broken.')
    }
    expect(await scanned({ ...fileUpTo(SIZE), open })).toEqual({ rows: 0, problems: [broken] })
  })
})
