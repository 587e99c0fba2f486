import { isAlphanumericAt, isAlphanumericBefore, termMatcher } from '../../../types/collation.ts'
import { type Dynamic, isArray } from '../../../types/dynamic.ts'
import {
  compareIpv6,
  type Ipv4,
  type Ipv6,
  mapEmbeddedIpv4,
  maskIpv4,
  maskIpv6,
  parseIpv4,
  parseIpv4Address,
  parseIpv6,
} from '../../../types/ip-address.ts'

/** The prefix of an optional argument; null where it is out of range. */
export function prefixOf(prefix: bigint | undefined, full: number): number | null {
  if (prefix === undefined) return full
  return prefix >= 0n && prefix <= BigInt(full) ? Number(prefix) : null
}

/** The first bits of an address that its own prefix and another one both keep. */
export function maskedIpv4(ip: Ipv4, prefix: number): number {
  return maskIpv4(ip.address, Math.min(ip.prefix, prefix))
}

/** -1, 0 or 1 by the bits that all prefixes keep; null where an argument is no address or prefix. */
export function compareIpv4Texts(a: string, b: string, extra?: bigint): number | null {
  const left = parseIpv4(a)
  const right = parseIpv4(b)
  const prefix = prefixOf(extra, 32)
  if (left === null || right === null || prefix === null) return null
  const common = Math.min(left.prefix, right.prefix, prefix)
  return Math.sign(maskIpv4(left.address, common) - maskIpv4(right.address, common))
}

/** Whether the network `range` holds the address. */
export function inIpv4Range(ip: Ipv4, range: Ipv4): boolean {
  const masked = maskIpv4(maskedIpv4(ip, 32), range.prefix)
  return masked === maskIpv4(range.address, range.prefix)
}

/** An IPv6 address to be compared: `::a.b.c.d` equals `a.b.c.d` there, as measured. */
export function parseComparedIpv6(text: string): Ipv6 | null {
  const ip = parseIpv6(text)
  return ip === null ? null : { words: mapEmbeddedIpv4(ip.words, text), prefix: ip.prefix }
}

/** {@link compareIpv4Texts} for IPv6 addresses, and IPv4 ones as such. */
export function compareIpv6Texts(a: string, b: string, extra?: bigint): number | null {
  const left = parseComparedIpv6(a)
  const right = parseComparedIpv6(b)
  const prefix = prefixOf(extra, 128)
  if (left === null || right === null || prefix === null) return null
  const common = Math.min(left.prefix, right.prefix, prefix)
  return compareIpv6(maskIpv6(left.words, common), maskIpv6(right.words, common))
}

/** Whether the network `range` holds the address. */
export function inIpv6Range(ip: Ipv6, range: Ipv6): boolean {
  const masked = maskIpv6(maskIpv6(ip.words, ip.prefix), range.prefix)
  return compareIpv6(masked, maskIpv6(range.words, range.prefix)) === 0
}

/** The texts of a dynamic array; its other elements are left out. A text stands for itself. */
export function textsOf(value: Dynamic): readonly string[] {
  if (typeof value === 'string') return [value]
  if (!isArray(value)) return []
  return value.filter(item => typeof item === 'string')
}

/** Whether any network holds the address; null where it cannot be told. */
export type RangeTest = (ip: string) => boolean | null

/**
 * The test of one list of networks: null where the address, or every one of the networks, cannot be
 * read. Of several networks, those that cannot be read are passed over; the documentation does not say.
 */
export function rangeTest<T>(
  ranges: readonly string[],
  parse: (text: string) => T | null,
  inRange: (ip: T, range: T) => boolean,
): RangeTest {
  const networks = ranges.map(parse).filter(range => range !== null)
  const unreadable = ranges.length > 0 && networks.length === 0
  return text => {
    const ip = parse(text)
    if (ip === null || unreadable) return null
    return networks.some(network => inRange(ip, network))
  }
}

/** Whether a text has what is looked for. */
export type TextTest = (text: string) => boolean

/** Whether a text has the IPv4 address, delimited; false for what is no address. */
export function ipv4Finder(address: string): TextTest {
  return parseIpv4Address(address) === null ? () => false : termMatcher(address, true)
}

const ADDRESS_PREFIX = /^(?:\d{1,3}\.){1,3}$/
const OCTETS_LEFT = /(?:\d{1,3}\.){0,2}\d{1,3}/y

/**
 * Whether a text has an IPv4 address, delimited, that begins with the prefix: a whole address, or
 * octets of which the last has its point. False for what is neither.
 */
export function ipv4PrefixFinder(prefix: string): TextTest {
  if (!ADDRESS_PREFIX.test(prefix)) return ipv4Finder(prefix)
  const rest = 4 - (prefix.split('.').length - 1)
  return text => {
    for (let at = text.indexOf(prefix); at >= 0; at = text.indexOf(prefix, at + 1)) {
      if (at > 0 && isAlphanumericBefore(text, at)) continue
      OCTETS_LEFT.lastIndex = at + prefix.length
      const match = OCTETS_LEFT.exec(text)?.[0].split('.').slice(0, rest).join('.')
      if (match === undefined) continue
      const end = at + prefix.length + match.length
      const delimited = end === text.length || !isAlphanumericAt(text, end)
      if (delimited && parseIpv4Address(prefix + match) !== null) return true
    }
    return false
  }
}

/** The blocks of addresses, largest first at each place, that make up the range; empty if none. */
export function cidrBlocks(start: number, end: number): readonly Ipv4[] {
  const blocks: Ipv4[] = []
  let at = start
  while (at <= end) {
    let prefix = 32
    let size = 1
    while (prefix > 0 && at % (size * 2) === 0 && at + size * 2 - 1 <= end) {
      size *= 2
      prefix--
    }
    blocks.push({ address: at, prefix })
    at += size
  }
  return blocks
}
