const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
}

/** Characters that XML 1.0 cannot have in any form, halves of pairs too. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are replaced
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu

/** The text with what XML cannot have shown as an escape. */
function allowed(text: string): string {
  return text.replace(
    FORBIDDEN,
    character => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
}

/** The text as it stands in a quoted attribute. */
export function attributeText(text: string): string {
  return allowed(text).replace(/[&<>"\n\r\t]/g, character => ENTITIES[character] ?? character)
}

/** The text as it stands in an element. */
export function elementText(text: string): string {
  return allowed(text).replace(/[&<>\r]/g, character => ENTITIES[character] ?? character)
}
