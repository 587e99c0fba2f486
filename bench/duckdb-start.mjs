// The least that DuckDB can be asked, for comparison with how kqlab starts.

// Node keeps compiled code between runs, as for kqlab.
process.getBuiltinModule('node:module').enableCompileCache()
const { DuckDBInstance } = await import('@duckdb/node-api')

const instance = await DuckDBInstance.create()
const connection = await instance.connect()
const reader = await connection.runAndReadAll('select 1')
// It ends as kqlab does, without waiting for Node to take its heap apart.
process.stdout.write(`${reader.getRows()}\n`, () => process.exit())
