import { realFromDecimal } from '../../../types/decimal.ts'
import { overload, type ScalarOverload } from '../declare.ts'

/** Overloads of a function of a real: a decimal is taken as the nearest real. */
export function ofReal(compute: (x: number) => number | null): readonly ScalarOverload[] {
  return [
    overload({ params: ['real'], returns: 'real', nulls: 'propagate', each: compute }),
    overload({
      params: ['decimal'],
      returns: 'real',
      nulls: 'propagate',
      each: x => compute(realFromDecimal(x)),
    }),
  ]
}

/** Overloads of a function of two reals. */
export function ofReals(compute: (x: number, y: number) => number): readonly ScalarOverload[] {
  return [
    overload({ params: ['real', 'real'], returns: 'real', nulls: 'propagate', each: compute }),
    overload({
      params: ['decimal', 'decimal'],
      returns: 'real',
      nulls: 'propagate',
      each: (x, y) => compute(realFromDecimal(x), realFromDecimal(y)),
    }),
  ]
}
