/** How values of a unit become values of the base unit of its quantity, and back. */
export interface Unit {
  readonly toBase: (value: number) => number
  readonly fromBase: (value: number) => number
}

/** The units of a quantity by their names. */
export type Units = ReadonlyMap<string, Unit>

/** The value in another unit; undefined where one of them is none of the quantity. */
export function converted(
  value: number,
  from: string,
  to: string,
  units: Units,
): number | undefined {
  const [source, target] = [units.get(from), units.get(to)]
  if (source === undefined || target === undefined) return undefined
  return source === target ? value : target.fromBase(source.toBase(value))
}

const SAME: Unit = { toBase: x => x, fromBase: x => x }

function times(factor: number): Unit {
  return { toBase: x => x * factor, fromBase: x => x / factor }
}

function divided(factor: number): Unit {
  return { toBase: x => x / factor, fromBase: x => x * factor }
}

const PREFIXES = {
  Nano: 1e-9,
  Micro: 1e-6,
  Milli: 1e-3,
  Centi: 1e-2,
  Deci: 1e-1,
  Deca: 1e1,
  Hecto: 1e2,
  Kilo: 1e3,
  Mega: 1e6,
  Giga: 1e9,
  Tera: 1e12,
}

/** The unit, and what its prefixes make of it. Of a cubic meter, too, they make a plain multiple. */
function prefixed(
  name: string,
  unit: Unit,
  prefixes: readonly (keyof typeof PREFIXES)[],
): (readonly [string, Unit])[] {
  const small = name.charAt(0).toLowerCase() + name.slice(1)
  const multiples = prefixes.map((prefix): readonly [string, Unit] => {
    const factor = PREFIXES[prefix]
    return [
      `${prefix}${small}`,
      { toBase: x => unit.toBase(x) * factor, fromBase: x => unit.fromBase(x) / factor },
    ]
  })
  return [[name, unit], ...multiples]
}

// The definitions are those of the open library UnitsNet before its release of July 2022: its units
// were then, in every quantity, exactly those that the documentation lists. Some are rounded, and an
// acre-foot shows in the documentation that this is what the service computes with. Their arithmetic
// is kept step by step, so that the last digit is the same.

export const ANGLE: Units = new Map([
  ...prefixed('Degree', SAME, ['Nano', 'Micro', 'Milli']),
  ...prefixed('Radian', { toBase: x => (x * 180) / Math.PI, fromBase: x => (x / 180) * Math.PI }, [
    'Nano',
    'Micro',
    'Milli',
    'Centi',
    'Deci',
  ]),
  ['Arcminute', divided(60)],
  ['Arcsecond', divided(3600)],
  ['Gradian', times(0.9)],
  ['NatoMil', { toBase: x => (x * 9) / 160, fromBase: x => (x * 160) / 9 }],
  ['Revolution', times(360)],
  [
    'Tilt',
    { toBase: x => (Math.asin(x) * 180) / Math.PI, fromBase: x => Math.sin((x / 180) * Math.PI) },
  ],
])

export const ENERGY: Units = new Map([
  ...prefixed('Joule', SAME, ['Milli', 'Kilo', 'Mega', 'Giga']),
  ...prefixed('Calorie', times(4.184), ['Kilo', 'Mega']),
  ...prefixed('BritishThermalUnit', times(1055.05585262), ['Kilo', 'Mega', 'Giga']),
  ...prefixed('ElectronVolt', times(1.602176565e-19), ['Kilo', 'Mega', 'Giga', 'Tera']),
  ['FootPound', times(1.355817948)],
  ['Erg', times(1e-7)],
  ...prefixed('WattHour', times(3600), ['Kilo', 'Mega', 'Giga', 'Tera']),
  ...prefixed('WattDay', { toBase: x => x * 24 * 3600, fromBase: x => x / (24 * 3600) }, [
    'Kilo',
    'Mega',
    'Giga',
    'Tera',
  ]),
  ...prefixed('ThermEc', times(105505585.262), ['Deca']),
  ...prefixed('ThermUs', times(105_480_400), ['Deca']),
  ...prefixed('ThermImperial', times(105505585.257348), ['Deca']),
  ['HorsepowerHour', times(2684519.5377)],
])

export const FORCE: Units = new Map([
  ...prefixed('Newton', SAME, ['Micro', 'Milli', 'Deca', 'Kilo', 'Mega']),
  ['Dyn', divided(100_000)],
  ['KilogramForce', times(9.80665002864)],
  ['TonneForce', times(9806.65002864)],
  ['KiloPond', times(9.80665002864)],
  ['Poundal', times(0.1382550279897304)],
  ...prefixed('PoundForce', times(4.448221615260509), ['Kilo']),
  ['OunceForce', times(0.2780138509537812)],
  ['ShortTonForce', times(8896.443230521)],
])

export const LENGTH: Units = new Map([
  ...prefixed('Meter', SAME, ['Nano', 'Micro', 'Milli', 'Centi', 'Deci', 'Deca', 'Hecto', 'Kilo']),
  ['Mile', times(1609.34)],
  ['Yard', times(0.9144)],
  ['Foot', times(0.3048)],
  ['UsSurveyFoot', { toBase: x => (x * 1200) / 3937, fromBase: x => (x * 3937) / 1200 }],
  ['Inch', times(0.0254)],
  ['Mil', times(2.54e-5)],
  ['NauticalMile', times(1852)],
  ['Fathom', times(1.8288)],
  ['Shackle', times(27.432)],
  ['Microinch', times(2.54e-8)],
  ['PrinterPoint', { toBase: x => (x / 72.27) * 0.0254, fromBase: x => (x / 0.0254) * 72.27 }],
  ['DtpPoint', { toBase: x => (x / 72) * 0.0254, fromBase: x => (x / 0.0254) * 72 }],
  ['PrinterPica', divided(237.106301584)],
  ['DtpPica', divided(236.220472441)],
  ['Twip', divided(56692.913385826)],
  ['Hand', times(0.1016)],
  ['AstronomicalUnit', times(149_597_870_700)],
  ...prefixed('Parsec', times(3.08567758128e16), ['Kilo', 'Mega']),
  ...prefixed('LightYear', times(9_460_730_472_580_000), ['Kilo', 'Mega']),
  ['SolarRadius', times(695_510_000)],
  ['Chain', times(20.1168)],
  ['Angstrom', times(1e-10)],
  ['DataMile', times(1828.8)],
])

export const MASS: Units = new Map([
  ...prefixed('Gram', divided(1000), [
    'Nano',
    'Micro',
    'Milli',
    'Centi',
    'Deci',
    'Deca',
    'Hecto',
    'Kilo',
  ]),
  ...prefixed('Tonne', times(1000), ['Kilo', 'Mega']),
  ['ShortTon', times(907.18474)],
  ['LongTon', times(1016.0469088)],
  ...prefixed('Pound', times(0.45359237), ['Kilo', 'Mega']),
  ['Ounce', divided(35.2739619)],
  ['Slug', divided(0.06852176556196105)],
  ['Stone', divided(0.1574731728702698)],
  ['ShortHundredweight', divided(0.022046226218487758)],
  ['LongHundredweight', divided(0.01968413055222121)],
  ['Grain', divided(15432.358352941432)],
  ['SolarMass', times(1.98947e30)],
  ['EarthMass', times(5.9722e24)],
])

export const SPEED: Units = new Map([
  ...prefixed('MeterPerSecond', SAME, ['Nano', 'Micro', 'Milli', 'Centi', 'Deci', 'Kilo']),
  ...prefixed('MeterPerMinute', divided(60), ['Nano', 'Micro', 'Milli', 'Centi', 'Deci', 'Kilo']),
  ...prefixed('MeterPerHour', divided(3600), ['Milli', 'Centi', 'Kilo']),
  ['FootPerSecond', times(0.3048)],
  ['FootPerMinute', { toBase: x => (x * 0.3048) / 60, fromBase: x => (x / 0.3048) * 60 }],
  ['FootPerHour', { toBase: x => (x * 0.3048) / 3600, fromBase: x => (x / 0.3048) * 3600 }],
  ['UsSurveyFootPerSecond', { toBase: x => (x * 1200) / 3937, fromBase: x => (x * 3937) / 1200 }],
  [
    'UsSurveyFootPerMinute',
    { toBase: x => (x * 1200) / 3937 / 60, fromBase: x => ((x * 3937) / 1200) * 60 },
  ],
  [
    'UsSurveyFootPerHour',
    { toBase: x => (x * 1200) / 3937 / 3600, fromBase: x => ((x * 3937) / 1200) * 3600 },
  ],
  ['InchPerSecond', times(0.0254)],
  ['InchPerMinute', { toBase: x => (x / 60) * 0.0254, fromBase: x => (x / 0.0254) * 60 }],
  ['InchPerHour', { toBase: x => (x / 3600) * 0.0254, fromBase: x => (x / 0.0254) * 3600 }],
  ['YardPerSecond', times(0.9144)],
  ['YardPerMinute', { toBase: x => (x * 0.9144) / 60, fromBase: x => (x / 0.9144) * 60 }],
  ['YardPerHour', { toBase: x => (x * 0.9144) / 3600, fromBase: x => (x / 0.9144) * 3600 }],
  ['Knot', times(0.514444)],
  ['MilePerHour', times(0.44704)],
])

export const TEMPERATURE: Units = new Map([
  ['Kelvin', SAME],
  ['DegreeCelsius', { toBase: x => x + 273.15, fromBase: x => x - 273.15 }],
  ['MillidegreeCelsius', { toBase: x => x / 1000 + 273.15, fromBase: x => (x - 273.15) * 1000 }],
  ['DegreeDelisle', { toBase: x => (x * -2) / 3 + 373.15, fromBase: x => ((x - 373.15) * -3) / 2 }],
  [
    'DegreeFahrenheit',
    {
      toBase: x => (x * 5) / 9 + (459.67 * 5) / 9,
      fromBase: x => ((x - (459.67 * 5) / 9) * 9) / 5,
    },
  ],
  [
    'DegreeNewton',
    { toBase: x => (x * 100) / 33 + 273.15, fromBase: x => ((x - 273.15) * 33) / 100 },
  ],
  ['DegreeRankine', { toBase: x => (x * 5) / 9, fromBase: x => (x * 9) / 5 }],
  ['DegreeReaumur', { toBase: x => (x * 5) / 4 + 273.15, fromBase: x => ((x - 273.15) * 4) / 5 }],
  [
    'DegreeRoemer',
    {
      toBase: x => (x * 40) / 21 + 273.15 - (7.5 * 40) / 21,
      fromBase: x => ((x - (273.15 - (7.5 * 40) / 21)) * 21) / 40,
    },
  ],
  ['SolarTemperature', times(5778)],
])

export const VOLUME: Units = new Map([
  ...prefixed('CubicMeter', SAME, ['Hecto', 'Kilo']),
  ...prefixed('Liter', divided(1000), [
    'Micro',
    'Milli',
    'Centi',
    'Deci',
    'Deca',
    'Hecto',
    'Kilo',
    'Mega',
  ]),
  ['CubicKilometer', times(1_000_000_000)],
  ['CubicHectometer', times(1_000_000)],
  ['CubicDecimeter', divided(1000)],
  ['CubicCentimeter', divided(1_000_000)],
  ['CubicMillimeter', divided(1_000_000_000)],
  ['CubicMicrometer', divided(1e18)],
  ['CubicMile', times(4168181825.44058)],
  ['CubicYard', times(0.764554858)],
  ...prefixed('CubicFoot', times(0.028316846592), ['Hecto', 'Kilo', 'Mega']),
  ['CubicInch', { toBase: x => x * 1.6387 * 1e-5, fromBase: x => x / (1.6387 * 1e-5) }],
  ...prefixed('ImperialGallon', times(0.0045460900000018145), ['Kilo', 'Mega']),
  ['ImperialOunce', times(2.84130624999629e-5)],
  ...prefixed('UsGallon', times(0.00378541), ['Deca', 'Deci', 'Hecto', 'Kilo', 'Mega']),
  ['UsOunce', times(2.9573529562537606e-5)],
  ['UsTablespoon', times(1.478676478125e-5)],
  ['AuTablespoon', times(2e-5)],
  ['UkTablespoon', times(1.5e-5)],
  ['MetricTeaspoon', times(5e-6)],
  ['UsTeaspoon', times(4.92892159375e-6)],
  ['MetricCup', times(0.00025)],
  ['UsCustomaryCup', times(0.0002365882365)],
  ['UsLegalCup', times(0.00024)],
  ['OilBarrel', times(0.158987294928)],
  ['UsBeerBarrel', times(0.1173477658)],
  ['ImperialBeerBarrel', times(0.16365924)],
  ['UsQuart', times(0.000946352946)],
  ['UsPint', times(0.000473176473)],
  ['AcreFoot', divided(0.000810714)],
  ['ImperialPint', times(0.00056826125)],
  ['BoardFoot', times(0.0023597372158)],
])
