import { existsSync, readFileSync } from 'node:fs'

const SHARED = new URL('../../../shared/', import.meta.url)

/** Where the reference data beside the project keep that file; undefined where they are absent. */
export function sharedFile(path: string): URL | undefined {
  const url = new URL(path, SHARED)
  return existsSync(url) ? url : undefined
}

/** The JSON value in a file of the reference data. */
export function sharedJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, SHARED), 'utf8'))
}

/** The JSON values of a file of the reference data that has one a line. */
export function sharedLines(path: string): unknown[] {
  const text = readFileSync(new URL(path, SHARED), 'utf8')
  return text.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line)]))
}
