/** JSON in which a long is a number of any size, or its text where numbers cannot have it. */
export function jsonText(value: unknown, indent?: number): string {
  const plain = (_: string, item: unknown) => {
    if (typeof item !== 'bigint') return item
    const number = Number(item)
    return Number.isSafeInteger(number) ? number : String(item)
  }
  return JSON.stringify(value, plain, indent)
}
