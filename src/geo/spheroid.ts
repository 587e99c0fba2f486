import { OnDemand } from '../types/on-demand.ts'
import type { Position } from './vector.ts'

/** GeographicLib, which measures on the WGS-84 ellipsoid. */
export const GEODESIC = new OnDemand(async () => {
  const { default: library } = await import('geographiclib-geodesic')
  return library.Geodesic
})

/** The shortest distance on the WGS-84 ellipsoid in meters. {@link GEODESIC} must have been loaded. */
export function spheroidDistance(from: Position, to: Position): number | null {
  const { WGS84, DISTANCE } = GEODESIC.value
  return WGS84.Inverse(from[1], from[0], to[1], to[0], DISTANCE).s12 ?? null
}
