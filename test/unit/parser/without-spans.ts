/** The tree without `span` and `operatorSpan`, for comparing trees of different texts. */
export function withoutSpans(value: unknown): unknown {
  if (value instanceof Map) {
    return new Map(Array.from(value, ([key, item]) => [key, withoutSpans(item)]))
  }
  if (Array.isArray(value)) return value.map(withoutSpans)
  if (value === null || typeof value !== 'object') return value
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'span' && key !== 'operatorSpan')
      .map(([key, item]) => [key, withoutSpans(item)]),
  )
}
