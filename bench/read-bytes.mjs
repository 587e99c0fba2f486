// The least that reading whole files takes: pieces of a megabyte, one thread, nothing done with them.
// Prints the milliseconds, without those of the start of the process.
//
//   node read-bytes.mjs <file>…
import { closeSync, openSync, readSync } from 'node:fs'

// Where a page begins, and not a few bytes behind: some processors (Zen 3) copy there a sixth as fast.
const piece = new Uint8Array(new WebAssembly.Memory({ initial: 16 }).buffer)
const started = performance.now()
for (const path of process.argv.slice(2)) {
  const file = openSync(path, 'r')
  while (readSync(file, piece, 0, piece.length, null) > 0);
  closeSync(file)
}
console.log(JSON.stringify(performance.now() - started))
