import { EXIT, type ExitCode } from './exit.ts'
import { runCommandLine } from './program.ts'
import { processTerminal } from './terminal.ts'

/** How long the work has to end after an interruption, before the process ends without it. */
const GRACE_MS = 2000

const interruption = new AbortController()
process.on('SIGINT', () => {
  if (interruption.signal.aborted) process.exit(EXIT.interrupted)
  interruption.abort()
  setTimeout(() => process.exit(EXIT.interrupted), GRACE_MS).unref()
})

// The reader of a pipe may have had enough, as `head` has: that is no fault.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok)
    throw error
  })
}

void main().then(code => {
  process.exitCode = code
  if (interruption.signal.aborted) process.exit(EXIT.interrupted)
})

async function main(): Promise<ExitCode> {
  const environment = { terminal: processTerminal(), signal: interruption.signal }
  try {
    return await runCommandLine(process.argv.slice(2), environment)
  } catch (error) {
    const report = error instanceof Error ? (error.stack ?? error.message) : String(error)
    await environment.terminal.err.write(`kqlab has a defect, please report it:\n${report}\n`)
    return EXIT.failed
  }
}
