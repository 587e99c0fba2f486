import { type Dynamic, elementAt, memberOf } from './dynamic.ts'

/** The steps of a JSONPath from the root: names of slots and positions in arrays. */
export type JsonPath = readonly (string | number)[]

const STEP = /\.([^.[\]'"\s]+)|\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\d{1,9}))\s*\]/y

/**
 * The steps of a JSONPath in Kusto's subset: `$`, then `.name`, `['name']`, `["name"]`, `[0]`.
 * undefined for a text that is none.
 * @see https://learn.microsoft.com/kusto/query/jsonpath
 */
export function parseJsonPath(text: string): JsonPath | undefined {
  if (!text.startsWith('$')) return undefined
  const steps: (string | number)[] = []
  STEP.lastIndex = 1
  let at = 1
  while (at < text.length) {
    const [whole, name, single, double, index] = STEP.exec(text) ?? []
    if (whole === undefined) return undefined
    const quoted = single ?? double
    if (name !== undefined) steps.push(name)
    else if (quoted !== undefined) steps.push(quoted.replace(/\\(.)/g, '$1'))
    else steps.push(Number(index))
    at += whole.length
    STEP.lastIndex = at
  }
  return steps
}

/** What is at the path in the value; null where there is nothing. */
export function atPath(value: Dynamic, path: JsonPath): Dynamic {
  let found = value
  for (const step of path) {
    found = typeof step === 'string' ? memberOf(found, step) : elementAt(found, step)
  }
  return found
}
