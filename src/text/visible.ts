/**
 * What a terminal would act upon instead of showing it: control characters, and those that change the
 * direction of text. Logs are written by strangers.
 */
const HIDDEN = /[\p{Cc}\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu
const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** The text with what a terminal would not show as escapes that it does show. */
export function visible(text: string): string {
  return text.replace(
    HIDDEN,
    character =>
      ESCAPES[character] ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
}
