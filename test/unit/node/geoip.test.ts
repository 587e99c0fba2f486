import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GeoLookup, KqlError, query } from '../../../src/index.ts'
import { openGeoip } from '../../../src/node/geoip.ts'
import { mmdbOf } from './mmdb.ts'

let folder: string
let path: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kqlab-geoip-'))
  path = join(folder, 'city.mmdb')
  const database = mmdbOf({
    '192.0.2.0/24': {
      city: { names: { en: 'Springfield', de: 'Quellfeld' } },
      country: { names: { en: 'Examplia' }, iso_code: 'EX' },
      location: { latitude: -33.8715, longitude: 151.2006 },
      subdivisions: [{ names: { en: 'North' } }, { names: { en: 'North East' } }],
    },
    '198.51.100.0/25': { country: { names: { en: 'Examplia' } } },
    // What is written of a place need not have names.
    '203.0.113.0/24': {
      city: { geoname_id: 1 },
      country: { iso_code: 'EX' },
      location: { latitude: 1.5, longitude: 2.25 },
      subdivisions: [{ iso_code: 'N' }],
    },
    '2001:db8::/32': {
      country: { names: { en: 'Sixland' } },
      location: { latitude: 1.5, longitude: 2.25 },
    },
  })
  await writeFile(path, database)
  await writeFile(join(folder, 'asn.mmdb'), mmdbOf({}, 'GeoLite2-ASN'))
  await writeFile(join(folder, 'broken.mmdb'), database.subarray(0, database.length - 90))
})

afterAll(() => rm(folder, { recursive: true }))

const located = async (address: string): Promise<unknown> => {
  const text = `print r = tostring(geo_info_from_ip_address('${address}'))`
  return (await query(text, { geoip: { path } })).rows()[0]?.[0]
}

describe('geo_info_from_ip_address', () => {
  const whole =
    '{"country":"Examplia","state":"North","city":"Springfield","latitude":-33.8715,"longitude":151.2006}'
  it.each([
    ['192.0.2.77', whole],
    [' 192.0.2.77 ', whole],
    ['::ffff:192.0.2.77', whole],
    ['198.51.100.1', '{"country":"Examplia"}'],
    ['198.51.100.200', ''],
    ['2001:db8::1', '{"country":"Sixland","latitude":1.5,"longitude":2.25}'],
    ['203.0.113.9', '{"latitude":1.5,"longitude":2.25}'],
    ['2001:db9::1', ''],
    ['192.0.2.0/24', ''],
    ['localhost', ''],
    ['', ''],
  ])('of %j is %j', async (address, expected) => {
    expect(await located(address)).toBe(expected)
  })

  it('takes a function instead of a file', async () => {
    const asked: string[] = []
    const geoip: GeoLookup = address => {
      asked.push(address)
      return { country: 'X', latitude: 1 }
    }
    const text =
      "datatable(a:string)['10.0.0.1', '::A', 'x'] | extend r = geo_info_from_ip_address(a)"
    const result = await query(text, { geoip })
    expect(result.rows().map(row => row[1])).toEqual([
      { country: 'X', latitude: 1 },
      { country: 'X', latitude: 1 },
      null,
    ])
    expect(asked).toEqual(['10.0.0.1', '0000:0000:0000:0000:0000:0000:0000:000a'])
  })

  it('is null where there is to be no database', async () => {
    const text = "print r = geo_info_from_ip_address('192.0.2.1')"
    expect((await query(text, { geoip: 'none' })).rows()).toEqual([[null]])
  })

  it('is an error at its place where nothing was said', async () => {
    const text = "print 1 | where isnull(geo_info_from_ip_address('192.0.2.1'))"
    const failed = await query(text).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(KqlError)
    expect((failed as KqlError).diagnostics).toMatchObject([
      { code: 'KQL107', span: { start: 23, end: 60 } },
    ])
  })
})

describe('openGeoip', () => {
  it.each([
    ['missing.mmdb', /missing\.mmdb: .+/],
    ['asn.mmdb', /no database of cities, but GeoLite2-ASN/],
    ['broken.mmdb', /no database in MaxMind's format/],
  ])('refuses %s', async (file, message) => {
    await expect(openGeoip(join(folder, file))).rejects.toThrow(message)
  })
})
