import { describe, expect, it } from 'vitest'
import * as all from '../../../src/engine/functions/scalar/shared-units.ts'
import { compileTest, rowsOf } from '../engine/run-query.ts'

const QUANTITIES = {
  angle: all.ANGLE,
  energy: all.ENERGY,
  force: all.FORCE,
  length: all.LENGTH,
  mass: all.MASS,
  speed: all.SPEED,
  temperature: all.TEMPERATURE,
  volume: all.VOLUME,
}

async function computed(expression: string): Promise<unknown> {
  return (await rowsOf(`print ${expression}`))[0]?.[0]
}

describe('convert', () => {
  it.each([
    ['convert_angle(1, "Revolution", "Degree")', 360],
    ['convert_angle(0.5, "Revolution", "Radian")', Math.PI],
    ['convert_angle(30, "Degree", "Tilt")', 0.5],
    ['convert_angle(6400, "NatoMil", "Revolution")', 1],
    ['convert_energy(1, "KilowattHour", "Megajoule")', 3.6],
    ['convert_energy(1, "WattDay", "WattHour")', 24],
    ['convert_force(1, "PoundForce", "OunceForce")', 16],
    ['convert_force(1, "Newton", "Dyn")', 1e5],
    ['convert_length(1, "Mile", "Meter")', 1609.34],
    ['convert_length(1, "Fathom", "Foot")', 6],
    ['convert_length(1, "Kiloparsec", "Parsec")', 1000],
    ['convert_mass(1, "ShortTon", "Pound")', 2000],
    ['convert_mass(1, "Tonne", "Gram")', 1e6],
    ['convert_speed(36, "KilometerPerHour", "MeterPerSecond")', 10],
    ['convert_temperature(212, "DegreeFahrenheit", "DegreeCelsius")', 100],
    ['convert_temperature(100, "DegreeCelsius", "DegreeReaumur")', 80],
    ['convert_temperature(0, "DegreeCelsius", "DegreeDelisle")', 150],
    ['convert_temperature(100, "DegreeCelsius", "DegreeRoemer")', 60],
    ['convert_volume(1, "MetricCup", "Milliliter")', 250],
    ['convert_volume(1, "HectocubicMeter", "CubicMeter")', 100],
  ])('computes %s', async (expression, value) => {
    expect(await computed(expression)).toBeCloseTo(value, 6)
  })

  it.each([
    ['convert_length(real(null), "Meter", "Foot")', null],
    ['convert_length(1.5, "Meter", "Meter")', 1.5],
    ['convert_length(1.5, "", "Meter")', null],
    ['convert_length(1.5, "Liter", "Meter")', null],
    ['convert_angle(2, "Tilt", "Degree")', 'NaN'],
  ])('gives %s', async (expression, value) => {
    const found = await computed(expression)
    expect(Number.isNaN(found) ? 'NaN' : found).toBe(value)
  })

  it.each(Object.keys(QUANTITIES) as (keyof typeof QUANTITIES)[])(
    'gives each unit of %s back as it was',
    quantity => {
      const units = QUANTITIES[quantity]
      for (const from of units.keys()) {
        for (const to of units.keys()) {
          const there = all.converted(0.5, from, to, units) ?? Number.NaN
          // Of an angle beyond a quarter turn the tilt says less.
          if (Number.isNaN(there) || (to === 'Tilt' && from !== 'Tilt')) continue
          const back = all.converted(there, to, from, units)
          expect(back, `${from} ${to}`).toBeCloseTo(0.5, 4)
        }
      }
    },
  )

  it('refuses a name in another case', () => {
    const { diagnostics } = compileTest('print convert_length(1, "meter", "Foot")')
    expect(diagnostics).toMatchObject([{ code: 'KQL101', span: { start: 24 } }])
  })
})
