import type { Diagnostic } from '../text/diagnostic.ts'
import { KqlError } from '../text/kql-error.ts'
import { renderDiagnostic } from '../text/render.ts'
import { SourceText } from '../text/source-text.ts'

/** The errors among diagnostics as text for people. `text` is what those without a source are about. */
export function faultText(diagnostics: readonly Diagnostic[], text: string, name: string): string {
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(each => renderDiagnostic(each.source ?? new SourceText(text, name), each))
    .join('\n\n')
}

/**
 * What `run` gives. Errors of queries and rules are thrown on with all of their text: a test framework
 * shows no more of an error than its message.
 */
export async function withFaults<T>(text: string, name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof KqlError)) throw error
    throw new Error(faultText(error.diagnostics, text, name), { cause: error })
  }
}
