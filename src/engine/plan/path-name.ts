import type { PathStep } from '../../tables/source.ts'

/** What no column of a user is called: a name with it at its start is that of a path. */
const MARK = '\0'

/** The name under which a scan gives what is at a path in a column; it may be that of all of the column. */
export function pathName(column: string, steps: readonly PathStep[]): string {
  return MARK + JSON.stringify([column, ...steps])
}

/** The path that such a name is that of; undefined for other names. */
export function pathOf(
  name: string,
): { readonly column: string; readonly steps: readonly PathStep[] } | undefined {
  if (!name.startsWith(MARK)) return undefined
  const [column = '', ...steps] = JSON.parse(name.slice(MARK.length)) as [string, ...PathStep[]]
  return { column, steps }
}
