import type { ScalarValue, Vector } from '../../../tables/vector.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import type { Accumulator } from '../declare.ts'
import { accumulator, aggregate } from '../declare.ts'
import { conditionalOverloads } from './shared-condition.ts'
import type { Direction, ExtremeState } from './shared-extremes.ts'
import {
  A_VALUE,
  addExtremes,
  extremeOf,
  extremeState,
  mergeExtreme,
  NOTHING,
  ONLY_NULLS,
  ORDERED_TYPES,
} from './shared-extremes.ts'
import { ChosenRows, RowStore } from './shared-row-store.ts'

/** The extremes with the other columns of their rows. */
interface ArgState extends ExtremeState {
  readonly chosen: ChosenRows
  readonly rows: RowStore
}

/** The rows that are not null; groups that have seen nothing yet choose their first null row. */
function addNulls(
  state: ArgState,
  nulls: Uint8Array,
  groupOf: Uint32Array,
  selection: Uint32Array,
): Uint32Array {
  const others = new Uint32Array(selection.length)
  let count = 0
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    if (nulls[row] === 0) {
      others[count++] = row
      continue
    }
    const g = groupOf[row]!
    if (state.seen[g] !== NOTHING) continue
    state.seen[g] = ONLY_NULLS
    state.chosen.choose(g, row)
  }
  return others.subarray(0, count)
}

function argOverloads(direction: Direction): readonly Accumulator[] {
  return ORDERED_TYPES.map(type => {
    const params: readonly [typeof type] = [type]
    return accumulator({
      params,
      rest: 'scalar',
      returns: (): ScalarType => type,
      ordered: true,
      nulls: 'handled',
      init: (groups, _, types): ArgState => ({
        ...extremeState(type, direction, groups),
        chosen: new ChosenRows(),
        rows: new RowStore(types.slice(1), groups),
      }),
      update(state, args: readonly Vector[], groupOf, selection) {
        const ordered = args[0]!
        const { nulls } = ordered
        state.chosen.start(state.seen.length)
        const rows = nulls === undefined ? selection : addNulls(state, nulls, groupOf, selection)
        addExtremes(state, ordered, groupOf, rows, state.chosen)
        const changed = state.chosen.take()
        state.rows.put(args.slice(1), changed.groups, changed.rows)
      },
      merge(a, b, into) {
        a.chosen.start(a.seen.length)
        for (let g = 0; g < into.length; g++) {
          if (mergeExtreme(a, into[g]!, b, g)) a.chosen.choose(into[g]!, g)
        }
        const changed = a.chosen.take()
        a.rows.putFrom(b.rows, changed.groups, changed.rows)
      },
      finish(state, group) {
        const best = extremeOf(state, group)
        return state.rows.width === 0 ? best : [best, ...state.rows.values(group)]
      },
    })
  })
}

/** @see https://learn.microsoft.com/kusto/query/arg-max-aggregation-function */
export const arg_max = aggregate({
  name: 'arg_max',
  doc: 'Largest value of the first argument and the other columns of its row; of equal ones the first. Nulls lose against every value; where all are null, the first row.',
  examples: [
    {
      query:
        'datatable(user:string, at:long, ip:string)["a",1,"x", "a",2,"y", "b",5,"z"] | summarize arg_max(at, ip) by user',
      rows: [
        { user: 'a', at: 2, ip: 'y' },
        { user: 'b', at: 5, ip: 'z' },
      ],
    },
  ],
  overloads: argOverloads('max'),
})

/** @see https://learn.microsoft.com/kusto/query/arg-min-aggregation-function */
export const arg_min = aggregate({
  name: 'arg_min',
  doc: 'Smallest value of the first argument and the other columns of its row; of equal ones the first. Nulls lose against every value; where all are null, the first row.',
  examples: [
    {
      query:
        'datatable(user:string, at:long, ip:string)["a",1,"x", "a",2,"y"] | summarize arg_min(at, ip) by user',
      rows: [{ user: 'a', at: 1, ip: 'x' }],
    },
  ],
  overloads: argOverloads('min'),
})

/** @see https://learn.microsoft.com/kusto/query/arg-max-aggregation-function */
export const argmax = aggregate({
  name: 'argmax',
  doc: 'Old form of `arg_max`, with other names for its columns.',
  examples: [
    {
      query: 'datatable(a:long, b:string)[1,"x", 2,"y"] | summarize argmax(a, b)',
      rows: [{ max_a: 2, max_a_b: 'y' }],
    },
  ],
  overloads: arg_max.overloads,
})

/** @see https://learn.microsoft.com/kusto/query/arg-min-aggregation-function */
export const argmin = aggregate({
  name: 'argmin',
  doc: 'Old form of `arg_min`, with other names for its columns.',
  examples: [
    {
      query: 'datatable(a:long, b:string)[1,"x", 2,"y"] | summarize argmin(a, b)',
      rows: [{ min_a: 1, min_a_b: 'x' }],
    },
  ],
  overloads: arg_min.overloads,
})

/** The row that each group has taken; `seen` as for extremes, an empty string counting as null. */
interface AnyState {
  seen: Uint8Array
  readonly chosen: ChosenRows
  readonly rows: RowStore
}

/** Whether the only column is wanted non-null and not empty, or the first row will do. */
function preferred(vector: Vector, row: number): boolean {
  if (vector.type === 'string') return vector.at(row) !== ''
  return !vector.isNull(row)
}

const TAKE = {
  returns: (types: readonly ScalarType[]): ScalarType => types[0]!,
  nulls: 'handled',
  init: (groups: number, _: unknown, types: readonly ScalarType[]): AnyState => ({
    seen: new Uint8Array(groups),
    chosen: new ChosenRows(),
    rows: new RowStore(types, groups),
  }),
  update(
    state: AnyState,
    args: readonly Vector[],
    groupOf: Uint32Array,
    selection: Uint32Array,
  ): void {
    const { seen, chosen } = state
    const only = args.length === 1 ? args[0] : undefined
    chosen.start(seen.length)
    for (let k = 0; k < selection.length; k++) {
      const row = selection[k]!
      const g = groupOf[row]!
      if (seen[g] === A_VALUE) continue
      const value = only === undefined || preferred(only, row) ? A_VALUE : ONLY_NULLS
      if (value === seen[g]) continue
      seen[g] = value
      chosen.choose(g, row)
    }
    const taken = chosen.take()
    state.rows.put(args, taken.groups, taken.rows)
  },
  merge(a: AnyState, b: AnyState, into: Uint32Array): void {
    a.chosen.start(a.seen.length)
    for (let g = 0; g < into.length; g++) {
      const target = into[g]!
      if (b.seen[g]! <= a.seen[target]!) continue
      a.seen[target] = b.seen[g]!
      a.chosen.choose(target, g)
    }
    const taken = a.chosen.take()
    a.rows.putFrom(b.rows, taken.groups, taken.rows)
  },
  finish(state: AnyState, group: number): ScalarValue | readonly ScalarValue[] {
    const values = state.rows.values(group)
    return values.length === 1 ? values[0]! : values
  },
} as const

/** @see https://learn.microsoft.com/kusto/query/take-any-aggregation-function */
export const take_any = aggregate({
  name: 'take_any',
  doc: 'Values of one row of the group: the first. Of a single column the first that is neither null nor empty, if there is one; of nothing null.',
  examples: [
    {
      query:
        'datatable(g:string, x:long)["a",long(null), "a",2, "a",3] | summarize take_any(x) by g',
      rows: [{ g: 'a', x: 2 }],
    },
  ],
  naming: 'argument',
  overloads: [accumulator({ params: ['scalar'], rest: 'scalar', ...TAKE })],
})

/** @see https://learn.microsoft.com/kusto/query/take-any-aggregation-function */
export const any = aggregate({
  name: 'any',
  doc: 'Old form of `take_any`, with other names for its columns.',
  examples: [{ query: 'datatable(x:string)["a", "b"] | summarize any(x)', rows: [{ any_x: 'a' }] }],
  overloads: take_any.overloads,
})

const TAKE_ONE = aggregate({
  ...take_any,
  overloads: [accumulator({ params: ['scalar'], ...TAKE })],
})

/** @see https://learn.microsoft.com/kusto/query/take-anyif-aggregation-function */
export const take_anyif = aggregate({
  name: 'take_anyif',
  doc: 'Value of one row for which the predicate is true: the first that is neither null nor empty, if there is one; null where the predicate is true for none.',
  examples: [
    {
      query: 'range x from 1 to 5 step 1 | summarize take_anyif(x, x > 2)',
      rows: [{ x: 3 }],
    },
  ],
  naming: 'argument',
  overloads: conditionalOverloads(TAKE_ONE),
})

/** @see https://learn.microsoft.com/kusto/query/take-anyif-aggregation-function */
export const anyif = aggregate({
  name: 'anyif',
  doc: 'Old form of `take_anyif`, with another name for its column.',
  examples: [
    { query: 'range x from 1 to 5 step 1 | summarize anyif(x, x > 2)', rows: [{ anyif_x: 3 }] },
  ],
  overloads: take_anyif.overloads,
})
