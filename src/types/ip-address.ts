/** An IPv4 address, 0 to 2^32 - 1, with the length of its network prefix, 0 to 32. */
export interface Ipv4 {
  readonly address: number
  readonly prefix: number
}

/** An IPv6 address as four words of 32 bits, unsigned, with the length of its prefix, 0 to 128. */
export interface Ipv6 {
  readonly words: Ipv6Words
  readonly prefix: number
}

export type Ipv6Words = readonly [number, number, number, number]

const OCTETS = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/
const PREFIX = /^\d{1,3}$/
const GROUP = /^[0-9a-f]{1,4}$/i

/** The address of four decimal octets; null where the text is anything else. */
export function parseIpv4Address(text: string): number | null {
  const match = OCTETS.exec(text)
  if (match === null) return null
  let address = 0
  for (let i = 1; i <= 4; i++) {
    const octet = Number(match[i])
    if (octet > 255) return null
    address = address * 256 + octet
  }
  return address
}

/** The address of `a.b.c.d` or `a.b.c.d/prefix`; blanks around it do not count. null for the rest. */
export function parseIpv4(text: string): Ipv4 | null {
  const [body, prefix] = withPrefix(text.trim(), 32)
  const address = parseIpv4Address(body)
  return address === null || prefix === null ? null : { address, prefix }
}

/** The text before the slash, and the prefix after it: `full` without a slash, null if it is none. */
function withPrefix(text: string, full: number): readonly [string, number | null] {
  const slash = text.indexOf('/')
  if (slash < 0) return [text, full]
  const digits = text.slice(slash + 1)
  const prefix = PREFIX.test(digits) && Number(digits) <= full ? Number(digits) : null
  return [text.slice(0, slash), prefix]
}

/** The bits that a prefix keeps, as an unsigned number. */
export function maskIpv4(address: number, prefix: number): number {
  return prefix === 0 ? 0 : (address & (-1 << (32 - prefix))) >>> 0
}

/** `a.b.c.d` */
export function formatIpv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`
}

/**
 * The address of an IPv6 or IPv4 text, with or without a prefix; blanks around it do not count. null
 * where it is neither. `a.b.c.d/p` is `::ffff:a.b.c.d/(96 + p)`, and the prefix of an IPv6 address
 * that ends in an IPv4 one counts in the same way. `::a.b.c.d` keeps its zeros, as measured.
 */
export function parseIpv6(text: string): Ipv6 | null {
  const trimmed = text.trim()
  const dotted = trimmed.includes('.')
  const [body, prefix] = withPrefix(trimmed, dotted ? 32 : 128)
  if (prefix === null) return null
  const words = body.includes(':') ? parseGroups(body) : mappedIpv4(body)
  return words === null ? null : { words, prefix: dotted ? prefix + 96 : prefix }
}

function mappedIpv4(text: string): Ipv6Words | null {
  const address = parseIpv4Address(text)
  return address === null ? null : [0, 0, 0xffff, address]
}

function parseGroups(text: string): Ipv6Words | null {
  const gap = text.indexOf('::')
  if (gap < 0) {
    const groups = groupsOf(text)
    return groups === null || groups.length !== 8 ? null : wordsOf(groups)
  }
  const head = gap === 0 ? [] : groupsOf(text.slice(0, gap))
  const tail = gap + 2 === text.length ? [] : groupsOf(text.slice(gap + 2))
  if (head === null || tail === null || head.length + tail.length > 7) return null
  const zeros = new Array<number>(8 - head.length - tail.length).fill(0)
  return wordsOf([...head, ...zeros, ...tail])
}

/** Groups of 16 bits; an IPv4 address in the last place is two of them. */
function groupsOf(text: string): number[] | null {
  const groups: number[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (GROUP.test(part)) {
      groups.push(Number.parseInt(part, 16))
      continue
    }
    const address = index === parts.length - 1 ? parseIpv4Address(part) : null
    if (address === null) return null
    groups.push(address >>> 16, address & 0xffff)
  }
  return groups
}

function wordsOf(groups: readonly number[]): Ipv6Words {
  const word = (at: number): number => (groups[at] as number) * 65_536 + (groups[at + 1] as number)
  return [word(0), word(2), word(4), word(6)]
}

/** The bits that a prefix keeps. */
export function maskIpv6(words: Ipv6Words, prefix: number): Ipv6Words {
  const kept = (at: number): number => {
    const bits = Math.min(Math.max(prefix - at * 32, 0), 32)
    return maskIpv4(words[at] as number, bits)
  }
  return [kept(0), kept(1), kept(2), kept(3)]
}

/** -1, 0 or 1. */
export function compareIpv6(a: Ipv6Words, b: Ipv6Words): number {
  for (let at = 0; at < 4; at++) {
    const difference = (a[at] as number) - (b[at] as number)
    if (difference !== 0) return Math.sign(difference)
  }
  return 0
}

/** Eight groups of four lower-case hexadecimal digits. */
export function formatIpv6(words: Ipv6Words): string {
  const hex = words.map(word => word.toString(16).padStart(8, '0'))
  return hex.map(digits => `${digits.slice(0, 4)}:${digits.slice(4)}`).join(':')
}

/** `::a.b.c.d`, the old form of an embedded IPv4 address, as `::ffff:a.b.c.d`; others unchanged. */
export function mapEmbeddedIpv4(words: Ipv6Words, text: string): Ipv6Words {
  const embedded = words[0] === 0 && words[1] === 0 && words[2] === 0 && text.includes('.')
  return embedded ? [0, 0, 0xffff, words[3]] : words
}
