import { globSync, readFileSync } from 'node:fs'
import { everyFunction } from '../../src/engine/functions/library.ts'
import { PLUGINS } from '../../src/engine/operators/plugins/registry.ts'
import { OPERATORS } from '../../src/engine/operators/registry.ts'
import { loadRule } from '../../src/rules/load-rule.ts'
import { Catalog } from '../../src/tables/catalog.ts'
import type { Schema } from '../../src/types/schema.ts'
import { readCaseFiles } from '../conformance/case-file.ts'

/** A query that this project holds somewhere, with the tables that it brings along. */
export interface OwnQuery {
  /** Where it stands. */
  readonly source: string
  readonly text: string
  readonly tables: Readonly<Record<string, Schema>>
}

const ROOT = new URL('../../', import.meta.url)

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8')
}

/** The examples of every function, operator and plugin. */
export function exampleQueries(): OwnQuery[] {
  return [...everyFunction(), ...Object.values(OPERATORS), ...PLUGINS].flatMap(
    ({ name, examples }) =>
      examples.map(({ query }) => ({ source: `example of ${name}`, text: query, tables: {} })),
  )
}

/** The queries of the bundled rules. */
export function ruleQueries(): OwnQuery[] {
  return globSync('rules/*/*.yaml', { cwd: ROOT }).flatMap(path => {
    const { rule } = loadRule(read(path))
    return rule === undefined ? [] : [{ source: path, text: rule.query.text, tables: {} }]
  })
}

/** The queries of the conformance cases, those that run and those that must not. */
export function caseQueries(): OwnQuery[] {
  return readCaseFiles().flatMap(({ path, cases }) =>
    cases.map(({ query, tables }) => ({
      source: `test/conformance/${path}`,
      text: query,
      tables: Object.fromEntries(
        Object.entries(tables).map(([name, { schema }]) => [name, schema]),
      ),
    })),
  )
}

/** Tables whose data in the README have a column beyond the built-in ones. */
const README_TABLES: Readonly<Record<string, Schema>> = {
  SigninLogs: [
    ...(Catalog.builtin().schemaOf('SigninLogs') ?? []),
    { name: 'user', type: 'string' },
  ],
}

/** The queries of the README: quoted after `query` in its commands and programs, or blocks of KQL. */
export function readmeQueries(): OwnQuery[] {
  const text = read('README.md')
  const blocks = [...text.matchAll(/```kql\n([\s\S]*?)```/g)].map(match => match[1]!)
  const quoted = [...text.matchAll(/\b(?:query|prepare|explain|check)[ (]\s*(['"`])([\s\S]*?)\1/g)]
  return [...blocks, ...quoted.map(match => match[2]!)].map(query => ({
    source: 'README.md',
    text: query,
    tables: README_TABLES,
  }))
}
