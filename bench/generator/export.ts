import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createAuditLogs } from './audit-logs.ts'
import { createClock, TICKS_PER_HOUR } from './clock.ts'
import { createNdjsonFile } from './ndjson-file.ts'
import { PLANTED_FAILURE, type Planted, plantEvents } from './planted.ts'
import { createRandom } from './random.ts'
import { createSignIns } from './sign-ins.ts'
import { createTenant } from './tenant.ts'

/** Raised when equal options give other bytes than before. */
export const GENERATOR_VERSION = 1

/** The instant at which generated logs end unless told otherwise; what `now` is for the rules. */
export const DEFAULT_END = '2026-03-01T12:00:00Z'

/** Hours of logs unless told otherwise: a little more than the longest look-back, one day. */
export const DEFAULT_HOURS = 26

/** What to generate. */
export interface ExportOptions {
  /** Bytes of AuditLogs. */
  readonly audit: number
  /** Bytes of AADNonInteractiveUserSignInLogs. */
  readonly signIns: number
  readonly seed: number
  /** The folder, made when absent. */
  readonly out: string
  /** ISO time of a whole second. */
  readonly end: string
  readonly hours: number
}

/** A file that was written. */
export interface ExportedFile {
  readonly path: string
  readonly bytes: number
  readonly rows: number
}

/** Writes both files of the two rules into `options.out` and returns what was written. */
export function writeExport(options: ExportOptions): readonly ExportedFile[] {
  const endMs = Date.parse(options.end)
  if (Number.isNaN(endMs) || endMs % 1000 !== 0) {
    throw new RangeError(`not a whole second in ISO form: ${options.end}`)
  }
  mkdirSync(options.out, { recursive: true })
  const spanTicks = options.hours * TICKS_PER_HOUR
  const clock = createClock(endMs - options.hours * 3_600_000)
  const random = createRandom(options.seed)
  // About 80 sign-ins a person, so that the share of rows that the rules find stays the same.
  const tenant = createTenant(random, Math.max(60, Math.round(options.signIns / 4500 / 80)))
  const planted = plantEvents(random, tenant, spanTicks)
  const audit = createAuditLogs(createRandom(options.seed + 1), tenant, clock)
  const signIns = createSignIns(createRandom(options.seed + 2), tenant, clock)

  return [
    writeRising({
      path: join(options.out, 'AuditLogs.ndjson'),
      bytes: options.audit,
      spanTicks,
      seed: options.seed + 3,
      planted: planted.filter(({ kind }) => kind === 'activation' || kind === 'access-pass'),
      row: audit.row,
      plant: ({ kind, offset, user }) =>
        kind === 'activation' ? audit.activation(offset, user) : audit.accessPass(offset, user),
    }),
    writeRising({
      path: join(options.out, 'AADNonInteractiveUserSignInLogs.ndjson'),
      bytes: options.signIns,
      spanTicks,
      seed: options.seed + 4,
      planted: planted.filter(({ kind }) => kind === 'sign-in' || kind === 'failed-sign-in'),
      row: signIns.row,
      plant: ({ kind, offset, user }) =>
        signIns.signIn(offset, user, kind === 'sign-in' ? '0' : PLANTED_FAILURE),
    }),
  ]
}

interface Rising {
  readonly path: string
  readonly bytes: number
  readonly spanTicks: number
  readonly seed: number
  readonly planted: readonly Planted[]
  readonly row: (offset: number) => string
  readonly plant: (event: Planted) => string
}

/** Fills a file with rows whose time rises from the start to the end of the span. */
function writeRising({ path, bytes, spanTicks, seed, planted, row, plant }: Rising): ExportedFile {
  const random = createRandom(seed)
  const file = createNdjsonFile(path)
  let time = 0
  let next = 0
  while (file.bytes < bytes) {
    // The share of the file that is written is the share of the span that has passed.
    const base = Math.floor(spanTicks * (file.bytes / bytes))
    const jitter = random.below(Math.max(1, Math.floor((spanTicks * 1500) / bytes)))
    time = Math.min(Math.max(time, base + jitter), spanTicks - 1)
    let event = planted[next]
    while (event && event.offset <= time) {
      file.write(plant(event))
      event = planted[++next]
    }
    file.write(row(time))
  }
  for (const event of planted.slice(next)) file.write(plant(event))
  file.close()
  return { path, bytes: file.bytes, rows: file.lines }
}
