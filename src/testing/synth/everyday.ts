import type { ScalarValue } from '../../tables/vector.ts'
import {
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
} from '../../types/datetime.ts'
import { decimalOf } from '../../types/decimal.ts'
import type { ScalarType } from '../../types/scalar-type.ts'

/** A value that nothing is said of, by the name of its column; `n` makes different ones. */
export function everydayText(name: string, n: number): string {
  const number = n === 0 ? '' : String(n)
  if (/ip.?addr|^ip$|clientip|ipaddress|callerip/i.test(name)) return address(n)
  if (/principalname|upn|mail|^user$|username|initiat|^identity$|actor|account/i.test(name)) {
    return `avery.lind${number}@contoso.example`
  }
  if (/country|^location$/i.test(name)) return COUNTRIES[n % COUNTRIES.length] ?? 'US'
  if (/(^|[a-z_])id$/i.test(name)) return guidText(n)
  if (/displayname/i.test(name)) return `Contoso App${n === 0 ? '' : ` ${n}`}`
  if (/resulttype/i.test(name)) return String(n)
  if (/agent/i.test(name)) return `Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edge/1${n}.0`
  return `sample${number}`
}

const COUNTRIES = ['US', 'DE', 'FR', 'BR', 'JP', 'IN', 'ZA', 'AU', 'SE', 'PL', 'CL', 'KE']

function address(n: number): string {
  return `203.0.${113 + (Math.floor(n / 240) % 140)}.${10 + (n % 240)}`
}

function guidText(n: number): string {
  return `00000000-0000-4000-8000-${String(n + 1).padStart(12, '0')}`
}

/** Values of a type that are worth a try, the plainest first. */
export function everydayValues(
  type: ScalarType,
  name: string,
  n: number,
  now: bigint,
): ScalarValue[] {
  switch (type) {
    case 'string':
      return [everydayText(name, n), ...TEXTS, address(n), guidText(n), '']
    case 'bool':
      return [true, false, null]
    case 'int':
      return [n + 1, 0, 2, 3, 5, 10, 100, 1000, -1, null]
    case 'long':
      return [n + 1, 0, 2, 3, 5, 10, 100, 1000, -1]
        .map(each => BigInt(each))
        .concat() as ScalarValue[]
    case 'real':
      return [n + 1, 0, 0.5, 2, 10, 100, 1000, -1, null]
    case 'decimal':
      return [1, 0, 10, 100].map(each => decimalOf(each + n))
    case 'datetime':
      return [...times(now, BigInt(n)), null]
    case 'timespan':
      return [TICKS_PER_MINUTE, TICKS_PER_HOUR, TICKS_PER_SECOND, TICKS_PER_DAY, 0n, null]
    case 'guid':
      return [guidText(n), null]
    case 'dynamic':
      return [everydayText(name, n), ...TEXTS, address(n), n, 0, 1, 100, true, false, null]
  }
}

const TEXTS: readonly string[] = [
  '0',
  '1',
  'true',
  'false',
  '10.0.0.7',
  'success',
  'failure',
  'avery.lind@contoso.example',
  '12345',
  'AB-CD',
  'http://contoso.example/path',
  '2001:db8::7',
  '[]',
  '{}',
]

/** Times before now: close to it, then of every hour and weekday, then further away. */
function times(now: bigint, n: bigint): bigint[] {
  const start = now - TICKS_PER_HOUR / 2n - n * TICKS_PER_SECOND
  const hours = Array.from({ length: 24 }, (_, hour) => start - BigInt(hour) * TICKS_PER_HOUR)
  const days = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 10n, 14n, 20n, 30n, 60n, 90n, 400n]
  const spread = days.flatMap(day => [
    start - day * TICKS_PER_DAY,
    start - day * TICKS_PER_DAY - 9n * TICKS_PER_HOUR,
  ])
  return [...hours, ...spread, start - TICKS_PER_MINUTE, now]
}
