const UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9 }

/** The number of bytes in `50MB`, `1.5 GB`, or `1000`; throws `RangeError` on anything else. */
export function parseBytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim())
  const unit = UNITS[match?.[2]?.toUpperCase() ?? '?']
  if (!match || unit === undefined) throw new RangeError(`not a size: ${text}`)
  return Math.round(Number(match[1]) * unit)
}
