import { formatIpv6, maskIpv6, parseIpv6 } from '../../../types/ip-address.ts'
import { overload, scalar } from '../declare.ts'
import {
  compareIpv6Texts,
  inIpv6Range,
  parseComparedIpv6,
  prefixOf,
  type RangeTest,
  rangeTest,
} from './shared-ip.ts'
import { anyRangeOverloads, rangeOverload } from './shared-ip-overloads.ts'

function inRanges(ranges: readonly string[]): RangeTest {
  return rangeTest(ranges, parseComparedIpv6, inIpv6Range)
}

/** The canonical text of the bits that the prefixes keep; empty where a part of it is none. */
function canonical(text: string, extra?: bigint): string {
  const ip = parseIpv6(text)
  const prefix = prefixOf(extra, 128)
  if (ip === null || prefix === null) return ''
  return formatIpv6(maskIpv6(ip.words, Math.min(ip.prefix, prefix)))
}

/** @see https://learn.microsoft.com/kusto/query/parse-ipv6-function */
export const parse_ipv6 = scalar({
  name: 'parse_ipv6',
  doc: 'The IPv6 or IPv4 address as eight groups of four hexadecimal digits, of which its prefix keeps the first bits. Empty where it is no address.',
  examples: [
    {
      query: "print r = parse_ipv6('192.168.255.255/24')",
      rows: [{ r: '0000:0000:0000:0000:0000:ffff:c0a8:ff00' }],
    },
    {
      query: "print r = parse_ipv6('fe80::85d:e82c:9446:7994')",
      rows: [{ r: 'fe80:0000:0000:0000:085d:e82c:9446:7994' }],
    },
  ],
  overloads: [
    overload({
      params: ['string'],
      returns: 'string',
      nulls: 'propagate',
      each: text => canonical(text),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/parse-ipv6-mask-function */
export const parse_ipv6_mask = scalar({
  name: 'parse_ipv6_mask',
  doc: 'The IPv6 or IPv4 address as eight groups of four hexadecimal digits, of which the shorter of its prefix and the argument, 0 to 128, keeps the first bits. Empty where an argument is null or none.',
  examples: [
    {
      query: "print r = parse_ipv6_mask('fe80::85d:e82c:9446:7994', 120)",
      rows: [{ r: 'fe80:0000:0000:0000:085d:e82c:9446:7900' }],
    },
  ],
  overloads: [
    overload({
      params: ['string', 'long'],
      returns: 'string',
      nulls: 'propagate',
      each: canonical,
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/ipv6-compare-function */
export const ipv6_compare = scalar({
  name: 'ipv6_compare',
  doc: '-1, 0 or 1 as the first IPv6 or IPv4 address is below, equal to or above the second in the bits that the shortest prefix keeps: theirs, and the argument. null where an address or the prefix is none.',
  examples: [
    { query: "print r = ipv6_compare('192.168.1.1', '::ffff:c0a8:0101')", rows: [{ r: 0 }] },
    { query: "print r = ipv6_compare('fe80::2', 'fe80::1')", rows: [{ r: 1 }] },
  ],
  overloads: [
    overload({
      params: ['string', 'string', 'long'],
      required: 2,
      returns: 'long',
      nulls: 'propagate',
      each(a: string, b: string, prefix?: bigint) {
        const order = compareIpv6Texts(a, b, prefix)
        return order === null ? null : BigInt(order)
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/ipv6-is-match-function */
export const ipv6_is_match = scalar({
  name: 'ipv6_is_match',
  doc: 'Whether two IPv6 or IPv4 addresses agree in the bits that the shortest prefix keeps: theirs, and the argument. null where an address or the prefix is none.',
  examples: [
    { query: "print r = ipv6_is_match('fe80::1/120', 'fe80::2')", rows: [{ r: true }] },
    { query: "print r = ipv6_is_match('fe80::1', 'fe80::2')", rows: [{ r: false }] },
  ],
  overloads: [
    overload({
      params: ['string', 'string', 'long'],
      required: 2,
      returns: 'bool',
      nulls: 'propagate',
      each(a: string, b: string, prefix?: bigint) {
        const order = compareIpv6Texts(a, b, prefix)
        return order === null ? null : order === 0
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/ipv6-is-in-range-function */
export const ipv6_is_in_range = scalar({
  name: 'ipv6_is_in_range',
  doc: 'Whether the IPv6 or IPv4 network holds the address. null where either cannot be read.',
  examples: [
    { query: "print r = ipv6_is_in_range('fe80::1', 'fe80::/64')", rows: [{ r: true }] },
    { query: "print r = ipv6_is_in_range('fe81::1', 'fe80::/64')", rows: [{ r: false }] },
  ],
  overloads: [rangeOverload(inRanges)],
})

/** @see https://learn.microsoft.com/kusto/query/ipv6-is-in-any-range-function */
export const ipv6_is_in_any_range = scalar({
  name: 'ipv6_is_in_any_range',
  doc: 'Whether any of the IPv6 or IPv4 networks, given as arguments or in a dynamic array, holds the address. null where the address, or every one of the networks, cannot be read.',
  examples: [
    {
      query: "print r = ipv6_is_in_any_range('fe80::1', dynamic(['fd00::/8', 'fe80::/64']))",
      rows: [{ r: true }],
    },
  ],
  overloads: anyRangeOverloads(inRanges),
})
