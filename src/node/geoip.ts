import { readFile } from 'node:fs/promises'
import { type CityResponse, Reader } from 'mmdb-lib'
import { QueryError } from '../engine/functions/query-error.ts'
import { DataFileError } from '../tables/formats/data-file.ts'
import type { GeoLocation, GeoLookup } from '../tables/geo-lookup.ts'
import { reasonOf } from './data-paths.ts'

const CITY_DATABASE = /city|enterprise|insights/i

/**
 * The locations of a database of cities in MaxMind's format, such as GeoLite2-City.mmdb.
 * @throws DataFileError where it cannot be read or is something else.
 */
export async function openGeoip(path: string): Promise<GeoLookup> {
  const reader = openDatabase(path, await bytesOf(path))
  const { databaseType, ipVersion } = reader.metadata
  if (!CITY_DATABASE.test(databaseType)) {
    throw new DataFileError(`${path}: It is no database of cities, but ${databaseType}.`)
  }
  return address => {
    if (ipVersion === 4 && address.includes(':')) return null
    const found = entryOf(reader, address, path)
    return found === null ? null : locationOf(found)
  }
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new DataFileError(`${path}: ${reasonOf(error)}`)
  }
}

function openDatabase(path: string, bytes: Buffer): Reader<CityResponse> {
  try {
    return new Reader<CityResponse>(bytes)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new DataFileError(`${path}: It is no database in MaxMind's format: ${reason}`)
  }
}

/** The entry of an address; a database that is damaged there ends the query. */
function entryOf(reader: Reader<CityResponse>, address: string, path: string): CityResponse | null {
  try {
    return reader.get(address)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new QueryError('KQL302', `${path}: The database cannot be read: ${reason}`)
  }
}

function locationOf({ country, subdivisions, city, location }: CityResponse): GeoLocation {
  return {
    ...text('country', country?.names?.en),
    ...text('state', subdivisions?.[0]?.names?.en),
    ...text('city', city?.names?.en),
    ...number('latitude', location?.latitude),
    ...number('longitude', location?.longitude),
  }
}

function text(name: 'country' | 'state' | 'city', value: unknown): GeoLocation {
  return typeof value === 'string' ? { [name]: value } : {}
}

function number(name: 'latitude' | 'longitude', value: unknown): GeoLocation {
  return typeof value === 'number' ? { [name]: value } : {}
}
