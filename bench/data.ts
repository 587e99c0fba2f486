import { existsSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseBytes } from './generator/bytes.ts'
import { DEFAULT_END, DEFAULT_HOURS, GENERATOR_VERSION, writeExport } from './generator/export.ts'

/** Which logs to generate; sizes are texts such as `50MB`. */
export interface DataOptions {
  readonly audit: string
  readonly signins: string
  readonly seed?: string
  readonly end?: string
}

/** The folder of generated files of so many bytes; made when it is not there. */
export function generatedData(options: DataOptions): string {
  const { audit, signins, seed = '1', end = DEFAULT_END } = options
  const name = `kqlab-bench-v${GENERATOR_VERSION}-${audit}-${signins}-${seed}-${Date.parse(end)}`
  const folder = join(tmpdir(), name)
  if (existsSync(folder)) return folder
  console.log(`Generating ${audit} of AuditLogs and ${signins} of sign-ins…`)
  // Under another name until it is whole: an interrupted run leaves nothing to be taken for data.
  const partial = `${folder}.partial`
  writeExport({
    audit: parseBytes(audit),
    signIns: parseBytes(signins),
    seed: Number.parseInt(seed, 10),
    out: partial,
    end,
    hours: DEFAULT_HOURS,
  })
  renameSync(partial, folder)
  return folder
}

/** So many bytes in all, a quarter of them AuditLogs. */
export function dataOfSize(bytes: number): string {
  const megabytes = (part: number): string => {
    const size = Math.round((bytes * part) / 1e6)
    return size >= 1000 ? `${size / 1000}GB` : `${size}MB`
  }
  return generatedData({ audit: megabytes(0.25), signins: megabytes(0.75) })
}

/** Where the rows of a table are in a folder of generated files. */
export function filePath(data: string, table: string): string {
  return join(data, `${table}.ndjson`)
}
