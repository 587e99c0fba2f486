// A rule or query in DuckDB's SQL, over the same files or over tables filled from them once.
//
//   node duckdb.mjs --rule <key> --data <folder> --now <ISO time> [--threads 2] [--warm]
import { QUERIES } from './duckdb-queries.mjs'
import { RULES } from './duckdb-rules.mjs'
import { endWith, hoursBefore, rowsText } from './text.mjs'

// Not imported: Node would make an ES module of all that a built-in one has, which takes some milliseconds.
const { join } = process.getBuiltinModule('node:path')
const { parseArgs } = process.getBuiltinModule('node:util')
// Node keeps compiled code between runs, as for kqlab.
process.getBuiltinModule('node:module').enableCompileCache()
const { DuckDBInstance } = await import('@duckdb/node-api')

const { values } = parseArgs({
  options: {
    rule: { type: 'string' },
    data: { type: 'string' },
    now: { type: 'string' },
    threads: { type: 'string', default: '2' },
    warm: { type: 'boolean', default: false },
  },
})

/** What an empty run does: start, make a database, ask it for one row. */
const NOTHING = { nothing: { tables: {}, sql: () => 'SELECT 1' } }

const rule = { ...NOTHING, ...RULES, ...QUERIES }[values.rule]
if (!rule || !values.data || !values.now) {
  console.error('usage: node duckdb.mjs --rule <key> --data <folder> --now <ISO time>')
  process.exit(2)
}

/** `now` minus some hours as an SQL literal: the planner sees a constant. */
const ago = hours => `'${hoursBefore(values.now, hours)}'`

/** The file as a table function over the named columns. */
function fromFile(table) {
  const path = join(values.data, `${table}.ndjson`).replaceAll("'", "''")
  const columns = Object.entries(rule.tables[table]).map(([name, type]) => `${name}: '${type}'`)
  return `read_ndjson('${path}', columns = {${columns.join(', ')}})`
}

const instance = await DuckDBInstance.create(':memory:', { threads: values.threads })
const connection = await instance.connect()
/** Compiles the rule over the tables that `table` names; each call of the result runs it once. */
const prepare = async table => {
  const statement = await connection.prepare(rule.sql(table, ago))
  return async () => {
    const result = await statement.runAndReadAll()
    return rule.row ? result.getRows().map(rule.row) : result.getRowsJson()
  }
}

if (values.warm) {
  const { answerRuns } = await import('./protocol.mjs')
  for (const table of Object.keys(rule.tables)) {
    await connection.run(`CREATE TABLE ${table} AS FROM ${fromFile(table)}`)
  }
  await answerRuns(await prepare(table => table))
} else {
  const run = await prepare(fromFile)
  endWith(rowsText(await run()))
}
