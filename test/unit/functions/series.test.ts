import { describe, expect, it } from 'vitest'
import {
  fourier,
  inverseFourier,
  selfProducts,
} from '../../../src/engine/functions/scalar/shared-fourier.ts'
import { normalQuantile } from '../../../src/engine/functions/scalar/shared-normal.ts'
import { detectPeriods } from '../../../src/engine/functions/scalar/shared-periods.ts'
import { compileTest, objectsOf, rowsOf, runPlan } from '../engine/run-query.ts'

/** The value of an expression over a column `d` with that array, so that nothing is constant. */
async function over(json: string, expression: string): Promise<unknown> {
  const rows = await rowsOf(
    `print s = '${json}' | extend d = parse_json(s) | project r = ${expression}`,
  )
  return rows[0]?.[0]
}

/** The columns of a call that gives several, over the same. */
async function columnsOver(
  json: string,
  call: string,
): Promise<Record<string, unknown> | undefined> {
  const rows = await objectsOf(`print s = '${json}' | extend d = parse_json(s) | project ${call}`)
  return rows[0]
}

describe('functions of each element', () => {
  it.each<[string, string, unknown]>([
    ['[1, null, "2", true, 2.5]', 'series_add(d, 1)', [2, null, null, null, 3.5]],
    ['[1, 2]', 'series_add(d, dynamic([1]))', [2, null]],
    ['[9007199254740993]', 'series_add(d, 2)', [9007199254740995n]],
    ['[9223372036854775807]', 'series_add(d, 1)', [-9223372036854775808n]],
    ['{"a": 1}', 'series_add(d, 1)', null],
    ['[1]', 'series_add(d, long(null))', [null]],
    ['[1]', 'series_add(d, dynamic(null))', null],
    ['[1]', 'series_subtract(5, d)', [4]],
    ['[2, 0]', 'tostring(series_divide(d, 0))', '["Infinity","NaN"]'],
    ['[9007199254740993]', 'series_equals(d, 9007199254740992)', [false]],
    ['[1]', 'series_equals(d, 1.0)', [true]],
    ['[-5, -2.5, "x"]', 'series_abs(d)', [5, 2.5, null]],
    ['[-1.5, 0.0]', 'series_sign(d)', [-1, 0]],
    ['[-0.5]', 'tostring(series_ceiling(d))', '[0.0]'],
    ['[]', 'series_exp(d)', []],
    ['3', 'series_sin(d)', null],
  ])('%s %s', async (json, expression, expected) => {
    expect(await over(json, expression)).toEqual(expected)
  })

  it('takes times as their ticks, as the documentation of series_fit_poly needs', async () => {
    const text =
      'print d = pack_array(datetime(0001-01-01T00:00:01), 1s) | project series_add(d, 1)'
    expect(await rowsOf(text)).toEqual([[[10_000_001, 10_000_001]]])
  })

  it('takes decimals as reals', async () => {
    const text =
      'print d = pack_array(decimal(1.5), 2) | project series_add(d, decimal(0.25)), series_subtract(1, d), series_multiply(d, d)'
    expect(await rowsOf(text)).toEqual([
      [
        [1.75, 2.25],
        [-0.5, -1],
        [2.25, 4],
      ],
    ])
  })
})

describe('totals', () => {
  it.each<[string, string, unknown]>([
    ['[]', 'series_sum(d)', null],
    ['["x"]', 'series_product(d)', null],
    ['{}', 'series_magnitude(d)', null],
    ['[1, 2, 4]', 'series_dot_product(d, dynamic([1, 1]))', 3],
    ['[1, "x", 4]', 'series_dot_product(d, dynamic([1, 1, 2]))', 9],
    ['[]', 'series_dot_product(d, 2)', null],
    [
      '[0.1, 0.2, 0.1, 0.2]',
      'round(series_cosine_similarity(d, dynamic([1, 2, 3, 4])), 15)',
      0.923760430703401,
    ],
    ['[1, 2]', 'series_pearson_correlation(d, dynamic([1]))', null],
    ['[1, "x"]', 'series_pearson_correlation(d, dynamic([1, 2]))', null],
    ['[1, 1]', 'tostring(series_pearson_correlation(d, dynamic([1, 2])))', 'NaN'],
    ['[5]', 'series_stats_dynamic(d).stdev', 0],
    ['[1, null]', 'isnull(series_stats_dynamic(d))', true],
    ['[1, null, 3]', 'series_stats_dynamic(d, true).len', 3],
    ['[3, 1, 1, 3]', 'series_stats_dynamic(d).max_idx', 0],
    ['[3, 1, 1, 3]', 'series_stats_dynamic(d).min_idx', 1],
  ])('%s %s', async (json, expression, expected) => {
    expect(await over(json, expression)).toEqual(expected)
  })

  it('has the statistics of the documentation', async () => {
    const json = '[23, 46, 23, 87, 4, 8, 3, 75, 2, 56, 13, 75, 32, 16, 29]'
    const values = Object.values((await columnsOver(json, 'series_stats(d)')) ?? {})
    expect(values.slice(0, 5)).toEqual([2, 8, 87, 3, 32.8])
    expect(values[5]).toBeCloseTo(28.5036338535483, 10)
    expect(values[6]).toBeCloseTo(812.457142857143, 10)
  })
})

describe('fills', () => {
  it.each<[string, string, unknown]>([
    ['[null, 1, null]', 'series_fill_forward(d)', [null, 1, 1]],
    ['[null, 1, null]', 'series_fill_backward(d)', [1, 1, null]],
    ['[null, null]', 'series_fill_forward(d)', [null, null]],
    ['[0, 1, 0.0]', 'series_fill_forward(d, 0)', [0, 1, 1]],
    ['[null]', 'series_fill_const(d)', [0]],
    ['[null, 7]', 'series_fill_const(d, long(null), 7)', [null, null]],
    ['[1, null, 4]', 'series_fill_linear(d)', [1, 2, 4]],
    ['[4, null, 1]', 'series_fill_linear(d)', [4, 2, 1]],
    ['[1.0, null, 4]', 'series_fill_linear(d)', [1, 2.5, 4]],
    ['[1, 0, 0, 4]', 'series_fill_linear(d, 0)', [1, 2, 3, 4]],
    ['[null]', 'series_fill_linear(d, real(null), true, real(null))', [null]],
    ['["a", null, 1]', 'series_fill_linear(d)', ['a', null, 1]],
    ['7', 'series_fill_linear(d)', null],
  ])('%s %s', async (json, expression, expected) => {
    expect(await over(json, expression)).toEqual(expected)
  })
})

describe('filters and transforms', () => {
  it.each<[string, string, unknown]>([
    ['[1, 2, 3]', 'series_fir(d, dynamic([2, 2]))', [0.5, 1.5, 2.5]],
    ['[1, 2, 3]', 'series_fir(d, dynamic([2, 2]), false)', [2, 6, 10]],
    ['[1, 2, 3]', 'series_fir(d, dynamic([1, -1]))', [1, 1, 1]],
    ['[1, 2, 3]', 'series_fir(d, dynamic([1, -1]), true)', null],
    ['[1, null]', 'series_fir(d, dynamic([1]))', null],
    ['[1]', 'series_fir(d, dynamic([]))', null],
    ['[1, 2]', 'series_iir(d, dynamic([1]), dynamic([0, 1]))', null],
    ['[1, 2]', 'series_iir(d, dynamic([1]), dynamic([]))', null],
    ['[4, 0, 0]', 'series_iir(d, dynamic([1, 1]), dynamic([2, -1]))', [2, 3, 1.5]],
  ])('%s %s', async (json, expression, expected) => {
    expect(await over(json, expression)).toEqual(expected)
  })

  it.each([1, 2, 3, 7, 8, 12, 60, 64, 97])('transforms %i elements and back', length => {
    const real = Float64Array.from({ length }, (_, i) => Math.sin(i * i) * 5)
    const imag = Float64Array.from({ length }, (_, i) => Math.cos(i * 3))
    const transformed = fourier({ real, imag })
    for (let k = 0; k < length; k++) {
      let sum = 0
      for (let i = 0; i < length; i++) {
        const angle = (-2 * Math.PI * k * i) / length
        sum += real[i]! * Math.cos(angle) - imag[i]! * Math.sin(angle)
      }
      expect(transformed.real[k]).toBeCloseTo(sum, 8)
    }
    const back = inverseFourier(transformed)
    for (let i = 0; i < length; i++) {
      expect(back.real[i]).toBeCloseTo(real[i]!, 10)
      expect(back.imag[i]).toBeCloseTo(imag[i]!, 10)
    }
  })

  it('multiplies a series with itself', () => {
    const products = selfProducts(Float64Array.of(1, 2, 3))
    expect(Array.from(products, value => Math.round(value))).toEqual([14, 8, 3])
  })

  it('refuses a filter that would take minutes', async () => {
    const { plan } = compileTest(
      'range x from 1 to 40000 step 1 | summarize d = make_list(x) | project series_fir(d, d)',
    )
    await expect(runPlan(plan!)).rejects.toMatchObject({ diagnostic: { code: 'KQL302' } })
  })
})

describe('fits', () => {
  it('has the line of the documentation', async () => {
    const json = '[2, 5, 6, 8, 11, 15, 17, 18, 25, 26, 30, 30]'
    const fit = await columnsOver(json, '(r, slope, v, rv, b, line) = series_fit_line(d)')
    expect(fit).toMatchObject({
      r: expect.closeTo(0.9829, 4),
      slope: expect.closeTo(2.7308, 4),
      v: expect.closeTo(98.628, 2),
      rv: expect.closeTo(1.686, 2),
      b: expect.closeTo(-1.6667, 4),
    })
    const line = fit?.line as number[]
    expect(line[0]).toBeCloseTo(1.064, 3)
    expect(line[11]).toBeCloseTo(31.102, 2)
  })

  it.each<[string, string, unknown[]]>([
    ['[4]', '(r, slope, v, rv, b, line) = series_fit_line(d)', [1, 0, 0, 0, 4, [4]]],
    ['[3, 3]', '(r, slope, v, rv, b, line) = series_fit_line(d)', [1, 0, 0, 0, 3, [3, 3]]],
    [
      '[1, null]',
      '(r, slope, v, rv, b, line) = series_fit_line(d)',
      [null, null, null, null, null, null],
    ],
    ['[]', '(r, slope, v, rv, b, line) = series_fit_line(d)', [null, null, null, null, null, null]],
  ])('%s %s', async (json, call, expected) => {
    expect(Object.values((await columnsOver(json, call)) ?? {})).toEqual(expected)
  })

  it('finds where one line becomes another', async () => {
    const json = '[1, 2.2, 2.5, 4.7, 5.0, 12, 10.3, 10.3, 9, 8.3, 6.2]'
    const fit = await columnsOver(json, 'f = series_fit_2lines_dynamic(d)')
    expect(fit?.f).toMatchObject({ split_idx: 5, left_slope: expect.closeTo(1.05, 2) })
    expect(await over('[1, 2, 3]', 'isnull(series_fit_2lines_dynamic(d))')).toBe(true)
  })

  it('fits a polynomial of the degree', async () => {
    // x³ - 2x + 1 at 0 to 5.
    const json = '[1, 0, 5, 22, 57, 116]'
    const fit = await columnsOver(
      json,
      '(r, c) = series_fit_poly(d, dynamic([0, 1, 2, 3, 4, 5]), 3)',
    )
    expect(fit?.r).toBeCloseTo(1, 10)
    const coefficients = fit?.c as number[]
    expect(coefficients.map(value => Math.round(value * 1e6) / 1e6 + 0)).toEqual([1, 0, -2, 1])
    expect(
      await over(
        '[1, 2]',
        'toscalar(print (a) = series_fit_poly(dynamic([1, 2]), dynamic([1, 1]), 1))',
      ),
    ).toBeNull()
    expect(
      compileTest('print series_fit_poly(dynamic([1]), dynamic([1]), 0)').diagnostics[0]?.code,
    ).toBe('KS128')
  })
})

const TRAFFIC =
  '[80, 139, 87, 110, 68, 54, 50, 51, 53, 133, 86, 141, 97, 156, 94, 149, 95, 140, 77, 61, 50, 54, 47, 133, 72, 152, 94, 148, 105, 162, 101, 160, 87, 63, 53, 55, 54, 151, 103, 189, 108, 183, 113, 175, 113, 178, 90, 71, 62, 62, 65, 165, 109, 181, 115, 182, 121, 178, 114, 170]'

describe('periods', () => {
  it('has what the documentation finds', async () => {
    const found = await columnsOver(TRAFFIC, '(p, s) = series_periods_detect(d, 0.0, 50.0, 2)')
    expect(found).toMatchObject({ p: [14, 0], s: [expect.closeTo(0.84, 2), 0] })
    const valid = await columnsOver(TRAFFIC, '(p, s) = series_periods_validate(d, 14.0, 10.0)')
    expect(valid).toMatchObject({ p: [14, 10], s: [expect.closeTo(0.84, 2), 0] })
  })

  it.each<[string, number[]]>([
    ['nothing in a constant', Array.from({ length: 40 }, () => 5)],
    ['nothing in a line', Array.from({ length: 40 }, (_, i) => i)],
    ['nothing in little', [1, 2, 1]],
    ['nothing in nothing', []],
  ])('finds %s', (_, values) => {
    expect(detectPeriods(Float64Array.from(values), 0, 100, 3)).toEqual([])
  })

  it('gives zeros outside the lengths that it can tell', async () => {
    const valid = await columnsOver(TRAFFIC, '(p, s) = series_periods_validate(d, 2, 3.9, 31)')
    expect(valid).toMatchObject({ s: [0, 0, 0] })
    expect(
      compileTest('print series_periods_detect(dynamic([1]), 1, 2, 0)').diagnostics[0]?.code,
    ).toBe('KS128')
  })

  it('detects the seasons of the documentation', async () => {
    const short = '[2, 5, 3, 4, 3, 2, 1, 2, 3, 4, 3, 2, 1, 2, 3, 4, 3, 2, 1, 2, 3, 4, 3, 2, 1]'
    expect(await over(short, 'series_seasonal(d)')).toEqual([
      1, 2, 3, 4, 3, 2, 1, 2, 3, 4, 3, 2, 1, 2, 3, 4, 3, 2, 1, 2, 3, 4, 3, 2, 1,
    ])
    const half = '[1, 3, 5, 2, 4, 6, 1, 3, 5, 2, 4, 6]'
    expect(await over(half, 'series_seasonal(d)')).toEqual(Array.from({ length: 12 }, () => 0))
    expect(await over(half, 'series_seasonal(d, -2)')).toEqual(Array.from({ length: 12 }, () => 0))
  })
})

/** Five weeks of hours with weekly and daily seasons and outliers, as in the documentation. */
function weeks(low: string, trend: string): string {
  return (
    'range t from 1 to 24 * 7 * 5 step 1 ' +
    `| extend y = 2 * (hash(t, 10007) / 10007.0) + iff((t / 24) % 7 >= 5, ${low}, 15.0) - (((t % 24) / 10) * ((t % 24) / 10))${trend} ` +
    '| extend y = iff(t == 150 or t == 200 or t == 780, y - 8.0, y) ' +
    '| extend y = iff(t == 300 or t == 400 or t == 600, y + 8.0, y) ' +
    '| summarize t = make_list(t), y = make_list(y) '
  )
}

describe('anomalies', () => {
  const spread =
    '| mv-expand t to typeof(long), flag to typeof(long) | where flag != 0 | project t * flag'

  it('finds the outliers of a weekly series', async () => {
    const text = `${weeks('10.0', '')} | extend (flag) = series_decompose_anomalies(y, 3) ${spread}`
    expect((await rowsOf(text)).flat()).toEqual([-150, -200, 300, 400, 600, -780].map(BigInt))
  })

  it('finds them under a trend as well, once it is fitted', async () => {
    const fitted = `${weeks('5.0', ' + t / 72.0')} | extend (flag) = series_decompose_anomalies(y, 2.5, -1, 'linefit') ${spread}`
    expect((await rowsOf(fitted)).flat()).toEqual([-150, -200, 300, 400, 600, -780].map(BigInt))
  })

  it.each<[string, string, unknown]>([
    // Nothing but one value is usual here, and anything else is infinitely far from it.
    [
      '[0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0]',
      'tostring(series_outliers(d))',
      '[0.0,0.0,0.0,0.0,"Infinity",0.0,0.0,0.0,0.0,0.0,0.0]',
    ],
    ['[1, "x", null]', 'series_outliers(d)', [0, 0, 0]],
    ['[5, 5, -1]', 'series_outliers(d, "tukey", -1)', [0, 0, 0]],
    ['[]', 'series_outliers(d)', []],
    ['1', 'series_outliers(d)', null],
  ])('%s %s', async (json, expression, expected) => {
    expect(await over(json, expression)).toEqual(expected)
  })

  it('finds nothing in what is only rounding', async () => {
    const text =
      'range i from 1 to 60 step 1 | summarize y = make_list(0.1 * i) ' +
      "| project (flag) = series_decompose_anomalies(y, 1.5, 0, 'linefit')"
    expect(new Set((await objectsOf(text))[0]?.flag as number[])).toEqual(new Set([0]))
  })

  it.each([
    ["series_decompose_anomalies(d, 1.5, -1, 'mean')", 'KS128'],
    ["series_decompose_anomalies(d, 1.5, -1, 'avg', 0, 'z')", 'KS128'],
    ["series_decompose(d, 0, 'x')", 'KS128'],
    ["series_outliers(d, 'x')", 'KS128'],
    ["series_outliers(d, 'ctukey', 0, 1, 90)", 'KS128'],
    ["series_outliers(d, 'ctukey', 0.0, 10.0, 90.0, 5)", 'KQL101'],
  ])('%s is refused with %s', (call, code) => {
    const { diagnostics } = compileTest(`print d = dynamic([1]) | project ${call}`)
    expect(diagnostics.map(item => item.code)).toEqual([code])
  })

  it('learns nothing from test points', async () => {
    const parts = await columnsOver(
      '[1, 1, 1, 9]',
      "(b, s, t, r) = series_decompose(d, 0, 'avg', 1)",
    )
    expect(parts).toEqual({ b: [1, 1, 1, 1], s: [0, 0, 0, 0], t: [1, 1, 1, 1], r: [0, 0, 0, 8] })
    const nothing = await columnsOver('[1, 9]', "(b) = series_decompose(d, 0, 'avg', 2)")
    expect(nothing?.b).toBeNull()
  })
})

describe('the normal distribution', () => {
  it.each([
    [0.5, 0],
    [0.75, 0.6744897501960817],
    [0.9, 1.2815515655446004],
    [0.02, -2.053748910631823],
    [0.01, -2.3263478740408408],
  ])('has the quantile of %f', (share, expected) => {
    expect(normalQuantile(share)).toBeCloseTo(expected, 7)
  })
})

describe('calls of several columns', () => {
  it.each<[string, string[]]>([
    ['extend series_fft(d)', ['d', 'series_fft_d_real', 'series_fft_d_imag']],
    ['extend x = series_fft(d)', ['d', 'x']],
    ['extend (x, d) = series_fft(d)', ['d', 'x']],
    ['project x = series_fft(d)', ['x', 'series_fft_d_imag']],
    [
      'project series_fft(d), series_fft(d)',
      ['series_fft_d_real', 'series_fft_d_imag', 'series_fft_d_real1', 'series_fft_d_imag1'],
    ],
    [
      'extend series_fft(d) | extend series_fft(d)',
      ['d', 'series_fft_d_real', 'series_fft_d_imag', 'series_fft_d_real1', 'series_fft_d_imag1'],
    ],
    ['extend series_fft(series_add(d, 1))', ['d', 'series_fft__real', 'series_fft__imag']],
    ['serialize (x) = series_fft(d)', ['d', 'x']],
    [
      'serialize series_fft(d), n = row_number()',
      ['d', 'series_fft_d_real', 'series_fft_d_imag', 'n'],
    ],
  ])('%s', async (text, names) => {
    const rows = await objectsOf(`print d = dynamic([1, 1]) | ${text}`)
    expect(Object.keys(rows[0] ?? {}).sort()).toEqual(names.sort())
  })

  it('are computed once, and give typed values', async () => {
    const text =
      'range i from 1 to 3 step 1 | extend d = pack_array(i, i * 3) | extend (low, at) = series_stats(d) | project i, x = low + 0.5, at'
    expect(await rowsOf(text)).toEqual([
      [1n, 1.5, 0n],
      [2n, 2.5, 0n],
      [3n, 3.5, 0n],
    ])
  })
})

describe('bin_auto', () => {
  it.each<[string, unknown]>([
    ['set query_bin_auto_size=10; print bin_auto(17)', 10n],
    ['set query_bin_auto_size=10; set query_bin_auto_at=3; print bin_auto(17)', 13n],
    ['set query_bin_auto_size=0.5; print bin_auto(1.7)', 1.5],
  ])('%s', async (text, expected) => {
    expect(await rowsOf(text)).toEqual([[expected]])
  })

  it('needs a size', () => {
    expect(compileTest('print bin_auto(17)').diagnostics.map(item => item.code)).toEqual(['KS128'])
  })
})
