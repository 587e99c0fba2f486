import type { BoolVector, TextVector } from '../../../tables/vector.ts'
import type { StringPredicate } from '../../../types/collation.ts'
import { overload, type ScalarOverload } from '../declare.ts'

/**
 * An overload that tests a string against another. A needle that is constant is prepared once;
 * one that varies is prepared again when it changes.
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
      return { kernel: textKernel(matcher(needle), negated) }
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

/** The kernel of a predicate on one string; with `negated`, of its opposite. */
export function textKernel(
  test: StringPredicate,
  negated: boolean,
): (
  args: readonly [TextVector<'string'>, ...unknown[]],
  out: BoolVector,
  rows: Uint32Array,
) => void {
  return ([{ dict, codes }], out, rows) => {
    const to = out.values
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!
      to[row] = test(dict[codes[row]!]!) === negated ? 0 : 1
    }
  }
}
