/** Where an address is, as far as it is known. */
export interface GeoLocation {
  readonly country?: string
  readonly state?: string
  readonly city?: string
  readonly latitude?: number
  readonly longitude?: number
}

/**
 * Where an IP address is; null where that is not known. The address is `a.b.c.d`, or IPv6 in eight
 * groups. The same address must always give the same.
 */
export type GeoLookup = (address: string) => GeoLocation | null
