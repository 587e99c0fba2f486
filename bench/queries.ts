import { readFileSync } from 'node:fs'
import { here } from './measure.ts'

const AUDIT = 'AuditLogs'
const SIGN_INS = 'AADNonInteractiveUserSignInLogs'

/** A query of `queries/`, which no selective text makes cheap. */
export interface BenchQuery {
  /** The name of its file, and what `duckdb.mjs` calls it. */
  readonly key: string
  readonly path: string
  /** What it computes: the comment at its head. */
  readonly title: string
  readonly tables: readonly string[]
}

/** The five queries, each with the tables that it reads. */
export function benchQueries(): readonly BenchQuery[] {
  return [
    read('many-addresses', SIGN_INS),
    read('first-operation', AUDIT),
    read('unknown-address', AUDIT, SIGN_INS),
    read('changed-properties', AUDIT),
    read('methods', SIGN_INS),
  ]
}

function read(key: string, ...tables: readonly string[]): BenchQuery {
  const path = here(`queries/${key}.kql`)
  const title = /^\/\/ (.*)$/m.exec(readFileSync(path, 'utf8'))?.[1]
  if (title === undefined) throw new Error(`${path} does not begin with a comment`)
  return { key, path, title, tables }
}
