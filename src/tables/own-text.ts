/** Texts of fewer code units are never views of longer ones. */
const LEAST_VIEW = 13

/**
 * The same text in memory of its own. A text that was cut out of a longer one keeps all of that in
 * memory: what stays when its batch goes should not.
 */
export function ownText(text: string): string {
  return text.length < LEAST_VIEW ? text : ` ${text}`.slice(1)
}
