/**
 * Writes the log fixtures of the bundled rules, each event in both export shapes. The logs are
 * invented and depend on nothing but these files: no clock, no chance.
 *
 *     node scripts/make-fixtures.ts            writes them
 *     node scripts/make-fixtures.ts --check    exits 1 when a file differs from what it would write
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AuditEvent } from './sample-logs/audit-event.ts'
import { auditArrival, auditRecord, auditRow } from './sample-logs/audit-event.ts'
import { pimEvents } from './sample-logs/pim-events.ts'
import { pimSignIns } from './sample-logs/pim-sign-ins.ts'
import { signInArrival, signInRecord, signInRow } from './sample-logs/sign-in-event.ts'
import { tapEvents } from './sample-logs/tap-events.ts'
import type { JsonObject } from './sample-logs/tenant.ts'

const rules = new URL('../rules/', import.meta.url)

/** The events as NDJSON, in the order in which they arrived. */
const lines = <Event>(
  events: readonly Event[],
  arrival: (event: Event) => string,
  shape: (event: Event) => JsonObject,
): string =>
  events
    .toSorted((left, right) =>
      arrival(left) < arrival(right) ? -1 : Number(arrival(left) > arrival(right)),
    )
    .map(event => `${JSON.stringify(shape(event))}\n`)
    .join('')

const auditFiles = (slug: string, events: readonly AuditEvent[]): [string, string][] => [
  [`${slug}/fixtures/log-analytics/AuditLogs.ndjson`, lines(events, auditArrival, auditRow)],
  [
    `${slug}/fixtures/diagnostic-settings/AuditLogs.ndjson`,
    lines(events, auditArrival, auditRecord),
  ],
]

const pim = 'pim-role-activation-followed-by-non-interactive-token-use'
const files: readonly [string, string][] = [
  ...auditFiles('temporary-access-pass-created-for-user-account', tapEvents),
  ...auditFiles(pim, pimEvents),
  [
    `${pim}/fixtures/log-analytics/AADNonInteractiveUserSignInLogs.ndjson`,
    lines(pimSignIns, signInArrival, signInRow),
  ],
  [
    `${pim}/fixtures/diagnostic-settings/NonInteractiveUserSignInLogs.ndjson`,
    lines(pimSignIns, signInArrival, signInRecord),
  ],
]

const check = process.argv.includes('--check')
for (const [name, text] of files) {
  const path = fileURLToPath(new URL(name, rules))
  if (!check) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } else if (readFileSync(path, 'utf8') !== text) {
    console.error(`${name} differs from what scripts/make-fixtures.ts writes`)
    process.exitCode = 1
  }
}
