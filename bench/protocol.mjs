// How a warm child process talks with rules.bench.ts: one JSON text a line. It says `{ready: true}`
// once its tables are in memory; each line it then reads makes it run once and answer `{ms}`, or
// `{ms, rows}` to the line `rows`.
import { createInterface } from 'node:readline'
import { rowsText } from './text.mjs'

/** Answers run requests on stdin until it closes; `run` returns the result rows or a promise. */
export async function answerRuns(run) {
  console.log(JSON.stringify({ ready: true }))
  for await (const line of createInterface({ input: process.stdin })) {
    const started = performance.now()
    const rows = await run()
    const ms = performance.now() - started
    console.log(rowsText(line === 'rows' ? { ms, rows } : { ms }))
  }
}
