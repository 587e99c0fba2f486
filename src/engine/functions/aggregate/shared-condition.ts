import { type BoolVector, trueRows, type Vector } from '../../../tables/vector.ts'
import type { Accumulator, AggregateFunction } from '../declare.ts'
import { QueryError } from '../query-error.ts'

/**
 * The accumulator over the rows for which a predicate is true: the argument at position `at`, which
 * `base` does not have. A null predicate is not true.
 */
function conditional(base: Accumulator, at: number): Accumulator {
  const without = <T>(items: readonly T[]): T[] => items.filter((_, index) => index !== at)
  const { returns, holds } = base
  return {
    ...base,
    params: [...base.params.slice(0, at), 'bool', ...base.params.slice(at)],
    required: (base.required ?? base.params.length) + 1,
    constants: (base.constants ?? []).map(position => (position < at ? position : position + 1)),
    returns:
      typeof returns === 'function'
        ? (types, constants) => returns(without(types), without(constants))
        : returns,
    init(groups, constants, types) {
      try {
        return base.init(groups, without(constants), without(types))
      } catch (error) {
        throw error instanceof QueryError ? behind(error, at) : error
      }
    },
    update(state, args: readonly Vector[], groupOf, selection) {
      const rows = trueRows(args[at] as BoolVector, selection)
      base.update(state, without(args), groupOf, rows)
    },
    finish: (state, group, constants) => base.finish(state, group, without(constants)),
    ...(holds === undefined
      ? {}
      : {
          holds: {
            name: types => `${holds.name(without(types))} where`,
            most: constants => holds.most(without(constants)),
          },
        }),
  }
}

/** The same error where an argument was put in at position `at`. */
function behind(error: QueryError, at: number): QueryError {
  const { code, message, argument, hint } = error
  const moved = argument === undefined || argument < at ? argument : argument + 1
  return new QueryError(code, message, moved, hint)
}

/** The overloads of an aggregate with a predicate, such as `sumif`, from those of `sum`. */
export function conditionalOverloads(of: AggregateFunction, at = 1): readonly Accumulator[] {
  return of.overloads.map(base => conditional(base, at))
}
