/** The fields of the first record of comma-separated text (RFC 4180). */
export function csvFields(text: string): string[] {
  const fields: string[] = []
  let at = 0
  for (;;) {
    let field = ''
    if (text[at] === '"') {
      at++
      for (; at < text.length; at++) {
        if (text[at] === '"') {
          if (text[at + 1] !== '"') break
          at++
        }
        field += text[at]
      }
      at++
    }
    const end = endOfField(text, at)
    fields.push(field + text.slice(at, end))
    if (text[end] !== ',') return fields
    at = end + 1
  }
}

function endOfField(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const character = text[at]
    if (character === ',' || character === '\n' || character === '\r') return at
  }
  return text.length
}
