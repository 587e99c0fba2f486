import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Catalog } from '../../src/tables/catalog.ts'
import { CsvFramer } from '../../src/tables/formats/csv-framer.ts'
import { openFiles } from '../../src/tables/formats/open-files.ts'
import { memoryFile } from '../unit/formats/memory-file.ts'
import { readTable } from '../unit/formats/read-table.ts'

const catalog = Catalog.builtin()
const folder = fileURLToPath(new URL('../data/fixtures/exports/', import.meta.url))
const exports = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => join(entry.parentPath, entry.name))
  .sort()
  .map(path => ({ path: relative(folder, path), bytes: new Uint8Array(readFileSync(path)) }))

/** What all tables of a file hold, as text, and how much was reported. */
async function readAll(path: string, bytes: Uint8Array, pieceBytes: number, batchSize: number) {
  const file = memoryFile(path, bytes, pieceBytes)
  const opened = await openFiles([{ file, tables: [] }], { catalog })
  const tables: Record<string, string[]> = {}
  const problems: string[] = [
    ...opened.problems.map(problem => problem.message),
    ...opened.unrecognised.map(unrecognised => unrecognised.message),
  ]
  for (const [table, source] of opened.sources) {
    const columns = source.schema.map(column => column.name)
    const read = await readTable(source, columns, batchSize)
    tables[table] = read.rows.map(row =>
      JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)),
    )
    problems.push(...read.problems.map(problem => `${problem.line}: ${problem.message}`))
  }
  return { tables, problems, format: opened.files[0]?.format }
}

const anExport = fc.constantFrom(...exports)

describe('readers of exports', () => {
  it('give the same however the bytes are cut into pieces and the rows into batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        anExport,
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 5 }),
        async ({ path, bytes }, pieceBytes, batchSize) => {
          const whole = await readAll(path, bytes, 1 << 20, 4096)
          expect(await readAll(path, bytes, pieceBytes, batchSize)).toEqual(whole)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('survive truncation: what was whole is still read, what is cut off is reported', async () => {
    await fc.assert(
      fc.asyncProperty(anExport, fc.double({ min: 0, max: 1, noNaN: true }), async (file, part) => {
        const { path, bytes } = file
        const whole = await readAll(path, bytes, 1 << 20, 4096)
        const cut = await readAll(
          path,
          bytes.subarray(0, Math.floor(bytes.length * part)),
          64,
          4096,
        )
        // A file cut short in its head may be something else: a line of JSON, or nothing.
        if (cut.format !== whole.format) return
        for (const [table, rows] of Object.entries(cut.tables)) {
          const expected = whole.tables[table] ?? []
          expect(rows.length).toBeLessThanOrEqual(expected.length)
        }
        const count = (tables: Record<string, string[]>) => Object.values(tables).flat().length
        // Lines that are missing altogether leave no trace; a document that does not end does.
        const isDocument = !/^(NDJSON|CSV)/.test(whole.format ?? '')
        if (isDocument && count(cut.tables) < count(whole.tables)) {
          expect(cut.problems.length).toBeGreaterThan(0)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('survive mutation of any bytes', async () => {
    const mutation = fc.record({
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      byte: fc.oneof(fc.constantFrom(...Buffer.from('{}[]",:\\\n\r\0 1nt')), fc.nat(255)),
      length: fc.constantFrom(0, 1, 1, 1, 5, 50),
    })
    await fc.assert(
      fc.asyncProperty(
        anExport,
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 100 }),
        async ({ path, bytes }, mutations, pieceBytes) => {
          let mutated = bytes
          for (const { at, byte, length } of mutations) {
            const position = Math.floor(at * mutated.length)
            mutated = Uint8Array.from([
              ...mutated.subarray(0, position),
              byte,
              ...mutated.subarray(position + length),
            ])
          }
          const { tables, problems } = await readAll(path, mutated, pieceBytes, 4096)
          expect(Object.keys(tables).length + problems.length).toBeGreaterThan(0)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('account for every line: it gives a row or a problem', async () => {
    const good = fc.record({ OperationName: fc.string(), DurationMs: fc.integer() })
    const line = fc.oneof(
      { weight: 3, arbitrary: good.map(value => ({ text: JSON.stringify(value), good: true })) },
      good.map(value => ({ text: JSON.stringify(value).slice(0, -2), good: false })),
      fc
        .string({ minLength: 1 })
        .filter(text => /\S/.test(text) && !/[\n\0\ufeff]/.test(text) && !isObject(text))
        .map(text => ({ text: `x${text}`, good: false })),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 200 }),
        async (lines, pieceBytes) => {
          // The first line says what the file is.
          const all = [{ text: '{"Type":"AuditLogs"}', good: true }, ...lines]
          const bytes = new TextEncoder().encode(all.map(({ text }) => `${text}\n`).join(''))
          const { tables, problems } = await readAll('AuditLogs.json', bytes, pieceBytes, 7)
          expect(tables['AuditLogs']).toHaveLength(all.filter(({ good }) => good).length)
          expect(problems).toHaveLength(all.filter(({ good }) => !good).length)
        },
      ),
      { numRuns: 100 },
    )
  })
})

function isObject(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}

describe('CsvFramer', () => {
  it('gives back the cells that were written, however the bytes are cut', () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\\', 'é', ' ', '\t'),
    })
    const table = fc
      .integer({ min: 1, max: 5 })
      .chain(width =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }),
      )
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 20 }), (rows, size) => {
        const write = (text: string) => `"${text.replaceAll('"', '""')}"`
        const text = rows.map(row => `${row.map(write).join(',')}\r\n`).join('')
        const found: unknown[] = []
        const framer = new CsvFramer(
          {
            header: names => found.push(names.map(name => (name === '' ? null : name))),
            record: (bytes, start, end) =>
              found.push(JSON.parse(new TextDecoder().decode(bytes.subarray(start, end)))),
            broken: (line, message) => found.push(`${line}: ${message}`),
          },
          ',',
          1 << 20,
        )
        const bytes = new TextEncoder().encode(text)
        for (let at = 0; at < bytes.length; at += size) framer.push(bytes.subarray(at, at + size))
        framer.end()
        expect(found).toEqual(rows.map(row => row.map(value => (value === '' ? null : value))))
      }),
    )
  })
})
