import { formatIpv4, maskIpv4, parseIpv4 } from '../../../types/ip-address.ts'
import { overload, scalar } from '../declare.ts'
import {
  cidrBlocks,
  compareIpv4Texts,
  inIpv4Range,
  ipv4Finder,
  ipv4PrefixFinder,
  maskedIpv4,
  prefixOf,
  type RangeTest,
  rangeTest,
} from './shared-ip.ts'
import {
  anyRangeOverloads,
  anyTextOverloads,
  rangeOverload,
  textOverload,
} from './shared-ip-overloads.ts'

function inRanges(ranges: readonly string[]): RangeTest {
  return rangeTest(ranges, parseIpv4, inIpv4Range)
}

const isPrivate = inRanges(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'])

/** @see https://learn.microsoft.com/kusto/query/ipv4-is-private-function */
export const ipv4_is_private = scalar({
  name: 'ipv4_is_private',
  doc: 'Whether the IPv4 address is in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16. null where it is no address.',
  examples: [
    { query: "print r = ipv4_is_private('192.168.1.1/24')", rows: [{ r: true }] },
    { query: "print r = ipv4_is_private('127.0.0.1')", rows: [{ r: false }] },
    { query: "print r = ipv4_is_private('localhost')", rows: [{ r: null }] },
  ],
  overloads: [
    overload({ params: ['string'], returns: 'bool', nulls: 'propagate', each: isPrivate }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/ipv4-is-in-range-function */
export const ipv4_is_in_range = scalar({
  name: 'ipv4_is_in_range',
  doc: 'Whether the IPv4 network holds the address. null where either cannot be read.',
  examples: [
    { query: "print r = ipv4_is_in_range('192.168.1.1', '192.168.1.255/24')", rows: [{ r: true }] },
    { query: "print r = ipv4_is_in_range('192.168.1.1', 'x')", rows: [{ r: null }] },
  ],
  overloads: [rangeOverload(inRanges)],
})

/** @see https://learn.microsoft.com/kusto/query/ipv4-is-in-any-range-function */
export const ipv4_is_in_any_range = scalar({
  name: 'ipv4_is_in_any_range',
  doc: 'Whether any of the IPv4 networks, given as arguments or in a dynamic array, holds the address. null where the address, or every one of the networks, cannot be read.',
  examples: [
    {
      query: "print r = ipv4_is_in_any_range('192.168.1.6', '10.0.0.1/8', '192.168.1.1/24')",
      rows: [{ r: true }],
    },
    {
      query: "print r = ipv4_is_in_any_range('1.1.1.1', dynamic(['10.0.0.1/8', '127.0.0.1/8']))",
      rows: [{ r: false }],
    },
  ],
  overloads: anyRangeOverloads(inRanges),
})

/** @see https://learn.microsoft.com/kusto/query/ipv4-is-match-function */
export const ipv4_is_match = scalar({
  name: 'ipv4_is_match',
  doc: 'Whether two IPv4 addresses agree in the bits that the shortest prefix keeps: theirs, and the argument. null where an address or the prefix is none.',
  examples: [
    { query: "print r = ipv4_is_match('192.168.1.1/24', '192.168.1.255')", rows: [{ r: true }] },
    { query: "print r = ipv4_is_match('192.168.1.1', '192.168.1.0', 32)", rows: [{ r: false }] },
  ],
  overloads: [
    overload({
      params: ['string', 'string', 'long'],
      required: 2,
      returns: 'bool',
      nulls: 'propagate',
      each(a: string, b: string, prefix?: bigint) {
        const order = compareIpv4Texts(a, b, prefix)
        return order === null ? null : order === 0
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/ipv4-compare-function */
export const ipv4_compare = scalar({
  name: 'ipv4_compare',
  doc: '-1, 0 or 1 as the first IPv4 address is below, equal to or above the second in the bits that the shortest prefix keeps: theirs, and the argument. null where an address or the prefix is none.',
  examples: [
    { query: "print r = ipv4_compare('192.168.1.1/24', '192.168.1.255')", rows: [{ r: 0 }] },
    { query: "print r = ipv4_compare('10.0.0.1', '192.168.1.1')", rows: [{ r: -1 }] },
  ],
  overloads: [
    overload({
      params: ['string', 'string', 'long'],
      required: 2,
      returns: 'long',
      nulls: 'propagate',
      each(a: string, b: string, prefix?: bigint) {
        const order = compareIpv4Texts(a, b, prefix)
        return order === null ? null : BigInt(order)
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/ipv4-netmask-suffix-function */
export const ipv4_netmask_suffix = scalar({
  name: 'ipv4_netmask_suffix',
  doc: 'The length of the prefix of an IPv4 address, 32 where it has none. null where it is no address.',
  examples: [
    { query: "print r = ipv4_netmask_suffix('192.168.1.1/24')", rows: [{ r: 24 }] },
    { query: "print r = ipv4_netmask_suffix('10.1.2.3')", rows: [{ r: 32 }] },
  ],
  overloads: [
    overload({
      params: ['string'],
      returns: 'long',
      nulls: 'propagate',
      each(text) {
        const ip = parseIpv4(text)
        return ip === null ? null : BigInt(ip.prefix)
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/ipv4-range-to-cidr-list-function */
export const ipv4_range_to_cidr_list = scalar({
  name: 'ipv4_range_to_cidr_list',
  doc: 'The networks that make up the IPv4 addresses from the first to the second, none where that is above. null where either is no address.',
  examples: [
    {
      query: "print r = ipv4_range_to_cidr_list('1.1.128.0', '1.1.140.255')",
      rows: [{ r: ['1.1.128.0/21', '1.1.136.0/22', '1.1.140.0/24'] }],
    },
  ],
  overloads: [
    overload({
      params: ['string', 'string'],
      returns: 'dynamic',
      nulls: 'propagate',
      each(first, last) {
        const start = parseIpv4(first)
        const end = parseIpv4(last)
        if (start === null || end === null) return null
        const blocks = cidrBlocks(maskedIpv4(start, 32), maskedIpv4(end, 32))
        return blocks.map(({ address, prefix }) => `${formatIpv4(address)}/${prefix}`)
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/parse-ipv4-function */
export const parse_ipv4 = scalar({
  name: 'parse_ipv4',
  doc: 'The number of an IPv4 address, of which its prefix keeps the first bits. null where it is no address.',
  examples: [
    { query: "print r = parse_ipv4('192.168.1.1')", rows: [{ r: 3232235777 }] },
    { query: "print r = parse_ipv4('192.168.1.1/24')", rows: [{ r: 3232235776 }] },
  ],
  overloads: [
    overload({
      params: ['string'],
      returns: 'long',
      nulls: 'propagate',
      each(text) {
        const ip = parseIpv4(text)
        return ip === null ? null : BigInt(maskedIpv4(ip, 32))
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/parse-ipv4-mask-function */
export const parse_ipv4_mask = scalar({
  name: 'parse_ipv4_mask',
  doc: 'The number of an IPv4 address, of which the shorter of its prefix and the argument keeps the first bits. null where the address or the prefix is none.',
  examples: [{ query: "print r = parse_ipv4_mask('127.0.0.1', 24)", rows: [{ r: 2130706432 }] }],
  overloads: [
    overload({
      params: ['string', 'long'],
      returns: 'long',
      nulls: 'propagate',
      each(text, bits) {
        const ip = parseIpv4(text)
        const prefix = prefixOf(bits, 32)
        return ip === null || prefix === null ? null : BigInt(maskedIpv4(ip, prefix))
      },
    }),
  ],
})

/** The text of an address, with its prefix where asked for; empty where a part of it is none. */
function formatted(
  address: number | null,
  own: number,
  extra: bigint | undefined,
  withPrefix: boolean,
): string {
  const limit = prefixOf(extra, 32)
  if (address === null || limit === null) return ''
  const prefix = Math.min(own, limit)
  const text = formatIpv4(maskIpv4(address, prefix))
  return withPrefix ? `${text}/${prefix}` : text
}

function formattedText(text: string, extra: bigint | undefined, withPrefix: boolean): string {
  const ip = parseIpv4(text)
  return ip === null ? '' : formatted(ip.address, ip.prefix, extra, withPrefix)
}

function formattedNumber(value: number, extra: bigint | undefined, withPrefix: boolean): string {
  const address = Number.isInteger(value) && value >= 0 && value <= 0xffffffff ? value : null
  return formatted(address, 32, extra, withPrefix)
}

/** @see https://learn.microsoft.com/kusto/query/format-ipv4-function */
export const format_ipv4 = scalar({
  name: 'format_ipv4',
  doc: 'The IPv4 address of a text or a number, of which the shorter of its prefix and the argument keeps the first bits. Empty where an argument is null, no address or no prefix.',
  examples: [
    { query: "print r = format_ipv4('192.168.1.1', 24)", rows: [{ r: '192.168.1.0' }] },
    { query: 'print r = format_ipv4(3232235777)', rows: [{ r: '192.168.1.1' }] },
    { query: "print r = format_ipv4('192.168.1.1/24', -1)", rows: [{ r: '' }] },
  ],
  overloads: [
    overload({
      params: ['string', 'long'],
      required: 1,
      returns: 'string',
      nulls: 'propagate',
      each: (ip: string, prefix?: bigint) => formattedText(ip, prefix, false),
    }),
    overload({
      params: ['long', 'long'],
      required: 1,
      returns: 'string',
      nulls: 'propagate',
      each: (ip: bigint, prefix?: bigint) => formattedNumber(Number(ip), prefix, false),
    }),
    overload({
      params: ['real', 'long'],
      required: 1,
      returns: 'string',
      nulls: 'propagate',
      each: (ip: number, prefix?: bigint) => formattedNumber(ip, prefix, false),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/format-ipv4-mask-function */
export const format_ipv4_mask = scalar({
  name: 'format_ipv4_mask',
  doc: 'The IPv4 network of a text or a number, with the shorter of its prefix and the argument. Empty where an argument is null, no address or no prefix.',
  examples: [
    { query: "print r = format_ipv4_mask('192.168.1.1', 24)", rows: [{ r: '192.168.1.0/24' }] },
    { query: "print r = format_ipv4_mask('192.168.1.1')", rows: [{ r: '192.168.1.1/32' }] },
  ],
  overloads: [
    overload({
      params: ['string', 'long'],
      required: 1,
      returns: 'string',
      nulls: 'propagate',
      each: (ip: string, prefix?: bigint) => formattedText(ip, prefix, true),
    }),
    overload({
      params: ['long', 'long'],
      required: 1,
      returns: 'string',
      nulls: 'propagate',
      each: (ip: bigint, prefix?: bigint) => formattedNumber(Number(ip), prefix, true),
    }),
    overload({
      params: ['real', 'long'],
      required: 1,
      returns: 'string',
      nulls: 'propagate',
      each: (ip: number, prefix?: bigint) => formattedNumber(ip, prefix, true),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/has-ipv4-function */
export const has_ipv4 = scalar({
  name: 'has_ipv4',
  doc: 'Whether the text has the IPv4 address, with no letter or digit at its ends; false where it is no address.',
  examples: [
    { query: "print r = has_ipv4('05:04:54 127.0.0.1 GET', '127.0.0.1')", rows: [{ r: true }] },
    { query: "print r = has_ipv4('05:04:54127.0.0.1 GET', '127.0.0.1')", rows: [{ r: false }] },
  ],
  overloads: [textOverload(ipv4Finder)],
})

/** @see https://learn.microsoft.com/kusto/query/has-any-ipv4-function */
export const has_any_ipv4 = scalar({
  name: 'has_any_ipv4',
  doc: 'Whether the text has any of the IPv4 addresses, given as arguments or in a dynamic array, with no letter or digit at its ends.',
  examples: [
    {
      query: "print r = has_any_ipv4('from 127.0.0.1', dynamic(['127.0.0.1', '127.0.0.2']))",
      rows: [{ r: true }],
    },
  ],
  overloads: anyTextOverloads(ipv4Finder),
})

/** @see https://learn.microsoft.com/kusto/query/has-ipv4-prefix-function */
export const has_ipv4_prefix = scalar({
  name: 'has_ipv4_prefix',
  doc: 'Whether the text has an IPv4 address, with no letter or digit at its ends, that begins with the prefix: a whole address, or octets up to a point; false where it is neither.',
  examples: [
    { query: "print r = has_ipv4_prefix('GET 127.0.0.1 404', '127.0.')", rows: [{ r: true }] },
    { query: "print r = has_ipv4_prefix('GET 127.0.0.1 404', '127.0')", rows: [{ r: false }] },
  ],
  overloads: [textOverload(ipv4PrefixFinder)],
})

/** @see https://learn.microsoft.com/kusto/query/has-any-ipv4-prefix-function */
export const has_any_ipv4_prefix = scalar({
  name: 'has_any_ipv4_prefix',
  doc: 'Whether the text has an IPv4 address that begins with any of the prefixes, given as arguments or in a dynamic array.',
  examples: [
    {
      query: "print r = has_any_ipv4_prefix('GET 127.0.0.1 404', '10.', '127.0.')",
      rows: [{ r: true }],
    },
  ],
  overloads: anyTextOverloads(ipv4PrefixFinder),
})
