/** A value of a row or an alert in one line: JSON, longs of any size as numbers, NaN by its name. */
export function valueText(value: unknown): string {
  if (isNoJson(value)) return String(value)
  const text = JSON.stringify(value, (_, item: unknown) => (isNoJson(item) ? String(item) : item))
  return text ?? 'nothing'
}

/** The same, cut where it is long. */
export function shortText(value: unknown, most = 160): string {
  const text = valueText(value)
  return text.length > most ? `${text.slice(0, most)}…` : text
}

function isNoJson(value: unknown): value is bigint | number {
  return typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))
}
