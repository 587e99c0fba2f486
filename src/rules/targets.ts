/** The services that a query may be meant for. */
export const TARGETS = ['sentinel', 'defender', 'adx'] as const

/** A service that a query may be meant for. */
export type Target = (typeof TARGETS)[number]
