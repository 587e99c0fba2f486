/** A piece of HTML, as opposed to text that is to be escaped. */
export class Html {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }
}

/** What can stand in a template: text is escaped, HTML is not, lists are joined. */
export type HtmlPart = string | number | Html | readonly HtmlPart[] | undefined

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it stands in HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return (
    text
      .replace(/[&<>"']/g, character => ENTITIES[character] ?? character)
      // Characters that HTML does not have, or that make text run backwards, are shown as such.
      .replace(HIDDEN, character => `\\u${hex(character)}`)
  )
}

const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}]/gu
const BREAKS: ReadonlySet<string> = new Set(['\n', '\t'])

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')
}

function printed(part: HtmlPart): string {
  if (part === undefined) return ''
  if (part instanceof Html) return part.source
  if (typeof part === 'number') return String(part)
  if (typeof part !== 'string') return part.map(printed).join('')
  if (!/[\n\t]/.test(part)) return escapeHtml(part)
  return part
    .split(/([\n\t])/)
    .map(piece => (BREAKS.has(piece) ? piece : escapeHtml(piece)))
    .join('')
}

/** HTML of a template whose values are escaped. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(String.raw({ raw: strings }, ...parts.map(printed)))
}
