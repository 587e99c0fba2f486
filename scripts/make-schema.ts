/** Writes schemas/kqlab.schema.json, the JSON Schema of the configuration file, from its definition. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { configSchema } from '../src/cli/config/config.ts'

const folder = new URL('../schemas/', import.meta.url)
mkdirSync(folder, { recursive: true })
const text = `${JSON.stringify(configSchema(), undefined, 2)}\n`
writeFileSync(new URL('kqlab.schema.json', folder), text)
