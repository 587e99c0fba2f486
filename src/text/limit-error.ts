/**
 * Thrown by a function of which a value asks more work than a run should take. The run fails with its
 * message.
 */
export class LimitError extends Error {
  override readonly name: string = 'LimitError'
}
