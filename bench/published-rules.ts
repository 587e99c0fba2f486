import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { here } from './measure.ts'

/** A rule of the project's `rules` folder. */
export interface PublishedRule {
  /** How the programs of this folder call it. */
  readonly key: 'pim' | 'tap'
  readonly slug: string
  readonly name: string
  readonly query: string
  /** The tables it reads, in the order in which a plain script needs them. */
  readonly tables: readonly string[]
}

/** Both published rules, read from their YAML. */
export function publishedRules(): readonly PublishedRule[] {
  return [
    read('pim', 'pim-role-activation-followed-by-non-interactive-token-use', [
      'AuditLogs',
      'AADNonInteractiveUserSignInLogs',
    ]),
    read('tap', 'temporary-access-pass-created-for-user-account', ['AuditLogs']),
  ]
}

function read(key: 'pim' | 'tap', slug: string, tables: readonly string[]): PublishedRule {
  const path = here(`../rules/${slug}/${slug}.yaml`)
  const document = parse(readFileSync(path, 'utf8')) as { name?: unknown; query?: unknown }
  const { name, query } = document
  if (typeof name !== 'string' || typeof query !== 'string') {
    throw new Error(`${path} has no name or no query`)
  }
  return { key, slug, name, query, tables }
}
