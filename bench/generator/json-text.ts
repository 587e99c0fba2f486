/** `value` as compact JSON. */
export function json(value: unknown): string {
  return JSON.stringify(value)
}

/** JSON text inside a JSON string, as in `newValue` of a modified property. */
export function nested(value: unknown): string {
  return JSON.stringify(JSON.stringify(value))
}

/** JSON text inside a JSON string, indented by two, as string columns of sign-in logs hold it. */
export function nestedPretty(value: unknown): string {
  return JSON.stringify(JSON.stringify(value, null, 2))
}

const ESCAPED = /[&'+<>\u0080-\uffff]/g

/** Escapes, in JSON text, what .NET's default encoder escapes; the value stays the same. */
export function escapeLikeDotNet(jsonText: string): string {
  return jsonText.replace(
    ESCAPED,
    c => `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  )
}
