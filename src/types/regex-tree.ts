export type RegexNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'char'; readonly code: number; readonly fold: boolean }
  | { readonly kind: 'any'; readonly newline: boolean }
  | { readonly kind: 'class'; readonly set: ClassSet; readonly fold: boolean }
  | { readonly kind: 'assert'; readonly at: AssertKind; readonly ascii: boolean }
  | {
      readonly kind: 'group'
      readonly index: number
      readonly name: string | undefined
      readonly body: RegexNode
    }
  | { readonly kind: 'concat'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'alternate'; readonly branches: readonly RegexNode[] }
  | RepeatNode

export interface RepeatNode {
  readonly kind: 'repeat'
  readonly body: RegexNode
  readonly min: number
  /** Infinity where there is no bound. */
  readonly max: number
  readonly greedy: boolean
}

export type AssertKind =
  | 'text-start'
  | 'text-end'
  | 'line-start'
  | 'line-end'
  | 'word'
  | 'not-word'
  | 'word-start'
  | 'word-end'
  | 'word-start-half'
  | 'word-end-half'

/** A set of characters as it was written. */
export type ClassSet =
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  /** `\d`, `\s`, `\w`: Unicode's, or ASCII's after `(?-u)`. */
  | { readonly kind: 'perl'; readonly name: 'd' | 's' | 'w'; readonly ascii: boolean }
  /** `\p{…}`, by its canonical names in either engine. */
  | { readonly kind: 'property'; readonly v8: string; readonly re2: string }
  | { readonly kind: 'union'; readonly items: readonly ClassSet[] }
  | { readonly kind: 'not'; readonly set: ClassSet }
  | {
      readonly kind: 'and' | 'minus' | 'xor'
      readonly left: ClassSet
      readonly right: ClassSet
    }

export interface RegexTree {
  readonly root: RegexNode
  /** Capture groups, without the whole match. */
  readonly groupCount: number
  /** By group index; undefined for the whole match and unnamed groups. */
  readonly groupNames: readonly (string | undefined)[]
}

/** A pattern that is none, with the reason; thrown by the parser and caught where it is called. */
export class RegexSyntaxError extends Error {
  override readonly name = 'RegexSyntaxError'
}
