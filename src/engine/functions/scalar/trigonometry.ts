import { overload, scalar } from '../declare.ts'
import { ofReal, ofReals } from './shared-real.ts'

/** @see https://learn.microsoft.com/kusto/query/pi-function */
export const pi = scalar({
  name: 'pi',
  doc: 'The constant pi.',
  examples: [{ query: 'print r = pi()', rows: [{ r: Math.PI }] }],
  overloads: [overload({ params: [], returns: 'real', nulls: 'propagate', each: () => Math.PI })],
})

/** @see https://learn.microsoft.com/kusto/query/sin-function */
export const sin = scalar({
  name: 'sin',
  naming: 'argument',
  doc: 'Sine of an angle in radians. null where the number is null.',
  examples: [{ query: 'print r = sin(0)', rows: [{ r: 0 }] }],
  overloads: ofReal(x => Math.sin(x)),
})

/** @see https://learn.microsoft.com/kusto/query/cos-function */
export const cos = scalar({
  name: 'cos',
  naming: 'argument',
  doc: 'Cosine of an angle in radians. null where the number is null.',
  examples: [{ query: 'print r = cos(0)', rows: [{ r: 1 }] }],
  overloads: ofReal(x => Math.cos(x)),
})

/** @see https://learn.microsoft.com/kusto/query/tan-function */
export const tan = scalar({
  name: 'tan',
  naming: 'argument',
  doc: 'Tangent of an angle in radians. null where the number is null.',
  examples: [{ query: 'print r = tan(0)', rows: [{ r: 0 }] }],
  overloads: ofReal(x => Math.tan(x)),
})

/** @see https://learn.microsoft.com/kusto/query/cot-function */
export const cot = scalar({
  name: 'cot',
  doc: 'Cotangent of an angle in radians. null where the number is null.',
  examples: [{ query: 'print r = round(cot(pi() / 4), 6)', rows: [{ r: 1 }] }],
  overloads: ofReal(x => 1 / Math.tan(x)),
})

/** @see https://learn.microsoft.com/kusto/query/asin-function */
export const asin = scalar({
  name: 'asin',
  naming: 'argument',
  doc: 'Angle in radians whose sine is the number. null where it is null or beyond 1 or -1.',
  examples: [
    { query: 'print r = asin(1) == pi() / 2', rows: [{ r: true }] },
    { query: 'print r = asin(2)', rows: [{ r: null }] },
  ],
  overloads: ofReal(x => (Math.abs(x) > 1 ? null : Math.asin(x))),
})

/** @see https://learn.microsoft.com/kusto/query/acos-function */
export const acos = scalar({
  name: 'acos',
  naming: 'argument',
  doc: 'Angle in radians whose cosine is the number. null where it is null or beyond 1 or -1.',
  examples: [
    { query: 'print r = acos(1)', rows: [{ r: 0 }] },
    { query: 'print r = acos(2)', rows: [{ r: null }] },
  ],
  overloads: ofReal(x => (Math.abs(x) > 1 ? null : Math.acos(x))),
})

/** @see https://learn.microsoft.com/kusto/query/atan-function */
export const atan = scalar({
  name: 'atan',
  naming: 'argument',
  doc: 'Angle in radians whose tangent is the number. null where the number is null.',
  examples: [{ query: 'print r = atan(0)', rows: [{ r: 0 }] }],
  overloads: ofReal(x => Math.atan(x)),
})

/** @see https://learn.microsoft.com/kusto/query/degrees-function */
export const degrees = scalar({
  name: 'degrees',
  doc: 'Degrees of an angle in radians. null where the number is null.',
  examples: [{ query: 'print r = degrees(pi())', rows: [{ r: 180 }] }],
  overloads: ofReal(x => x * (180 / Math.PI)),
})

/** @see https://learn.microsoft.com/kusto/query/radians-function */
export const radians = scalar({
  name: 'radians',
  doc: 'Radians of an angle in degrees. null where the number is null.',
  examples: [{ query: 'print r = radians(180) == pi()', rows: [{ r: true }] }],
  overloads: ofReal(x => x * (Math.PI / 180)),
})

/** @see https://learn.microsoft.com/kusto/query/atan2-function */
export const atan2 = scalar({
  name: 'atan2',
  naming: 'argument',
  doc: 'Angle in radians between the positive x axis and the point with ordinate y (first) and abscissa x. null where an argument is null.',
  examples: [{ query: 'print r = atan2(0, -1) == pi()', rows: [{ r: true }] }],
  overloads: ofReals((y, x) => Math.atan2(y, x)),
})
