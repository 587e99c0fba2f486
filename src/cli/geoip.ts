import { DataFileError } from '../tables/formats/data-file.ts'
import type { GeoLookup } from '../tables/geo-lookup.ts'
import type { ExecuteOptions } from './execute.ts'
import { Failure } from './exit.ts'
import type { Reporter } from './reporter.ts'

/**
 * Where IP addresses are, as `--geoip` gives it.
 * @throws Failure where the database cannot be used, which is reported.
 */
export async function geoipOptions(
  given: string | undefined,
  reporter: Reporter,
): Promise<Pick<ExecuteOptions, 'geoip'>> {
  if (given === undefined) return {}
  return { geoip: given === 'none' ? 'none' : await open(given, reporter) }
}

async function open(path: string, reporter: Reporter): Promise<GeoLookup> {
  try {
    const { openGeoip } = await import('../node/geoip.ts')
    return await openGeoip(path)
  } catch (error) {
    if (!(error instanceof DataFileError)) throw error
    await reporter.inFile({ code: 'KQL103', severity: 'error', message: error.message })
    throw new Failure('geoip')
  }
}
