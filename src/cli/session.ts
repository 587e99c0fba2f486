import type { TextFormat } from './choices.ts'
import { Progress } from './progress.ts'
import { type DiagnosticPrinter, diagnosticPrinter, Reporter } from './reporter.ts'
import type { Terminal } from './terminal.ts'

/** What the process hands to a command. */
export interface Environment {
  readonly terminal: Terminal
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal
}

/** What one run of a command shares. */
export interface Session extends Environment {
  readonly reporter: Reporter
  readonly progress: Progress
}

/** A session whose diagnostics go to the printer. */
export function startSession(environment: Environment, printer: DiagnosticPrinter): Session {
  const progress = new Progress(environment.terminal.err)
  return { ...environment, progress, reporter: new Reporter(printer, () => progress.clear()) }
}

/** A session whose diagnostics go to standard error, in the form that the options ask for. */
export function sessionOf(
  environment: Environment,
  { diagnostics }: { readonly diagnostics: TextFormat },
): Session {
  return startSession(environment, diagnosticPrinter(diagnostics, environment.terminal.err))
}
