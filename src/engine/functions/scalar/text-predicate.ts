import type { BoolVector, TextVector } from '../../../tables/vector.ts'
import type { StringPredicate } from '../../../types/collation.ts'
import { overload, type ScalarOverload } from '../declare.ts'

/**
 * An overload that tests a string against another. A needle that is constant is prepared once, and
 * the test then runs once a dictionary entry; one that varies is prepared again when it changes.
 * With `negated`, the opposite. No operand is ever null: they are strings.
 */
export function textPredicate(
  matcher: (needle: string) => StringPredicate,
  negated: boolean,
): ScalarOverload {
  return overload({
    params: ['string', 'string'],
    returns: 'bool',
    nulls: 'propagate',
    prepare([, needle]) {
      if (typeof needle !== 'string') {
        return {
          kernel: ([text, needles], out, selection) =>
            testPairs(matcher, negated, text, needles, out, selection),
        }
      }
      const filter = new TextFilter(matcher(needle), negated)
      return { kernel: ([text], out, selection) => filter.run(text, out, selection) }
    },
  })
}

function testPairs(
  matcher: (needle: string) => StringPredicate,
  negated: boolean,
  text: TextVector<'string'>,
  needles: TextVector<'string'>,
  out: BoolVector,
  selection: Uint32Array,
): void {
  let known: string | undefined
  let test: StringPredicate = () => false
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const needle = needles.at(row)
    if (needle !== known) {
      test = matcher(needle)
      known = needle
    }
    out.values[row] = test(text.at(row)) === negated ? 0 : 1
  }
}

const UNKNOWN = 0

/** A predicate on one string column that remembers its verdict on each dictionary entry. */
export class TextFilter {
  readonly #test: StringPredicate
  readonly #negated: boolean
  #dict: readonly string[] | undefined
  /** By code: 0 is not known yet, 1 is false, 2 is true. */
  #verdicts = new Uint8Array(0)

  constructor(test: StringPredicate, negated: boolean) {
    this.#test = test
    this.#negated = negated
  }

  /** Writes the verdicts on the rows of `selection` into `out`. */
  run(text: TextVector<'string'>, out: BoolVector, selection: Uint32Array): void {
    const { dict, codes } = text
    const to = out.values
    if (!text.dictionary) {
      const test = this.#test
      const negated = this.#negated
      for (let k = 0; k < selection.length; k++) {
        const row = selection[k]!
        to[row] = test(dict[codes[row]!]!) === negated ? 0 : 1
      }
      return
    }
    this.#grow(dict)
    const verdicts = this.#verdicts
    for (let k = 0; k < selection.length; k++) {
      const row = selection[k]!
      const code = codes[row]!
      let verdict = verdicts[code]!
      if (verdict === UNKNOWN) {
        verdict = this.#test(dict[code]!) === this.#negated ? 1 : 2
        verdicts[code] = verdict
      }
      to[row] = verdict - 1
    }
  }

  #grow(dict: readonly string[]): void {
    if (dict !== this.#dict) {
      this.#dict = dict
      this.#verdicts = new Uint8Array(dict.length)
    } else if (dict.length > this.#verdicts.length) {
      const grown = new Uint8Array(Math.max(dict.length, this.#verdicts.length * 2))
      grown.set(this.#verdicts)
      this.#verdicts = grown
    }
  }
}
