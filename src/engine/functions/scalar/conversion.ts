import type { ScalarValue } from '../../../tables/vector.ts'
import { conversion, dynamicFromString, guidFromDynamic } from '../../../types/convert.ts'
import { elementAt, memberOf } from '../../../types/dynamic.ts'
import { dynamicToText } from '../../../types/dynamic-json.ts'
import { leadingGuid } from '../../../types/guid.ts'
import { storeSafe } from '../../../types/number.ts'
import { SCALAR_TYPES, type ScalarType } from '../../../types/scalar-type.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { packer } from '../dynamic-value.ts'
import { typeName } from './type-name.ts'

/**
 * An overload for each of the types. A value that has no counterpart is null, and so is every value
 * of a type that does not convert, as in `tobool(datetime)`: KQL takes it all the same.
 */
function conversionsTo(
  to: ScalarType,
  types: readonly ScalarType[] = SCALAR_TYPES,
): readonly ScalarOverload[] {
  return types.map(from => {
    const convert: ((value: never) => ScalarValue) | undefined = conversion(from, to)
    return overload({
      params: [from],
      returns: to,
      nulls: 'propagate',
      each: value => (convert === undefined ? null : convert(value as never)),
    })
  })
}

function typesBut(...types: readonly ScalarType[]): readonly ScalarType[] {
  return SCALAR_TYPES.filter(type => !types.includes(type))
}

/** @see https://learn.microsoft.com/kusto/query/tostring-function */
export const tostring = scalar({
  name: 'tostring',
  doc: 'The text of a value; the empty string for null.',
  naming: 'argument',
  examples: [
    {
      query:
        'print a = tostring(1.0), b = tostring(true), c = tostring(1d + 2h), d = tostring(int(null))',
      rows: [{ a: '1.0', b: 'True', c: '1.02:00:00', d: '' }],
    },
    { query: `print r = tostring(dynamic({"a": [1, true]}))`, rows: [{ r: '{"a":[1,true]}' }] },
  ],
  overloads: [
    overload({
      params: ['string'],
      returns: 'string',
      nulls: 'propagate',
      reuse: ([x]) => x,
      kernel([x], out, selection) {
        const { dict, codes } = x
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          out.dict[row] = dict[codes[row]!]!
        }
      },
    }),
    overload({
      params: ['dynamic'],
      returns: 'string',
      nulls: 'propagate',
      reuse: ([x]) => x.texts,
      kernel([x], out, selection) {
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          out.dict[row] = dynamicToText(x.at(row))
        }
      },
    }),
    ...conversionsTo('string', typesBut('string', 'dynamic')),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/toint-function */
export const toint = scalar({
  name: 'toint',
  doc: 'The value as an int: a real is cut, a long wraps; null where a text is none.',
  naming: 'argument',
  examples: [
    {
      query: `print a = toint("123"), b = toint(2.3), c = toint("3.14"), d = toint(2147483648)`,
      rows: [{ a: 123, b: 2, c: null, d: -2147483648 }],
    },
  ],
  overloads: conversionsTo('int'),
})

/** @see https://learn.microsoft.com/kusto/query/tolong-function */
export const tolong = scalar({
  name: 'tolong',
  doc: 'The value as a long: a real is cut, a datetime or timespan gives its ticks; null where a text is none.',
  naming: 'argument',
  examples: [
    {
      query: `print a = tolong("0x1F"), b = tolong(-2.9), c = tolong(1s), d = tolong("abc")`,
      rows: [{ a: 31, b: -2, c: 10000000, d: null }],
    },
  ],
  overloads: [
    overload({
      params: ['int'],
      returns: 'long',
      nulls: 'propagate',
      kernel([x], out, selection) {
        const { values } = x
        const { halves } = out
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          storeSafe(halves, row, values[row]!)
        }
      },
    }),
    ...conversionsTo('long', typesBut('int')),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/toreal-function */
export const toreal = scalar({
  name: 'toreal',
  aliases: ['todouble'],
  doc: 'The value as a real; null where a text is none.',
  naming: 'argument',
  examples: [
    {
      query: `print a = toreal("1e3"), b = todouble(5), c = toreal("1,234")`,
      rows: [{ a: 1000, b: 5, c: null }],
    },
  ],
  overloads: conversionsTo('real'),
})

/** @see https://learn.microsoft.com/kusto/query/todecimal-function */
export const todecimal = scalar({
  name: 'todecimal',
  doc: 'The value as a decimal of 34 digits; null where a text is none.',
  naming: 'argument',
  examples: [
    { query: 'print r = todecimal("123.45678") == decimal(123.45678)', rows: [{ r: true }] },
  ],
  overloads: conversionsTo('decimal'),
})

/** @see https://learn.microsoft.com/kusto/query/tobool-function */
export const tobool = scalar({
  name: 'tobool',
  aliases: ['toboolean'],
  doc: 'The value as a bool: "true" and "false" in any case, a number where it is not 0; null where a text is none.',
  naming: 'argument',
  examples: [
    {
      query: `print a = tobool("tRuE"), b = tobool(0), c = tobool("yes")`,
      rows: [{ a: true, b: false, c: null }],
    },
  ],
  overloads: conversionsTo('bool'),
})

/** @see https://learn.microsoft.com/kusto/query/todatetime-function */
export const todatetime = scalar({
  name: 'todatetime',
  doc: 'The value as a datetime: a text in any of the supported formats, a number as ticks; null where it is none.',
  naming: 'argument',
  examples: [
    {
      query: `print a = todatetime("2015-12-31 23:59:59.9"), b = todatetime("12-02-2022"), c = todatetime("x")`,
      rows: [{ a: '2015-12-31T23:59:59.9000000Z', b: '2022-12-02T00:00:00.0000000Z', c: null }],
    },
  ],
  overloads: conversionsTo('datetime'),
})

/** @see https://learn.microsoft.com/kusto/query/totimespan-function */
export const totimespan = scalar({
  name: 'totimespan',
  aliases: ['totime'],
  doc: 'The value as a timespan: a text as a clock or with a unit, a number as ticks; null where it is none.',
  naming: 'argument',
  examples: [
    {
      query: `print a = totimespan("0.00:03:00"), b = totimespan("90s"), c = totimespan("x")`,
      rows: [{ a: '00:03:00', b: '00:01:30', c: null }],
    },
  ],
  overloads: conversionsTo('timespan'),
})

/** @see https://learn.microsoft.com/kusto/query/toguid-function */
export const toguid = scalar({
  name: 'toguid',
  doc: 'The guid at the start of the text, what follows it is ignored; null where there is none.',
  naming: 'argument',
  examples: [
    {
      query: `print a = toguid("0123456789ab-cdef-0123-456789abcdef"), b = toguid("none")`,
      rows: [{ a: '01234567-89ab-cdef-0123-456789abcdef', b: null }],
    },
  ],
  overloads: [
    overload({
      params: ['string'],
      returns: 'guid',
      nulls: 'propagate',
      each: text => leadingGuid(text),
    }),
    overload({
      params: ['dynamic'],
      returns: 'guid',
      nulls: 'propagate',
      each: value => (typeof value === 'string' ? leadingGuid(value) : guidFromDynamic(value)),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/parse-json-function */
export const parseJson = scalar({
  name: 'parse_json',
  aliases: ['todynamic', 'parsejson', 'toobject'],
  doc: 'The value of a JSON text; text that is not JSON stays a string, and the empty text is null. A dynamic stays what it is.',
  naming: 'argument',
  examples: [
    {
      query: `print a = parse_json('{"x": [1, 2.0]}'), b = parse_json("not json"), c = parse_json("")`,
      rows: [{ a: { x: [1, 2] }, b: 'not json', c: null }],
    },
  ],
  overloads: [
    overload({
      params: ['string'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: text => dynamicFromString(text),
    }),
    overload({
      params: ['dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      kernel([x], out, selection) {
        for (let k = 0; k < selection.length; k++) {
          const row = selection[k]!
          out.values[row] = x.values[row]!
        }
      },
    }),
  ],
})

/** Wraps a scalar into a dynamic that holds it: text stays text, also where it is JSON. */
export const toDynamic = scalar({
  name: '$dynamic',
  doc: 'The value as a dynamic that holds it; null for null.',
  examples: [],
  overloads: SCALAR_TYPES.map(from =>
    overload({
      params: [from],
      returns: 'dynamic',
      nulls: 'propagate',
      prepare: () => ({ each: packer(from) }),
    }),
  ),
})

/** @see https://learn.microsoft.com/kusto/query/scalar-data-types/dynamic#dynamic-object-accessors */
export const index = scalar({
  name: '$index',
  doc: 'The element of an array at a position, from the end where it is negative, or the slot of a bag by name; null where there is none.',
  examples: [
    {
      query: 'print d = dynamic([10, 20]), i = -1 | project r = d[i]',
      rows: [{ r: 20 }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'string'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: (value, name) => memberOf(value, name),
    }),
    overload({
      params: ['dynamic', 'long'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: (value, position) => elementAt(value, Number(position)),
    }),
    overload({
      params: ['dynamic', 'dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      each(value, key) {
        if (typeof key === 'string') return memberOf(value, key)
        return typeof key === 'number' && Number.isInteger(key) ? elementAt(value, key) : null
      },
    }),
  ],
})

function hexDigits(minimum: bigint): number {
  return minimum < 1n ? 1 : minimum > 16n ? 16 : Number(minimum)
}

/** @see https://learn.microsoft.com/kusto/query/tohex-function */
export const tohex = scalar({
  name: 'tohex',
  doc: "Hexadecimal digits of an int or long, filled with zeros to a length of at most 16; a negative number as its two's complement. Empty for null.",
  naming: 'argument',
  examples: [
    {
      query: 'print a = tohex(256), b = tohex(-256), c = tohex(toint(-256), 8), d = tohex(256, 8)',
      rows: [{ a: '100', b: 'ffffffffffffff00', c: 'ffffff00', d: '00000100' }],
    },
  ],
  overloads: [
    overload({
      params: ['int'],
      returns: 'string',
      nulls: 'propagate',
      each: value => (value >>> 0).toString(16),
    }),
    overload({
      params: ['int', 'long'],
      returns: 'string',
      nulls: 'propagate',
      each: (value, minimum) => (value >>> 0).toString(16).padStart(hexDigits(minimum), '0'),
    }),
    overload({
      params: ['long'],
      returns: 'string',
      nulls: 'propagate',
      each: value => BigInt.asUintN(64, value).toString(16),
    }),
    overload({
      params: ['long', 'long'],
      returns: 'string',
      nulls: 'propagate',
      each: (value, minimum) =>
        BigInt.asUintN(64, value).toString(16).padStart(hexDigits(minimum), '0'),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/gettype-function */
export const gettype = scalar({
  name: 'gettype',
  naming: { prefix: 'type' },
  doc: 'The name of the value\'s type; of a dynamic, that of what it holds: "array", "dictionary", "null".',
  examples: [
    {
      query: `print a = gettype(1), b = gettype(1.5), c = gettype(dynamic([1])), d = gettype(dynamic({})), e = gettype(dynamic(null))`,
      rows: [{ a: 'long', b: 'real', c: 'array', d: 'dictionary', e: 'null' }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic'],
      returns: 'string',
      nulls: 'handled',
      each: value => typeName(value),
    }),
    overload({
      params: ['notDynamic'],
      returns: 'string',
      nulls: 'handled',
      prepare: (_constants, _context, [type]) => ({ each: () => type as string }),
    }),
  ],
})
