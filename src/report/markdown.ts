/** Rows of a table in a comment on a change: those are at most 65,536 characters long. */
export const MARKDOWN_ROWS = 50
const MOST_CHARACTERS = 200

/** What is not shown, or makes text run backwards. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu

/**
 * Text from rules and logs as a span of code in GitHub's Markdown, also in a cell of a table: nothing in
 * it is a link, HTML, a mention or the end of the cell. Long text is cut.
 */
export function codeSpan(text: string): string {
  const cut = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text
  const plain = cut.replace(HIDDEN, character => {
    const code = (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')
    return `\\u${code}`
  })
  if (plain === '') return ''
  const longest = Math.max(0, ...(plain.match(/`+/g) ?? []).map(run => run.length))
  const fence = '`'.repeat(longest + 1)
  const padding = /^`|`$|^ .* $/.test(plain) ? ' ' : ''
  // A table's cell ends at a bar, in code too, unless a backslash is before it that no other one escapes.
  const inCell = plain.replace(/(\\*)\|/g, (_, before: string) =>
    before.length % 2 === 0 ? `${before}\\|` : `${before}\\u007c`,
  )
  return `${fence}${padding}${inCell}${padding}${fence}`
}

/** A table of cells that are Markdown already. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
