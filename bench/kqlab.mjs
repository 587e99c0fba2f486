// A rule in kqlab: the built package, its public API, nothing else.
//
//   node kqlab.mjs --query <file.kql> --table <NAME=PATH>… --now <ISO time> [--warm]
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { prepare } from '../dist/index.js'

const { values } = parseArgs({
  options: {
    query: { type: 'string' },
    table: { type: 'string', multiple: true },
    now: { type: 'string' },
    warm: { type: 'boolean', default: false },
    without: { type: 'string', default: '' },
    threads: { type: 'string', default: '1' },
  },
})
if (!values.query || !values.table || !values.now) {
  console.error('usage: node kqlab.mjs --query <file.kql> --table <NAME=PATH>… --now <ISO time>')
  process.exit(2)
}

const paths = values.table.map(text => {
  const cut = text.indexOf('=')
  return [text.slice(0, cut), text.slice(cut + 1)]
})
const prepared = prepare(readFileSync(values.query, 'utf8'))
const { now } = values

if (values.warm) {
  const { answerRuns } = await import('./protocol.mjs')
  const tables = {}
  for (const [name, path] of paths) {
    const lines = readFileSync(path, 'utf8').split('\n')
    tables[name] = lines.filter(line => line !== '').map(line => JSON.parse(line))
  }
  await answerRuns(async () => (await prepared.run({ tables, now })).rows())
} else {
  const tables = Object.fromEntries(paths.map(([name, path]) => [name, { path }]))
  const without = values.without === '' ? [] : values.without.split(',')
  const result = await prepared.run({ tables, now, without, threads: Number(values.threads) })
  if (process.env.SHOW) console.error(result.diagnostics)
  console.log(JSON.stringify(result.rows()))
}
