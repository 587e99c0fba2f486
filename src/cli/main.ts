import { getSystemErrorMap } from 'node:util'
import { EXIT, type ExitCode } from './exit.ts'
import { runCommandLine } from './program.ts'
import { processTerminal } from './terminal.ts'

/** How long the work has to end after an interruption, before the process ends without it. */
const GRACE_MS = 2000

const interruption = new AbortController()
/** The exit code for the signal that came first. */
let interrupted: ExitCode = EXIT.interrupted
process.on('SIGINT', () => {
  // Who asks again does not want to wait. The other signals may come twice, as `timeout` sends them.
  if (interruption.signal.aborted) process.exit(interrupted)
  interrupt(EXIT.interrupted)
})
process.on('SIGTERM', () => interrupt(EXIT.terminated))
process.on('SIGHUP', () => interrupt(EXIT.hungUp))

/** Whether it is being told that standard output cannot be written. */
let isUnwritable = false
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  endWithReader(error)
  if (isUnwritable) return
  isUnwritable = true
  const reason = getSystemErrorMap().get(error.errno ?? 0)?.[1] ?? error.message
  process.stderr.write(`kqlab: standard output cannot be written: ${reason}.\n`, () =>
    process.exit(EXIT.failed),
  )
})
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (!isUnwritable) endWithReader(error)
  process.exit(EXIT.failed)
})

void main().then(code => {
  process.exitCode = code
  if (interruption.signal.aborted) process.exit(interrupted)
  // Left to itself, Node takes its heap apart before it ends, which takes a tenth of a short run. By the next
  // turn of its loop it is known whether the last text could be written.
  setImmediate(() => {
    const unwritten = process.stdout.writableLength + process.stderr.writableLength
    if (unwritten === 0 && !isUnwritable) process.exit()
  })
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

function interrupt(code: ExitCode): void {
  if (interruption.signal.aborted) return
  interrupted = code
  interruption.abort()
  setTimeout(() => process.exit(code), GRACE_MS).unref()
}

/** Ends the process where nobody can read any more what it writes. */
function endWithReader({ code }: NodeJS.ErrnoException): void {
  // A terminal that was closed takes nothing, which the signal has told.
  if (interruption.signal.aborted) process.exit(interrupted)
  // The reader of a pipe may have had enough, as `head` has: that is no fault.
  if (code === 'EPIPE') process.exit(EXIT.ok)
}
