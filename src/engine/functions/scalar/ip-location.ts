import type { GeoLocation, GeoLookup } from '../../../tables/geo-lookup.ts'
import { type Dynamic, dynamicReal } from '../../../types/dynamic.ts'
import { formatIpv4, formatIpv6, parseIpv4Address, parseIpv6 } from '../../../types/ip-address.ts'
import { overload, scalar } from '../declare.ts'
import { QueryError } from '../query-error.ts'

/** @see https://learn.microsoft.com/kusto/query/geo-info-from-ip-address-function */
export const geo_info_from_ip_address = scalar({
  name: 'geo_info_from_ip_address',
  needsRun: true,
  doc: 'Where an IPv4 or IPv6 address is, as a bag of country, state, city, latitude and longitude, as far as the GeoIP database that the user names knows them; null where it does not know the address, and for what is none. Without a database it is an error, unless it was said that there is none: then it is null.',
  examples: [{ query: "print r = geo_info_from_ip_address('192.0.2.1')", rows: [{ r: null }] }],
  overloads: [
    overload({
      params: ['string'],
      returns: 'dynamic',
      nulls: 'propagate',
      prepare(_constants, { geoip }) {
        if (geoip === undefined) {
          throw new QueryError(
            'KQL107',
            '`geo_info_from_ip_address` needs a GeoIP database: --geoip FILE names a GeoLite2-City.mmdb (in the library: geoip), and --geoip none makes it null.',
          )
        }
        return { each: address => (geoip === 'none' ? null : locate(address.trim(), geoip)) }
      },
    }),
  ],
})

function locate(text: string, geoip: GeoLookup): Dynamic {
  const address = addressOf(text)
  const location = address === null ? null : geoip(address)
  return location === null ? null : bagOf(location)
}

/** The address in one form, an IPv4 one that stands in an IPv6 one as itself; null where it is none. */
function addressOf(text: string): string | null {
  const ipv4 = parseIpv4Address(text)
  if (ipv4 !== null) return formatIpv4(ipv4)
  const ipv6 = text.includes('/') ? null : parseIpv6(text)
  if (ipv6 === null) return null
  const [a, b, c, d] = ipv6.words
  return a === 0 && b === 0 && c === 0xffff ? formatIpv4(d) : formatIpv6(ipv6.words)
}

function bagOf({ country, state, city, latitude, longitude }: GeoLocation): Dynamic {
  const bag = new Map<string, Dynamic>()
  if (country !== undefined) bag.set('country', country)
  if (state !== undefined) bag.set('state', state)
  if (city !== undefined) bag.set('city', city)
  if (latitude !== undefined) bag.set('latitude', dynamicReal(latitude))
  if (longitude !== undefined) bag.set('longitude', dynamicReal(longitude))
  return bag
}
