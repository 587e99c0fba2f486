import type { Dynamic } from '../../../types/dynamic.ts'
import { dynamicLong, dynamicReal } from '../../../types/dynamic.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { QueryError } from '../query-error.ts'
import { fitLine, fitTwoLines, lineValues } from './shared-lines.ts'
import { fitPolynomial } from './shared-polynomial.ts'
import { finiteSeries, realSeries } from './shared-series.ts'

// Functions that fit lines and polynomials to a series.

type Fields = ReadonlyMap<string, Dynamic>

/** An overload with the values of the fields as several columns. */
function asColumns(fit: (values: Float64Array) => Fields | undefined): readonly ScalarOverload[] {
  return fitted(fit, fields => [...fields.values()])
}

/** An overload with the fields as a bag. */
function asBag(fit: (values: Float64Array) => Fields | undefined): readonly ScalarOverload[] {
  return fitted(fit, fields => fields)
}

function fitted(
  fit: (values: Float64Array) => Fields | undefined,
  give: (fields: Fields) => Dynamic,
): readonly ScalarOverload[] {
  return [
    overload({
      params: ['dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      each(series) {
        const values = finiteSeries(series)
        const fields = values === undefined || values.length === 0 ? undefined : fit(values)
        return fields === undefined ? null : give(fields)
      },
    }),
  ]
}

function oneLine(values: Float64Array): Fields {
  const line = fitLine(values)
  return new Map<string, Dynamic>([
    ['rsquare', dynamicReal(line.rsquare)],
    ['slope', dynamicReal(line.slope)],
    ['variance', dynamicReal(line.variance)],
    ['rvariance', dynamicReal(line.rvariance)],
    ['interception', dynamicReal(line.interception)],
    ['line_fit', realSeries(lineValues(line, values.length))],
  ])
}

const FIT_NULLS =
  'All of it is null where an element is no finite number, and for what is no array or an empty one.'
const LINE =
  'r-square, slope, sample variance of the series and of what the line leaves, value of the line before the first element, and the line itself'

/** @see https://learn.microsoft.com/kusto/query/series-fit-line-function */
export const series_fit_line = scalar({
  name: 'series_fit_line',
  doc: `The straight line with the least squares: ${LINE}. Elements lie at 1, 2, … ${FIT_NULLS}`,
  examples: [
    {
      query:
        'print y = dynamic([2, 5, 6, 8, 11, 15, 17, 18, 25, 26, 30, 30]) | extend (rsquare, slope) = series_fit_line(y) | project round(rsquare, 3), round(slope, 3)',
      rows: [{ rsquare: 0.983, slope: 2.731 }],
    },
    {
      query: 'print y = dynamic([3, 5, 7]) | project (a, b, c, d, e, f) = series_fit_line(y)',
      rows: [{ a: 1, b: 2, c: 4, d: 0, e: 1, f: [3, 5, 7] }],
    },
  ],
  columns: [
    { name: 'rsquare', type: 'real' },
    { name: 'slope', type: 'real' },
    { name: 'variance', type: 'real' },
    { name: 'rvariance', type: 'real' },
    { name: 'interception', type: 'real' },
    { name: 'line_fit', type: 'dynamic' },
  ],
  overloads: asColumns(oneLine),
})

/** @see https://learn.microsoft.com/kusto/query/series-fit-line-dynamic-function */
export const series_fit_line_dynamic = scalar({
  name: 'series_fit_line_dynamic',
  doc: `The straight line with the least squares as a bag: \`rsquare\`, \`slope\`, \`variance\`, \`rvariance\`, \`interception\`, \`line_fit\`, as \`series_fit_line\` has them. ${FIT_NULLS}`,
  examples: [
    {
      query:
        'print fit = series_fit_line_dynamic(dynamic([3, 5, 7])) | project fit.slope, fit.line_fit',
      rows: [{ fit_slope: 2, fit_line_fit: [3, 5, 7] }],
    },
  ],
  overloads: asBag(oneLine),
})

function twoLines(values: Float64Array): Fields | undefined {
  const fit = fitTwoLines(values)
  if (fit === undefined) return undefined
  const { left, right, split } = fit
  const { length } = values
  const line = [
    ...lineValues(left, length).subarray(0, split),
    ...lineValues(right, length).subarray(split),
  ]
  return new Map<string, Dynamic>([
    ['rsquare', dynamicReal(fit.rsquare)],
    ['split_idx', dynamicLong(split)],
    ['variance', dynamicReal(fit.variance)],
    ['rvariance', dynamicReal(fit.rvariance)],
    ['line_fit', realSeries(line)],
    ['right_rsquare', dynamicReal(right.rsquare)],
    ['right_slope', dynamicReal(right.slope)],
    ['right_interception', dynamicReal(right.interception)],
    ['right_variance', dynamicReal(right.variance)],
    ['right_rvariance', dynamicReal(right.rvariance)],
    ['left_rsquare', dynamicReal(left.rsquare)],
    ['left_slope', dynamicReal(left.slope)],
    ['left_interception', dynamicReal(left.interception)],
    ['left_variance', dynamicReal(left.variance)],
    ['left_rvariance', dynamicReal(left.rvariance)],
  ])
}

const TWO_LINES =
  'The split is the place, counted from 0, where the second line starts; each line has two elements at least, which the documentation leaves open, and of equal splits the first is taken. Null for less than four elements.'

/** @see https://learn.microsoft.com/kusto/query/series-fit-2lines-function */
export const series_fit_2lines = scalar({
  name: 'series_fit_2lines',
  doc: `The two straight lines, one after the other, with the least squares: r-square, split, variances and line of both, then what \`series_fit_line\` has of the right and of the left one. ${TWO_LINES} ${FIT_NULLS}`,
  examples: [
    {
      query:
        'print y = dynamic([1, 2, 3, 4, 10, 8, 6]) | extend (rsquare, split) = series_fit_2lines(y)',
      rows: [{ y: [1, 2, 3, 4, 10, 8, 6], rsquare: 1, split: 4 }],
    },
  ],
  columns: [
    { name: 'rsquare', type: 'real' },
    { name: 'split_idx', type: 'long' },
    { name: 'variance', type: 'real' },
    { name: 'rvariance', type: 'real' },
    { name: 'line_fit', type: 'dynamic' },
    { name: 'right_rsquare', type: 'real' },
    { name: 'right_slope', type: 'real' },
    { name: 'right_interception', type: 'real' },
    { name: 'right_variance', type: 'real' },
    { name: 'right_rvariance', type: 'real' },
    { name: 'left_rsquare', type: 'real' },
    { name: 'left_slope', type: 'real' },
    { name: 'left_interception', type: 'real' },
    { name: 'left_variance', type: 'real' },
    { name: 'left_rvariance', type: 'real' },
  ],
  overloads: asColumns(twoLines),
})

/** @see https://learn.microsoft.com/kusto/query/series-fit-2lines-dynamic-function */
export const series_fit_2lines_dynamic = scalar({
  name: 'series_fit_2lines_dynamic',
  doc: `The two straight lines with the least squares as a bag with what \`series_fit_2lines\` has. ${TWO_LINES} ${FIT_NULLS}`,
  examples: [
    {
      query:
        'print fit = series_fit_2lines_dynamic(dynamic([1, 2, 3, 4, 10, 8, 6])) | project fit.split_idx, fit.left_slope, fit.right_slope',
      rows: [{ fit_split_idx: 4, fit_left_slope: 1, fit_right_slope: -2 }],
    },
  ],
  overloads: asBag(twoLines),
})

const MAX_DEGREE = 20

/** @see https://learn.microsoft.com/kusto/query/series-fit-poly-function */
export const series_fit_poly = scalar({
  name: 'series_fit_poly',
  doc: `The polynomial with the least squares: r-square, coefficients from the highest power on, sample variance of the series and of what the polynomial leaves, and its values. The places of the elements (1, 2, … unless given) and the degree (1 unless given, ${MAX_DEGREE} at most) may follow. All of it is null where an element is no finite number, the arrays differ in length or have no more elements than the degree, and for what is no array.`,
  examples: [
    {
      query:
        'print y = dynamic([2, 5, 10, 17]) | project (a, b) = series_fit_poly(y, dynamic([1, 2, 3, 4]), 2) | project round(a, 6), b0 = round(todouble(b[0]), 6), n = array_length(b)',
      rows: [{ a: 1, b0: 1, n: 3 }],
    },
  ],
  columns: [
    { name: 'rsquare', type: 'real' },
    { name: 'coefficients', type: 'dynamic' },
    { name: 'variance', type: 'real' },
    { name: 'rvariance', type: 'real' },
    { name: 'poly_fit', type: 'dynamic' },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'dynamic', 'long'],
      required: 1,
      constants: [2],
      returns: 'dynamic',
      nulls: 'propagate',
      prepare([, , degree]) {
        if (typeof degree === 'bigint' && (degree < 1n || degree > MAX_DEGREE)) {
          throw new QueryError('KS128', `The degree is one from 1 to ${MAX_DEGREE}.`, 2)
        }
        return {
          each(series, places, wanted = 1n) {
            const y = finiteSeries(series)
            const x = places === undefined ? y?.map((_, i) => i + 1) : finiteSeries(places)
            const fit = x && y && fitPolynomial(x, y, Number(wanted))
            if (fit === undefined) return null
            return [
              dynamicReal(fit.rsquare),
              realSeries(fit.coefficients),
              dynamicReal(fit.variance),
              dynamicReal(fit.rvariance),
              realSeries(fit.values),
            ]
          },
        }
      },
    }),
  ],
})
