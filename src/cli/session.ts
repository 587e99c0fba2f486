import { Progress } from './progress.ts'
import { type DiagnosticFormat, Reporter } from './reporter.ts'
import type { Terminal } from './terminal.ts'

/** What one run of the command shares: where it prints, and whether it was interrupted. */
export interface Session {
  readonly terminal: Terminal
  readonly reporter: Reporter
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** What the process hands to a command. */
export interface Environment {
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

/** A session that prints diagnostics in the format. */
export function startSession(
  { terminal, signal }: Environment,
  diagnostics: DiagnosticFormat = 'text',
): Session {
  const progress = new Progress(terminal.err)
  return { terminal, reporter: new Reporter(terminal.err, diagnostics, progress), progress, signal }
}
