/** Writes the JSON Schemas in schemas/ from their definitions: of the configuration, and of files of tests. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { configSchema } from '../src/cli/config/config.ts'
import { testFileSchema } from '../src/testing/test-shape.ts'

const folder = new URL('../schemas/', import.meta.url)
mkdirSync(folder, { recursive: true })
for (const [name, schema] of [
  ['kqlab.schema.json', configSchema()],
  ['kqlab.tests.schema.json', testFileSchema()],
] as const) {
  writeFileSync(new URL(name, folder), `${JSON.stringify(schema, undefined, 2)}\n`)
}
