import { parseIpv6 } from '../../../src/types/ip-address.ts'

type MmdbValue = string | number | MmdbMap | readonly MmdbValue[]
interface MmdbMap {
  readonly [name: string]: MmdbValue
}

const MARKER = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex')

/** A database in MaxMind's format, of few networks: text `a.b.c.d/p` or IPv6, with their entries. */
export function mmdbOf(
  networks: Readonly<Record<string, MmdbMap>>,
  databaseType = 'GeoLite2-City',
): Buffer {
  const nodes: (number | undefined)[][] = [[undefined, undefined]]
  const data: Buffer[] = []
  let size = 0
  for (const [network, entry] of Object.entries(networks)) {
    const bits = bitsOf(network)
    const at = size
    data.push(encode(entry))
    size += data.at(-1)!.length
    let node = 0
    for (const bit of bits.slice(0, -1)) {
      let next = nodes[node]![bit]
      if (next === undefined) {
        next = nodes.push([undefined, undefined]) - 1
        nodes[node]![bit] = next
      }
      node = next
    }
    // Negative until the number of nodes is known.
    nodes[node]![bits.at(-1)!] = -1 - at
  }
  const tree = Buffer.alloc(nodes.length * 6)
  nodes.forEach((records, node) => {
    records.forEach((record, side) => {
      const value = record === undefined ? nodes.length : record
      const stored = value < 0 ? nodes.length + 16 + (-1 - value) : value
      tree.writeUIntBE(stored, node * 6 + side * 3, 3)
    })
  })
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    database_type: databaseType,
    description: { en: 'of a test' },
    ip_version: 6,
    languages: ['en'],
    node_count: nodes.length,
    record_size: 24,
  })
  return Buffer.concat([tree, Buffer.alloc(16), ...data, MARKER, metadata])
}

/** The path in a tree of IPv6 addresses, where an IPv4 one is in ::/96. */
function bitsOf(network: string): number[] {
  const ip = parseIpv6(network)
  if (ip === null) throw new Error(`${network} is no network`)
  const [a, b, c, d] = ip.words
  const words = network.includes('.') ? [0, 0, 0, d] : [a, b, c, d]
  const all = words.map(word => word.toString(2).padStart(32, '0')).join('')
  return Array.from(all.slice(0, ip.prefix), Number)
}

function encode(value: MmdbValue): Buffer {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value)
    return Buffer.concat([control(2, bytes.length), bytes])
  }
  if (typeof value === 'number') return encodeNumber(value)
  if (Array.isArray(value)) {
    const items = value as readonly MmdbValue[]
    return Buffer.concat([Buffer.of(items.length, 4), ...items.map(encode)])
  }
  const entries = Object.entries(value as MmdbMap)
  return Buffer.concat([
    control(7, entries.length),
    ...entries.flatMap(([name, item]) => [encode(name), encode(item)]),
  ])
}

function encodeNumber(value: number): Buffer {
  const bytes = Buffer.alloc(Number.isInteger(value) ? 4 : 8)
  if (Number.isInteger(value)) bytes.writeUInt32BE(value)
  else bytes.writeDoubleBE(value)
  return Buffer.concat([control(Number.isInteger(value) ? 6 : 3, bytes.length), bytes])
}

function control(type: number, size: number): Buffer {
  if (size >= 29) throw new Error('longer than a test needs')
  return Buffer.of((type << 5) | size)
}
