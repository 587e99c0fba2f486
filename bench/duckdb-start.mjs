// The least that DuckDB can be asked, for comparison with how kqlab starts.

// Node keeps compiled code between runs, as for kqlab.
process.getBuiltinModule('node:module').enableCompileCache()
const { DuckDBInstance } = await import('@duckdb/node-api')

const instance = await DuckDBInstance.create()
const connection = await instance.connect()
const reader = await connection.runAndReadAll('select 1')
console.log(String(reader.getRows()))
