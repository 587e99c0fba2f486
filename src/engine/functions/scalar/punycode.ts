import { decodePunycode, encodePunycode } from '../../../types/punycode.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'

/** Empty where the conversion fails. */
function converting(convert: (text: string) => string | undefined): ScalarOverload {
  return overload({
    params: ['string'],
    returns: 'string',
    nulls: 'propagate',
    each: text => convert(text) ?? '',
  })
}

const PREFIX = 'xn--'
// The dots of IDNA: full stop, ideographic, fullwidth and halfwidth ideographic.
const DOTS = /[.\u3002\uff0e\uff61]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII.
const ASCII = /^[\x00-\x7f]*$/

/** Each label of a domain converted; undefined where one fails. */
function byLabel(
  domain: string,
  convert: (label: string) => string | undefined,
): string | undefined {
  const labels = domain.split(DOTS).map(convert)
  return labels.every(label => label !== undefined) ? labels.join('.') : undefined
}

/** @see https://learn.microsoft.com/kusto/query/punycode-from-string-function */
export const punycode_from_string = scalar({
  name: 'punycode_from_string',
  doc: 'The text in Punycode, without "xn--"; empty where it is longer than 4096 characters.',
  examples: [
    {
      query: 'print r = punycode_from_string("académie-française")',
      rows: [{ r: 'acadmie-franaise-npb1a' }],
    },
  ],
  overloads: [converting(encodePunycode)],
})

/** @see https://learn.microsoft.com/kusto/query/punycode-to-string-function */
export const punycode_to_string = scalar({
  name: 'punycode_to_string',
  doc: 'The text whose Punycode it is, without "xn--"; empty where it is none or longer than 4096 characters.',
  examples: [
    {
      query: 'print a = punycode_to_string("acadmie-franaise-npb1a"), b = punycode_to_string("é")',
      rows: [{ a: 'académie-française', b: '' }],
    },
  ],
  overloads: [converting(decodePunycode)],
})

/** @see https://learn.microsoft.com/kusto/query/punycode-domain-from-string-function */
export const punycode_domain_from_string = scalar({
  name: 'punycode_domain_from_string',
  doc: 'The domain name with each label that begins with "xn--" decoded; empty where one cannot be.',
  examples: [
    {
      query: 'print r = punycode_domain_from_string("xn--Ry-lja8c.xn--Jng-uta63a.com")',
      rows: [{ r: 'Rúyì.Jīngū.com' }],
    },
  ],
  overloads: [
    converting(domain =>
      byLabel(domain, label =>
        label.toLowerCase().startsWith(PREFIX) ? decodePunycode(label.slice(PREFIX.length)) : label,
      ),
    ),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/punycode-domain-to-string-function */
export const punycode_domain_to_string = scalar({
  name: 'punycode_domain_to_string',
  doc: 'The domain name with each label that is not ASCII in Punycode behind "xn--", and "." for the other dots that domain names may have; empty where a label is too long.',
  examples: [
    {
      query: 'print r = punycode_domain_to_string("Riðill｡Skáldskaparmál｡org")',
      rows: [{ r: 'xn--Riill-jta.xn--Skldskaparml-dbbj.org' }],
    },
  ],
  overloads: [
    converting(domain =>
      byLabel(domain, label => {
        if (ASCII.test(label)) return label
        const encoded = encodePunycode(label)
        return encoded === undefined ? undefined : PREFIX + encoded
      }),
    ),
  ],
})
