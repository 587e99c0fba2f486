// A query in kqlab: the built package, its public API, nothing else.
//
//   node kqlab.mjs --query <file.kql> --table <NAME=PATH>… --now <ISO time> [--warm]
//                  [--threads 2] [--without kernel,literals]
import { endWith, rowsText } from './text.mjs'

// Not imported: Node would make an ES module of all that a built-in one has, which takes some milliseconds.
const { readFileSync } = process.getBuiltinModule('node:fs')
const { enableCompileCache } = process.getBuiltinModule('node:module')
const { parseArgs } = process.getBuiltinModule('node:util')

// What a program does that starts often and only reads, as the command `kqlab` does too.
enableCompileCache()
process.env.UV_THREADPOOL_SIZE ??= '1'
const { prepare } = await import('../dist/index.js')

const { values } = parseArgs({
  options: {
    query: { type: 'string' },
    table: { type: 'string', multiple: true, default: [] },
    now: { type: 'string' },
    threads: { type: 'string' },
    without: { type: 'string' },
    warm: { type: 'boolean', default: false },
  },
})
if (!values.query || !values.now) {
  console.error('usage: node kqlab.mjs --query <file.kql> --table <NAME=PATH>… --now <ISO time>')
  process.exit(2)
}

const paths = values.table.map(text => {
  const cut = text.indexOf('=')
  return [text.slice(0, cut), text.slice(cut + 1)]
})
const threads = values.threads === undefined ? {} : { threads: Number(values.threads) }
const prepared = prepare(readFileSync(values.query, 'utf8'))
const options = { now: values.now, ...threads }
if (values.without !== undefined) options.without = values.without.split(',')

if (values.warm) {
  const { answerRuns } = await import('./protocol.mjs')
  const tables = {}
  for (const [name, path] of paths) {
    const lines = readFileSync(path, 'utf8').split('\n')
    tables[name] = lines.filter(line => line !== '').map(line => JSON.parse(line))
  }
  await answerRuns(async () => (await prepared.run({ ...options, tables })).rows())
} else {
  const tables = Object.fromEntries(paths.map(([name, path]) => [name, { path }]))
  const result = await prepared.run({ ...options, tables })
  endWith(rowsText(result.rows()))
}
