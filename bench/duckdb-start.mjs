// The least that DuckDB can be asked, for comparison with how kqlab starts.
import { DuckDBInstance } from '@duckdb/node-api'

const instance = await DuckDBInstance.create()
const connection = await instance.connect()
const reader = await connection.runAndReadAll('select 1')
console.log(String(reader.getRows()))
