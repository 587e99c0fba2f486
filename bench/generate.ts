import { parseArgs } from 'node:util'
import { parseBytes } from './generator/bytes.ts'
import { DEFAULT_END, DEFAULT_HOURS, writeExport } from './generator/export.ts'

const usage = `Writes AuditLogs.ndjson and AADNonInteractiveUserSignInLogs.ndjson, as a data export does.

  node generate.ts --audit 50MB --signins 150MB --seed 1 --out <folder>

  --audit, --signins   size of each file: bytes, or a number with kB, MB or GB
  --seed               an integer; equal options give equal bytes
  --end                when the logs end, which is now for the rules (${DEFAULT_END})
  --hours              how many hours of logs (${DEFAULT_HOURS})`

const { values } = parseArgs({
  options: {
    audit: { type: 'string', default: '50MB' },
    signins: { type: 'string', default: '150MB' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
    end: { type: 'string', default: DEFAULT_END },
    hours: { type: 'string', default: String(DEFAULT_HOURS) },
    help: { type: 'boolean', default: false },
  },
})

if (values.help || values.out === undefined) {
  console.log(usage)
  process.exitCode = values.help ? 0 : 2
} else {
  const started = performance.now()
  const files = writeExport({
    audit: parseBytes(values.audit),
    signIns: parseBytes(values.signins),
    seed: Number.parseInt(values.seed, 10),
    out: values.out,
    end: values.end,
    hours: Number(values.hours),
  })
  const seconds = (performance.now() - started) / 1000
  for (const { path, bytes, rows } of files) {
    console.log(
      `${path}: ${rows} rows, ${(bytes / 1e6).toFixed(1)} MB, ${Math.round(bytes / rows)} B a row`,
    )
  }
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  console.log(`${seconds.toFixed(2)} s, ${Math.round(total / 1e6 / seconds)} MB/s`)
}
