import { constantVector } from '../../engine/evaluator/constant-vector.ts'
import type { EvaluationContext } from '../../engine/evaluator/contract.ts'
import { compile, LocatedQueryError } from '../../engine/evaluator/evaluator.ts'
import { LIBRARY } from '../../engine/functions/library.ts'
import { QueryError } from '../../engine/functions/query-error.ts'
import { childrenOf } from '../../engine/plan/expression.ts'
import type { Expr, Plan } from '../../engine/plan/nodes.ts'
import { expressionsOf } from '../../engine/plan/rewrites/map-plan.ts'
import { plansIn } from '../../engine/plan/walk.ts'
import { ColumnBatch } from '../../tables/batch.ts'
import type { GeoLookup } from '../../tables/geo-lookup.ts'
import { identityRows, type ScalarValue, valueAt } from '../../tables/vector.ts'
import { InternalError } from '../../text/internal-error.ts'
import { LimitError } from '../../text/limit-error.ts'
import type { ScalarType } from '../../types/scalar-type.ts'

/** The column that an {@link Evaluation.function} takes its argument from. */
export const ARGUMENT = '?argument'

const ONE_ROW = new ColumnBatch([], [], 1)
const ROW = identityRows(1)

/** Computes expressions outside of a run, with the engine's functions. */
export class Evaluation {
  readonly #context: EvaluationContext

  constructor(now: bigint, geoip: GeoLookup | 'none' | undefined) {
    this.#context = {
      now,
      random: () => 0.5,
      geoip: geoip ?? 'none',
      scalarFunction: name => LIBRARY.scalar(name),
      queryValue() {
        throw new InternalError('a subquery that was not replaced')
      },
    }
  }

  get now(): bigint {
    return this.#context.now
  }

  /** The value of an expression without columns; undefined where a function does not take a value. */
  value(expr: Expr): ScalarValue | undefined {
    if (expr.kind === 'literal') return expr.value
    return attempt(() => {
      const evaluator = compile(expr, [], this.#context)
      return valueAt(evaluator.evaluate(ONE_ROW, ROW), 0)
    })
  }

  /** The expression as a function of the column {@link ARGUMENT}, the only one that it reads. */
  function(expr: Expr, type: ScalarType): (value: ScalarValue) => ScalarValue | undefined {
    const schema = [{ name: ARGUMENT, type }]
    const evaluator = attempt(() => compile(expr, schema, this.#context))
    if (evaluator === undefined) return () => undefined
    return value =>
      attempt(() => {
        const batch = new ColumnBatch(schema, [constantVector(type, value, 1)], 1)
        return valueAt(evaluator.evaluate(batch, ROW), 0)
      })
  }
}

/** What is computed; undefined where a function refuses one of the values: there is none then. */
function attempt<T>(compute: () => T): T | undefined {
  try {
    return compute()
  } catch (error) {
    if (error instanceof LocatedQueryError || error instanceof QueryError) return undefined
    if (error instanceof LimitError) return undefined
    throw error
  }
}

/** Loads the packages that functions of the plan need, which a run does otherwise. */
export async function loadNeeds(plan: Plan): Promise<void> {
  const ofExpr = async (expr: Expr): Promise<void> => {
    if (expr.kind === 'call') {
      await LIBRARY.scalar(expr.function)?.overloads[expr.overload]?.needs?.load()
    }
    for (const child of childrenOf(expr)) await ofExpr(child)
  }
  for (const node of plansIn(plan)) {
    for (const expr of expressionsOf(node)) await ofExpr(expr)
  }
}
