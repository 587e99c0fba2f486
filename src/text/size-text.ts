const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB']

/** Bytes as people say them, by powers of 1024: `1536 bytes`, `300 MB`, `1.5 GB`. */
export function sizeText(bytes: number): string {
  let unit = 0
  let size = bytes
  while (size >= 1024 && unit < UNITS.length - 1 && Number.isInteger((size * 8) / 1024)) {
    size /= 1024
    unit++
  }
  while (size >= 10_000 && unit < UNITS.length - 1) {
    size /= 1024
    unit++
  }
  return `${Number.isInteger(size) ? size : size.toFixed(1)} ${UNITS[unit]}`
}
