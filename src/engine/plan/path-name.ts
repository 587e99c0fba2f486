import type { PathStep } from '../../tables/source.ts'

/** What no column of a user is called: a name with it at its start is that of a path. */
const MARK = '\0'

/** The name under which a scan gives what is at a path in a column; it may be that of all of the column. */
export function pathName(column: string, steps: readonly PathStep[]): string {
  let name = MARK + counted(column)
  for (const step of steps) name += typeof step === 'number' ? `#${step};` : counted(step)
  return name
}

/** The text behind its length, so that what follows is told from it. */
function counted(text: string): string {
  return `${text.length}:${text}`
}

/** The path that such a name is that of; undefined for other names. */
export function pathOf(
  name: string,
): { readonly column: string; readonly steps: readonly PathStep[] } | undefined {
  if (!name.startsWith(MARK)) return undefined
  const [column = '', ...steps] = parts(name.slice(MARK.length))
  return { column: String(column), steps }
}

function parts(text: string): PathStep[] {
  const found: PathStep[] = []
  for (let at = 0; at < text.length; ) {
    const isNumber = text[at] === '#'
    const end = text.indexOf(isNumber ? ';' : ':', at)
    const number = Number(text.slice(isNumber ? at + 1 : at, end))
    at = end + 1
    if (isNumber) found.push(number)
    else {
      found.push(text.slice(at, at + number))
      at += number
    }
  }
  return found
}
