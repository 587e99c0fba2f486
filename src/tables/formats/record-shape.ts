import type { Schema } from '../../types/schema.ts'
import type { RecordColumn, RecordPath } from '../json/record-columns.ts'
import type { ColumnRule, ColumnRules } from './diagnostic-settings.ts'
import { CATEGORY_TABLES, ENVELOPE_RULES, TABLE_RULES } from './diagnostic-settings.ts'
import { GRAPH_AUDIT_RULES, GRAPH_SIGN_IN_RULES, GRAPH_SIGN_IN_TABLES } from './graph.ts'
import { tableOfCategory } from './table-names.ts'

/** What the members of a record mean. */
export type RecordShape =
  /** They are the columns of a row. */
  | 'row'
  /** They are the columns of a row, all as text, as `az monitor log-analytics query` prints it. */
  | 'az-cli'
  /** The envelope of diagnostic settings: `time`, `category`, `properties` and others. */
  | 'envelope'
  /** A `directoryAudit` of Microsoft Graph. */
  | 'graph-audit'
  /** A `signIn` of Microsoft Graph. */
  | 'graph-sign-in'

/** The shape of a record; undefined where nothing in it tells. */
export function shapeOf(record: Readonly<Record<string, unknown>>): RecordShape | undefined {
  const has = (name: string) => Object.hasOwn(record, name)
  if (isAzCli(record)) return 'az-cli'
  if (has('TimeGenerated') || has('Timestamp')) return 'row'
  if (typeof record['category'] === 'string' && (has('time') || has('properties'))) {
    return 'envelope'
  }
  if (has('activityDateTime') && has('activityDisplayName')) return 'graph-audit'
  if (has('createdDateTime') && has('appId') && (has('status') || has('ipAddress'))) {
    return 'graph-sign-in'
  }
  return has('Type') ? 'row' : undefined
}

function isAzCli(record: Readonly<Record<string, unknown>>): boolean {
  return (
    typeof record['TableName'] === 'string' &&
    Object.values(record).every(value => typeof value === 'string')
  )
}

/** The names of the shapes in reports. */
export const SHAPE_NAMES: Readonly<Record<RecordShape, string>> = {
  row: 'rows',
  'az-cli': 'az monitor log-analytics query output',
  envelope: 'diagnostic settings records',
  'graph-audit': 'Graph directory audits',
  'graph-sign-in': 'Graph sign-ins',
}

/** Where a record of a shape says which table it belongs to; undefined: it never does. */
export function deciderOf(shape: RecordShape): RecordPath | undefined {
  switch (shape) {
    case 'row':
    case 'az-cli':
      return ['Type']
    case 'envelope':
      return ['category']
    case 'graph-sign-in':
      return ['signInEventTypes', 0]
    case 'graph-audit':
      return undefined
  }
}

/**
 * The table that a record's own word stands for: its type, its category or its kind of sign-in.
 * undefined where the word is not known, or is missing and says nothing by that.
 */
export function tableOfWord(
  shape: RecordShape,
  word: string | undefined,
  isTable: (name: string) => boolean,
): string | undefined {
  switch (shape) {
    case 'row':
    case 'az-cli':
      return word !== undefined && (isTable(word) || word.endsWith('_CL')) ? word : undefined
    case 'envelope':
      return word === undefined ? undefined : tableOfCategory(word)
    case 'graph-sign-in':
      return GRAPH_SIGN_IN_TABLES[word ?? 'interactiveUser']
    case 'graph-audit':
      return 'AuditLogs'
  }
}

function categoryOf(table: string): string {
  return Object.keys(CATEGORY_TABLES).find(name => CATEGORY_TABLES[name] === table) ?? ''
}

/** A column that nothing in the record fills. */
function unfilled(name: string, type: RecordColumn['type']): RecordColumn {
  return { name, type, candidates: [] }
}

/** How the records of a shape give the columns of a table. */
export function columnsOf(shape: RecordShape, table: string, schema: Schema): RecordColumn[] {
  switch (shape) {
    case 'row':
      return withTimestamp(schema.map(({ name, type }) => ({ name, type, candidates: [[name]] })))
    case 'az-cli':
      return withTimestamp(schema.map(({ name, type }) => azCliColumn(name, type)))
    case 'envelope':
      return ruledColumns(table, schema, 'properties', [ENVELOPE_RULES, TABLE_RULES[table] ?? {}])
    case 'graph-audit':
      return ruledColumns(table, schema, undefined, [GRAPH_AUDIT_RULES])
    case 'graph-sign-in':
      return ruledColumns(table, schema, undefined, [
        GRAPH_SIGN_IN_RULES,
        { Category: { constant: categoryOf(table) } },
      ])
  }
}

/** Python's `str()` of null; in a string column it may as well be that text. */
const PYTHON_NULL: ReadonlyMap<string, null> = new Map([['None', null]])

function azCliColumn(name: string, type: RecordColumn['type']): RecordColumn {
  const column = { name, type, candidates: [[name]] }
  return type === 'string' ? column : { ...column, replace: PYTHON_NULL }
}

/** Defender calls Timestamp what Log Analytics calls TimeGenerated: each stands in for the other. */
function withTimestamp(columns: RecordColumn[]): RecordColumn[] {
  const others: Record<string, string> = { TimeGenerated: 'Timestamp', Timestamp: 'TimeGenerated' }
  return columns.map(column => {
    const other = others[column.name]
    return other === undefined || column.type !== 'datetime'
      ? column
      : { ...column, candidates: [...column.candidates, [other]] }
  })
}

/**
 * The general rule: a column is the property of its name in camel case. The last of `rules` that has
 * the column replaces it, and a property that a rule takes fills no other column.
 */
function ruledColumns(
  table: string,
  schema: Schema,
  properties: string | undefined,
  rules: readonly ColumnRules[],
): RecordColumn[] {
  const ruleOf = (name: string): ColumnRule | null | undefined =>
    rules.findLast(set => Object.hasOwn(set, name))?.[name]
  const taken = new Set<string>()
  for (const { name } of schema) for (const path of ruleOf(name)?.from ?? []) taken.add(path)
  return schema.map(({ name, type }) => {
    if (name === 'Type') return { name, type, candidates: [], constant: table }
    const rule = ruleOf(name)
    if (rule !== undefined) return rule === null ? unfilled(name, type) : ruled(name, type, rule)
    const property = camelCase(name)
    const path = properties === undefined ? property : `${properties}.${property}`
    if (name.startsWith('_') || taken.has(path)) return unfilled(name, type)
    return { name, type, candidates: [path.split('.')] }
  })
}

function ruled(name: string, type: RecordColumn['type'], rule: ColumnRule): RecordColumn {
  return {
    name,
    type,
    candidates: (rule.from ?? []).map(path => path.split('.')),
    ...(rule.values === undefined ? {} : { replace: new Map(Object.entries(rule.values)) }),
    ...(rule.constant === undefined ? {} : { constant: rule.constant }),
  }
}

/** `UserPrincipalName` to `userPrincipalName`, `IPAddress` to `ipAddress`, `Id` to `id`. */
export function camelCase(name: string): string {
  const capitals = /^[A-Z]+/.exec(name)?.[0] ?? ''
  const last =
    capitals.length < name.length && capitals.length > 1 ? capitals.length - 1 : capitals.length
  return name.slice(0, last).toLowerCase() + name.slice(last)
}
