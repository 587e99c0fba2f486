/**
 * Writes the reference from the registries of functions, operators, plugins, diagnostic codes and tables.
 *
 *     node scripts/generate-reference.ts            writes docs/reference
 *     node scripts/generate-reference.ts FOLDER     writes there instead
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { documentationPages } from './reference/declarations.ts'
import { aggregatesPage, functionsPage, windowFunctionsPage } from './reference/function-pages.ts'
import { diagnosticsPage, operatorsPage, tablesPage } from './reference/other-pages.ts'
import { pluginsPage } from './reference/plugins-page.ts'

const [folder = fileURLToPath(new URL('../docs/reference', import.meta.url))] =
  process.argv.slice(2)

const links = await documentationPages()
const files: Readonly<Record<string, string>> = {
  'functions.md': functionsPage(links),
  'aggregates.md': aggregatesPage(links),
  'window-functions.md': windowFunctionsPage(links),
  'operators.md': operatorsPage(links),
  'plugins.md': pluginsPage(links),
  'diagnostics.md': diagnosticsPage(),
  'tables.md': tablesPage(),
}

mkdirSync(folder, { recursive: true })
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
