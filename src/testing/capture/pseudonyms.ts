import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { PathStep } from '../../tables/source.ts'

/** What is told apart among values that say who or what somebody is. */
type Kind = 'address' | 'guid' | 'host' | 'ip' | 'name'

const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/
/** A bound on its first part, or each place of a long text would be tried up to its end. */
const ADDRESS = /[\w.!#$%&'*+/=?^{|}~-]{1,256}@[\w-]+(?:\.[\w-]+)+/
const IPV4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/
/** With a gap, or without, as MAC addresses are too; a time of day is none. A colon may follow it. */
const IPV6 =
  /(?<![\w:])(?:(?:[0-9a-f]{1,4}:){1,7}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?|(?!\d{1,2}:\d\d:\d\d(?![\w:]))(?:[0-9a-f]{1,4}:){2,}[0-9a-f]{1,4})(?!\w|:[\w:])/
const HOST = /(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?![\w-])/

const PARTS = new RegExp(
  [GUID, ADDRESS, IPV6, IPV4, HOST].map((pattern, at) => `(?<k${at}>${pattern.source})`).join('|'),
  'giu',
)
const KINDS: readonly Kind[] = ['guid', 'address', 'ip', 'ip', 'host']

/** Names of services, which say nothing of anybody. */
const PUBLIC_HOSTS =
  /(?:^|\.)(?:microsoft|microsoftonline|windows|office|office365|azure|live|msftauth|sharepoint|graph)\.(?:com|net|us|cn)$/iu

/** Fields whose whole value is a name of somebody, or of something of theirs. */
const NAME_FIELDS =
  /^(?:.*(?:user|account|caller|owner|actor|member|group|device|computer|host|machine|initiator).*name|displayname|fullname|givenname|surname|identity|computer|caller|samaccountname|.*dnsname)$/iu
/** Fields of such a name that are no person's. */
const OTHER_NAMES =
  /(?:app(?:lication)?|resource|role|policy|operation|activity|service|product)\w*name$/iu

/** What pseudonyms are made with. */
export interface PseudonymOptions {
  /** Without it, nobody can tell from a pseudonym what it stands for. */
  readonly salt: string
  /** Texts that stay as they are, and so does what is in them: those that the query names. */
  readonly keep: readonly string[]
}

/**
 * Gives values that say who somebody is others in their place, the same for the same: addresses,
 * GUIDs, IP addresses (within their /16 or /32), hosts and domains wherever they stand in a text, and
 * names in fields for names.
 */
export class Pseudonyms {
  readonly #salt: Uint8Array
  readonly #keep: readonly string[]
  readonly #given = new Map<string, string>()

  constructor({ salt, keep }: PseudonymOptions) {
    this.#salt = new TextEncoder().encode(salt)
    this.#keep = keep.map(text => text.toLowerCase()).filter(text => text !== '')
  }

  /** The originals that were replaced, with what stands in their place. */
  get given(): ReadonlyMap<string, string> {
    return this.#given
  }

  /** The text in its field with pseudonyms in it. */
  replace(text: string, field: readonly PathStep[]): string {
    const name = String(field.findLast(step => typeof step === 'string') ?? '')
    const parts = text.replace(PARTS, (...match: unknown[]) => {
      const groups = match.at(-1) as Readonly<Record<string, string | undefined>>
      const at = KINDS.findIndex((_, index) => groups[`k${index}`] !== undefined)
      return this.#pseudonym(match[0] as string, KINDS[at] ?? 'name')
    })
    if (parts !== text || text === '' || this.#isKept(text)) return parts
    const isName = NAME_FIELDS.test(name) && !OTHER_NAMES.test(name)
    return isName ? this.#pseudonym(text, 'name') : text
  }

  #isKept(text: string): boolean {
    const folded = text.toLowerCase()
    return this.#keep.some(kept => kept.includes(folded) || folded.includes(kept))
  }

  #pseudonym(text: string, kind: Kind): string {
    const folded = text.toLowerCase()
    if (this.#keep.some(kept => kept.includes(folded))) return text
    if (kind === 'host' && PUBLIC_HOSTS.test(folded)) return text
    const known = this.#given.get(folded)
    if (known !== undefined) return known
    const made = this.#make(folded, kind)
    if (made !== text) this.#given.set(folded, made)
    return made
  }

  #make(text: string, kind: Kind): string {
    const hash = this.#hash(text)
    switch (kind) {
      case 'guid':
        return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`
      case 'address': {
        const cut = text.lastIndexOf('@')
        return `user-${this.#hash(text.slice(0, cut)).slice(0, 6)}@${this.#domain(text.slice(cut + 1))}`
      }
      case 'host': {
        const [first = '', ...rest] = text.split('.')
        // A domain by itself, or a host in one.
        return rest.length < 2
          ? this.#domain(text)
          : `host-${this.#hash(first).slice(0, 6)}.${this.#domain(rest.join('.'))}`
      }
      case 'ip':
        return text.includes(':') ? ipv6(text, hash) : ipv4(text, hash)
      case 'name':
        return `Name ${hash.slice(0, 6)}`
    }
  }

  #domain(text: string): string {
    const isKept = PUBLIC_HOSTS.test(text) || this.#keep.some(kept => kept.includes(text))
    return isKept ? text : `org-${this.#hash(text).slice(0, 6)}.example`
  }

  #hash(text: string): string {
    return bytesToHex(hmac(sha256, this.#salt, new TextEncoder().encode(text)))
  }
}

/** Another address in the same /16; one that is none, such as a version number, stays. */
function ipv4(text: string, hash: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number)
  if ([a, b, c, d].some(part => part > 255)) return text
  // Loopback, this host and broadcast say nothing.
  if (a === 127 || a === 0 || a === 255) return text
  const third = Number.parseInt(hash.slice(0, 4), 16) % 256
  const fourth = 1 + (Number.parseInt(hash.slice(4, 8), 16) % 254)
  const same = third === c && fourth === d
  return `${a}.${b}.${third}.${same ? (fourth % 254) + 1 : fourth}`
}

/** Another address in the same /32. */
function ipv6(text: string, hash: string): string {
  const [first = '', second = ''] = text.split(':')
  const prefix = second === '' ? first : `${first}:${second}`
  return `${prefix === '' ? 'fd00' : prefix}::${hash.slice(0, 4)}:${hash.slice(4, 8)}`
}
