import { decimalOf } from '../../../types/decimal.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { csvFields } from './csv-record.ts'
import { queryParameters, urlParts } from './url-text.ts'

function textToDynamic(each: (text: string) => Dynamic): ScalarOverload {
  return overload({ params: ['string'], returns: 'dynamic', nulls: 'propagate', each })
}

/** @see https://learn.microsoft.com/kusto/query/parse-url-function */
export const parseUrl = scalar({
  name: 'parse_url',
  aliases: ['parseurl'],
  doc: 'A bag of the parts of a URL; parts that it lacks are empty.',
  examples: [
    {
      query:
        'print r = parse_url("scheme://username:password@host:1234/this/is/a/path?k1=v1&k2=v2#fragment")',
      rows: [
        {
          r: {
            Scheme: 'scheme',
            Host: 'host',
            Port: '1234',
            Path: '/this/is/a/path',
            Username: 'username',
            Password: 'password',
            'Query Parameters': { k1: 'v1', k2: 'v2' },
            Fragment: 'fragment',
          },
        },
      ],
    },
  ],
  overloads: [textToDynamic(urlParts)],
})

/** @see https://learn.microsoft.com/kusto/query/parse-url-query-function */
export const parseUrlquery = scalar({
  name: 'parse_urlquery',
  aliases: ['parseurlquery'],
  doc: 'A bag with the parameters of a URL\'s query as the bag "Query Parameters".',
  examples: [
    {
      query: 'print r = parse_urlquery("k1=v1&k2=v2")',
      rows: [{ r: { 'Query Parameters': { k1: 'v1', k2: 'v2' } } }],
    },
  ],
  overloads: [textToDynamic(query => new Map([['Query Parameters', queryParameters(query)]]))],
})

/** @see https://learn.microsoft.com/kusto/query/parse-csv-function */
export const parseCsv = scalar({
  name: 'parse_csv',
  naming: 'argument',
  doc: 'An array of the fields of the first record of comma-separated text; a field in quotes may hold commas, line ends and doubled quotes.',
  examples: [
    {
      query: `print r = parse_csv('aa,"b,b",cc,"a ""Title"""')`,
      rows: [{ r: ['aa', 'b,b', 'cc', 'a "Title"'] }],
    },
  ],
  overloads: [textToDynamic(csvFields)],
})

const VERSION = /^\d{1,8}(?:\.\d{1,8}){0,3}$/

/** @see https://learn.microsoft.com/kusto/query/parse-version-function */
export const parseVersion = scalar({
  name: 'parse_version',
  doc: 'A decimal by which versions of up to four numbers of at most eight digits compare; null where the text is none.',
  examples: [
    {
      query:
        'print a = parse_version("1.2.3.4") < parse_version("1.10"), b = parse_version("0.0.0.5") == decimal(5), c = parse_version("1.x")',
      rows: [{ a: true, b: true, c: null }],
    },
  ],
  overloads: [
    overload({
      params: ['string'],
      returns: 'decimal',
      nulls: 'propagate',
      each(version) {
        if (!VERSION.test(version)) return null
        const parts = version.split('.')
        const digits = [0, 1, 2, 3].map(at => (parts[at] ?? '0').padStart(8, '0'))
        return decimalOf(digits.join(''))
      },
    }),
  ],
})
