/** Limits of Microsoft Sentinel on rules, alerts and incidents. Durations are in ticks of 100 ns. */

const MINUTE = 600_000_000n
const HOUR = 60n * MINUTE
const DAY = 24n * HOUR

/** @see https://learn.microsoft.com/azure/sentinel/sentinel-service-limits */
export const LIMITS = {
  name: 256,
  description: 5000,
  query: 10_000,
  /** Both of queryFrequency and queryPeriod. */
  shortestPeriod: 5n * MINUTE,
  longestPeriod: 14n * DAY,
  /** A period from here on needs a frequency of at least an hour. */
  longPeriod: 2n * DAY,
  frequencyOfLongPeriod: HOUR,
  threshold: 10_000,
  placeholders: 3,
  displayNameFormat: 256,
  descriptionFormat: 5000,
  /** Bytes of UTF-8 of a resolved name or property, and of a resolved description or list. */
  nameBytes: 256,
  descriptionBytes: 5120,
  customDetails: 20,
  customDetailKey: 20,
  valuesOfDetail: 50,
  customDetailBytes: 2048,
  entityMappings: 10,
  fieldMappings: 3,
  entities: 500,
  entityBytes: 65_536,
  alertsPerRun: { Scheduled: 150, NRT: 30, Hunting: 150 },
  alertsPerIncident: 150,
  shortestLookback: 5n * MINUTE,
  longestLookback: 7n * DAY,
  lookback: 5n * HOUR,
  suppression: DAY,
  /** How long after its time a run reads the data. */
  delay: { Scheduled: 5n * MINUTE, NRT: 2n * MINUTE, Hunting: 0n },
  frequencyOfNrt: MINUTE,
} as const
