/**
 * JSON of a value as results give them: a long is a number where that is exact, and its text beyond; NaN
 * and the infinities are text.
 */
export function plainJson(value: unknown, indent?: number): string {
  const plain = (_: string, item: unknown) => {
    if (typeof item === 'number' && !Number.isFinite(item)) return String(item)
    if (typeof item !== 'bigint') return item
    const number = Number(item)
    return Number.isSafeInteger(number) ? number : String(item)
  }
  return JSON.stringify(value, plain, indent)
}
