import { TICKS_PER_HOUR, TICKS_PER_MINUTE } from './clock.ts'
import type { Random } from './random.ts'
import type { Tenant, User } from './tenant.ts'

/** An event at an exact tick. */
export interface Planted {
  /** Ticks since the start of the logs. */
  readonly offset: number
  readonly kind: 'activation' | 'access-pass' | 'sign-in' | 'failed-sign-in'
  readonly user: User
}

/** Result code of the planted failed sign-ins. */
export const PLANTED_FAILURE = '50076'

/**
 * Events on both sides of each bound of the two rules, one tick apart, in time order: an engine
 * that keeps microseconds gives other rows. `spanTicks` is the length of the logs; events before
 * their start are left out.
 */
export function plantEvents(random: Random, tenant: Tenant, spanTicks: number): readonly Planted[] {
  const events: Planted[] = []
  const plant = (kind: Planted['kind'], user: User, offset: number): void => {
    if (offset >= 0 && offset < spanTicks) events.push({ kind, user, offset })
  }

  // The half-hour window after an activation, in the two hours that the PIM rule looks at.
  for (let k = 0; k < 4; k++) {
    const user = random.pick(tenant.admins)
    const activated = spanTicks - (35 + 20 * k) * TICKS_PER_MINUTE - random.below(100_000_000)
    plant('activation', user, activated)
    plant('sign-in', user, activated - 1)
    plant('sign-in', user, activated)
    plant('sign-in', user, activated + 1)
    plant('failed-sign-in', user, activated + 2)
    plant('sign-in', user, activated + 30 * TICKS_PER_MINUTE - 1)
    plant('sign-in', user, activated + 30 * TICKS_PER_MINUTE)
  }

  // The start of those two hours, which the rule excludes.
  const twoHoursAgo = spanTicks - 2 * TICKS_PER_HOUR
  for (const late of [0, 1]) {
    const user = random.pick(tenant.admins)
    plant('activation', user, twoHoursAgo + late)
    plant('sign-in', user, twoHoursAgo + late + 2)
  }

  // The start of the day that the Temporary Access Pass rule looks at, which it includes.
  for (const late of [-1, 0]) {
    plant('access-pass', random.pick(tenant.users), spanTicks - 24 * TICKS_PER_HOUR + late)
  }

  return events.sort((a, b) => a.offset - b.offset)
}
