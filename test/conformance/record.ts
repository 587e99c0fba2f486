/**
 * Fills the cases that are marked `expect: '?'` with what kqlab gives, for a person to check against
 * the documentation: `node test/conformance/record.ts`. A case that keeps its mark fails the tests.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { type Document, isMap, isSeq, parseDocument, type YAMLMap } from 'yaml'
import { KqlError, query, type ScalarType } from '../../src/index.ts'

interface RawTable {
  readonly columns: string
  readonly rows: readonly (readonly unknown[])[]
}

const FOLDER = new URL('.', import.meta.url)

/** What the query gives, as the keys of a case. */
async function outcome(text: string, tables: Readonly<Record<string, RawTable>>): Promise<object> {
  const inputs = Object.entries(tables).map(([name, { columns, rows }]) => {
    const schema = columns.split(';').map(column => column.trim().split(':'))
    const objects = rows.map(row => Object.fromEntries(schema.map(([key], i) => [key, row[i]])))
    const types = Object.fromEntries(schema) as Record<string, ScalarType>
    return [name, { schema: types, rows: objects }] as const
  })
  try {
    const result = await query(text, {
      tables: Object.fromEntries(inputs),
      now: '2026-01-01T00:00:00Z',
    })
    const columns = result.columns.map(({ name, type }) => `${name}:${type}`).join('; ')
    return { columns, rows: result.rows() }
  } catch (error) {
    if (!(error instanceof KqlError)) throw error
    const errors = error.diagnostics.filter(({ severity }) => severity === 'error')
    return { diagnostics: errors.map(({ code }) => code) }
  }
}

async function record(item: YAMLMap, document: Document): Promise<void> {
  const { query: text, tables } = item.toJSON() as {
    query: string
    tables?: Record<string, RawTable>
  }
  item.delete('expect')
  for (const [key, value] of Object.entries(await outcome(text, tables ?? {}))) {
    item.set(key, document.createNode(value, { flow: Array.isArray(value) }))
  }
}

for (const path of globSync('**/*.yaml', { cwd: FOLDER })) {
  const url = new URL(path.replaceAll('\\', '/'), FOLDER)
  const document = parseDocument(readFileSync(url, 'utf8'), { intAsBigInt: true })
  const items: readonly unknown[] = isSeq(document.contents) ? document.contents.items : []
  const open = items.filter(item => isMap(item)).filter(item => item.get('expect') === '?')
  for (const item of open) await record(item, document)
  if (open.length > 0) {
    writeFileSync(url, document.toString({ lineWidth: 0, flowCollectionPadding: false }))
    console.log(`${path}: ${open.length} recorded`)
  }
}
