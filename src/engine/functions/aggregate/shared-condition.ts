import type { BoolVector, Vector } from '../../../tables/vector.ts'
import type { Accumulator, AggregateFunction } from '../declare.ts'

/** The rows of `selection` for which the predicate is true. */
function trueRows(predicate: BoolVector, selection: Uint32Array): Uint32Array {
  const { values, nulls } = predicate
  const rows = new Uint32Array(selection.length)
  let count = 0
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    if (values[row] === 1 && (nulls === undefined || nulls[row] === 0)) rows[count++] = row
  }
  return rows.subarray(0, count)
}

/**
 * The accumulator over the rows for which a predicate is true: the argument at position `at`, which
 * `base` does not have. A null predicate is not true.
 */
function conditional(base: Accumulator, at: number): Accumulator {
  const without = <T>(items: readonly T[]): T[] => items.filter((_, index) => index !== at)
  const { returns } = base
  return {
    ...base,
    params: [...base.params.slice(0, at), 'bool', ...base.params.slice(at)],
    required: (base.required ?? base.params.length) + 1,
    constants: (base.constants ?? []).map(position => (position < at ? position : position + 1)),
    returns:
      typeof returns === 'function'
        ? (types, constants) => returns(without(types), without(constants))
        : returns,
    init: (groups, constants, types) => base.init(groups, without(constants), without(types)),
    update(state, args: readonly Vector[], groupOf, selection) {
      const rows = trueRows(args[at] as BoolVector, selection)
      base.update(state, without(args), groupOf, rows)
    },
  }
}

/** The overloads of an aggregate with a predicate, such as `sumif`, from those of `sum`. */
export function conditionalOverloads(of: AggregateFunction, at = 1): readonly Accumulator[] {
  return of.overloads.map(base => conditional(base, at))
}
