import type { ScalarValue } from '../../../tables/vector.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { QueryError } from '../query-error.ts'
import {
  ANGLE,
  converted,
  ENERGY,
  FORCE,
  LENGTH,
  MASS,
  SPEED,
  TEMPERATURE,
  type Units,
  VOLUME,
} from './shared-units.ts'

function conversion(units: Units): readonly ScalarOverload[] {
  return [
    overload({
      params: ['real', 'string', 'string'],
      returns: 'real',
      nulls: 'propagate',
      prepare(constants) {
        for (const position of [1, 2]) requireCase(constants[position], position, units)
        return { each: (value, from, to) => converted(value, from, to, units) ?? null }
      },
    }),
  ]
}

/** Refuses a name that only upper and lower case make none: no documentation says what it is. */
function requireCase(name: ScalarValue | undefined, position: number, units: Units): void {
  if (typeof name !== 'string' || units.has(name)) return
  const known = [...units.keys()].find(unit => unit.toLowerCase() === name.toLowerCase())
  if (known === undefined) return
  const message = `The unit \`${name}\` is not supported; there is \`${known}\`.`
  throw new QueryError('KQL101', message, position)
}

/** @see https://learn.microsoft.com/kusto/query/convert-angle-function */
export const convert_angle = scalar({
  name: 'convert_angle',
  doc: 'An angle in another unit, with the names of units that the documentation lists; null for other names.',
  examples: [{ query: 'print r = convert_angle(1.2, "Degree", "Arcminute")', rows: [{ r: 72 }] }],
  overloads: conversion(ANGLE),
})

/** @see https://learn.microsoft.com/kusto/query/convert-energy-function */
export const convert_energy = scalar({
  name: 'convert_energy',
  doc: 'An energy in another unit, with the names of units that the documentation lists; null for other names.',
  examples: [
    {
      query: 'print r = round(convert_energy(1.2, "Joule", "BritishThermalUnit"), 17)',
      rows: [{ r: 0.00113738054437598 }],
    },
  ],
  overloads: conversion(ENERGY),
})

/** @see https://learn.microsoft.com/kusto/query/convert-force-function */
export const convert_force = scalar({
  name: 'convert_force',
  doc: 'A force in another unit, with the names of units that the documentation lists; null for other names.',
  examples: [
    { query: 'print r = convert_force(1.2, "Newton", "Decanewton")', rows: [{ r: 0.12 }] },
  ],
  overloads: conversion(FORCE),
})

/** @see https://learn.microsoft.com/kusto/query/convert-length-function */
export const convert_length = scalar({
  name: 'convert_length',
  doc: 'A length in another unit, with the names of units that the documentation lists; null for other names.',
  examples: [
    {
      query: 'print r = round(convert_length(1.2, "Meter", "Foot"), 14)',
      rows: [{ r: 3.93700787401575 }],
    },
    { query: 'print r = convert_length(1.2, "Parsec", "Unknown")', rows: [{ r: null }] },
  ],
  overloads: conversion(LENGTH),
})

/** @see https://learn.microsoft.com/kusto/query/convert-mass-function */
export const convert_mass = scalar({
  name: 'convert_mass',
  doc: 'A mass in another unit, with the names of units that the documentation lists; null for other names.',
  examples: [
    {
      query: 'print r = round(convert_mass(1.2, "Kilogram", "Pound"), 14)',
      rows: [{ r: 2.64554714621853 }],
    },
  ],
  overloads: conversion(MASS),
})

/** @see https://learn.microsoft.com/kusto/query/convert-speed-function */
export const convert_speed = scalar({
  name: 'convert_speed',
  doc: 'A speed in another unit, with the names of units that the documentation lists; null for other names.',
  examples: [
    {
      query: 'print r = convert_speed(1.2, "MeterPerSecond", "CentimeterPerHour")',
      rows: [{ r: 432_000 }],
    },
  ],
  overloads: conversion(SPEED),
})

/** @see https://learn.microsoft.com/kusto/query/convert-temperature-function */
export const convert_temperature = scalar({
  name: 'convert_temperature',
  doc: 'A temperature in another unit, with the names of units that the documentation lists; null for other names.',
  examples: [
    {
      query: 'print r = convert_temperature(1.2, "Kelvin", "DegreeCelsius")',
      rows: [{ r: -271.95 }],
    },
  ],
  overloads: conversion(TEMPERATURE),
})

/** @see https://learn.microsoft.com/kusto/query/convert-volume-function */
export const convert_volume = scalar({
  name: 'convert_volume',
  doc: 'A volume in another unit, with the names of units that the documentation lists; null for other names.',
  examples: [
    {
      query: 'print r = convert_volume(1.2, "CubicMeter", "AcreFoot")',
      rows: [{ r: 0.0009728568 }],
    },
  ],
  overloads: conversion(VOLUME),
})
