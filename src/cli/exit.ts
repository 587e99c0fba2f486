/** What the command's exit codes mean. */
export const EXIT = {
  /** It ran, with or without rows. */
  ok: 0,
  /** A query error, an error diagnostic, or what `--fail-on` names. */
  failed: 1,
  /** The command line cannot be understood. */
  usage: 2,
  /** By SIGHUP: its terminal was closed. */
  hungUp: 129,
  /** By SIGINT. */
  interrupted: 130,
  /** By SIGTERM. */
  terminated: 143,
} as const

/** An exit code of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** A command line that cannot be understood; the message says why and what would do. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Ends the command after its errors were reported. */
export class Failure extends Error {
  override readonly name = 'Failure'
}

/** The exit code of a run; 2 where it ends with a {@link Failure}, unless that is for being interrupted. */
export async function usageOnFailure(
  signal: AbortSignal,
  run: () => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof Failure && !signal.aborted) return EXIT.usage
    throw error
  }
}
