import type { Dynamic } from '../../../types/dynamic.ts'

const SAFE = /^[A-Za-z0-9\-_.!*()]$/
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The text with every character that a URL does not take as its UTF-8 bytes, in lower case. */
export function urlEncode(text: string, blank: '+' | '%20'): string {
  let encoded = ''
  for (const byte of encoder.encode(text)) {
    const character = String.fromCharCode(byte)
    if (byte === 32) encoded += blank
    else if (SAFE.test(character)) encoded += character
    else encoded += `%${byte.toString(16).padStart(2, '0')}`
  }
  return encoded
}

const ENCODED_BYTES = /(?:%[0-9a-fA-F]{2})+/g

/** The text of URL-encoded text; bytes that are no UTF-8 become U+FFFD. */
export function urlDecode(text: string): string {
  return text.replaceAll('+', ' ').replace(ENCODED_BYTES, bytes => {
    const values = bytes.match(/[0-9a-fA-F]{2}/g) ?? []
    return decoder.decode(Uint8Array.from(values, value => Number.parseInt(value, 16)))
  })
}

/** scheme, authority, path, query, fragment (RFC 3986, appendix B). */
const URL_PARTS =
  /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s
const AUTHORITY = /^(?:([^:@]*)(?::([^@]*))?@)?(\[[^\]]*\]|[^:]*)(?::(\d*))?$/s

/** The parts of a URL as `parse_url()` gives them; those that are not there are empty. */
export function urlParts(url: string): Dynamic {
  const [, scheme = '', authority = '', path = '', query = '', fragment = ''] =
    URL_PARTS.exec(url) ?? []
  const [, user = '', password = '', host = '', port = ''] = AUTHORITY.exec(authority) ?? []
  return new Map<string, Dynamic>([
    ['Scheme', scheme],
    ['Host', host],
    ['Port', port],
    ['Path', path],
    ['Username', user],
    ['Password', password],
    ['Query Parameters', queryParameters(query)],
    ['Fragment', fragment],
  ])
}

/** The parameters of a URL's query by name, as they stand there; of two of one name the last. */
export function queryParameters(query: string): Dynamic {
  const parameters = new Map<string, Dynamic>()
  for (const part of query.replace(/^\?/, '').split('&')) {
    if (part === '') continue
    const at = part.indexOf('=')
    if (at < 0) parameters.set(part, '')
    else parameters.set(part.slice(0, at), part.slice(at + 1))
  }
  return parameters
}
