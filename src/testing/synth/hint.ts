import type { ScalarValue } from '../../tables/vector.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import type { Place } from './places.ts'

/** What a value may look like for a predicate to hold. The predicate itself is tested in the end. */
export type Hint =
  | { readonly kind: 'value'; readonly value: ScalarValue; readonly type: ScalarType }
  | { readonly kind: 'text'; readonly part: TextPart; readonly text: string }
  | { readonly kind: 'pattern'; readonly pattern: string; readonly group?: GroupHint }
  | { readonly kind: 'low' | 'high'; readonly value: number | bigint; readonly type: ScalarType }
  | { readonly kind: 'filled' }
  | { readonly kind: 'empty' }
  /** An array of so many elements. */
  | { readonly kind: 'elements'; readonly count: number }
  /** A bag with the key. */
  | { readonly kind: 'key'; readonly name: string }

export type TextPart = 'start' | 'end' | 'inside' | 'word'

export interface GroupHint {
  readonly index: number
  readonly text: string
}

/** Hints for one place: alternatives, each of which may be several at once. */
export interface PlaceHints {
  readonly place: Place
  readonly alternatives: readonly (readonly Hint[])[]
}
