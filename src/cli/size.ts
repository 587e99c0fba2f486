const SIZE = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i
const SIZE_UNITS = ['', 'k', 'm', 'g', 't']

/** Bytes of a size such as 512M or 4GB, by powers of 1024; undefined where it is none. */
export function parseSize(text: string): number | undefined {
  const match = SIZE.exec(text.trim())
  if (match === null) return undefined
  const [, number = '', unit = ''] = match
  const bytes = Math.round(Number(number) * 1024 ** SIZE_UNITS.indexOf(unit.toLowerCase()))
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined
}
