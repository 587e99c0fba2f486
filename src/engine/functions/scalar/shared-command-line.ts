const BLANK = /[ \t]/

/**
 * The arguments of a Windows command line, as CommandLineToArgvW has them. The first is the program:
 * up to the next quote where it starts with one, else up to a blank. In the others, a quote begins or
 * ends a quoted part, two quotes end it and give one, and backslashes count as escapes only before a
 * quote: 2n of them give n and the quote its meaning, 2n + 1 give n and a quote.
 * @see https://learn.microsoft.com/windows/win32/api/shellapi/nf-shellapi-commandlinetoargvw
 */
export function parseWindowsCommandLine(line: string): readonly string[] {
  const quoted = line.startsWith('"')
  const end = quoted ? line.indexOf('"', 1) : line.search(BLANK)
  const program = line.slice(quoted ? 1 : 0, end < 0 ? line.length : end)
  const found = [program]
  let at = end < 0 ? line.length : end + 1
  for (;;) {
    while (BLANK.test(line.charAt(at))) at++
    if (at >= line.length) return found
    const argument = argumentAt(line, at)
    found.push(argument.text)
    at = argument.end
  }
}

function argumentAt(line: string, start: number): { text: string; end: number } {
  let text = ''
  let quoted = false
  let at = start
  while (at < line.length) {
    const character = line.charAt(at)
    if (character === '\\') {
      const begin = at
      while (line.charAt(at) === '\\') at++
      const count = at - begin
      if (line.charAt(at) !== '"') {
        text += '\\'.repeat(count)
        continue
      }
      text += '\\'.repeat(count >> 1)
      if (count % 2 === 1) {
        text += '"'
        at++
      }
    } else if (character === '"') {
      if (quoted && line.charAt(at + 1) === '"') {
        text += '"'
        at++
      }
      quoted = !quoted
      at++
    } else if (!quoted && BLANK.test(character)) {
      break
    } else {
      text += character
      at++
    }
  }
  return { text, end: at }
}
