/** A broken invariant of kqlab itself: a defect to be reported, never a user's mistake. */
export class InternalError extends Error {
  override readonly name = 'InternalError'
}

/** Closes a switch over a union: compiles only where every case was handled. */
export function unreachable(value: never): never {
  throw new InternalError(`unexpected ${JSON.stringify(value)}`)
}
