import type { RowDifference } from './match-rows.ts'

/** What of an expectation does not hold. */
export type Mismatch =
  | {
      /** The rows that were listed are not those that came. */
      readonly kind: 'rows'
      readonly message: string
      readonly difference: RowDifference
    }
  | {
      /** A part of `expect` that is a number, a list of names or the like. */
      readonly kind: 'count' | 'columns' | 'findings' | 'run'
      /** The part of `expect`: `rows`, `alerts`. */
      readonly part: string
      readonly message: string
      readonly expected: unknown
      readonly got: unknown
    }
  | {
      /** An alert or incident that was listed is not there, or another one is. */
      readonly kind: 'alerts' | 'incidents'
      readonly message: string
      readonly missing: readonly MissingItem[]
      /** Positions of those that nothing expects. */
      readonly unexpected: readonly number[]
    }

/** An alert or incident that is not there as listed. */
export interface MissingItem {
  /** Its position in the list. */
  readonly index: number
  readonly expected: unknown
  /** The position of the one that comes nearest. */
  readonly nearest: number | undefined
  readonly differences: readonly {
    readonly field: string
    readonly expected: unknown
    readonly got: unknown
  }[]
}

/** The part of `expect` that a mismatch is about. */
export function partOf(mismatch: Mismatch): string {
  return 'part' in mismatch ? mismatch.part : mismatch.kind
}
