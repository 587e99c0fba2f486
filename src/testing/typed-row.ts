import { didYouMean } from '../engine/binder/suggest.ts'
import { stringValue } from '../lexer/string-literal.ts'
import { isJsonContainerText } from '../tables/json/string-json.ts'
import type { PathStep } from '../tables/source.ts'
import type { DiagnosticBag } from '../text/diagnostic.ts'
import { type Dynamic, isArray, isBag } from '../types/dynamic.ts'
import { findColumn, type Schema } from '../types/schema.ts'
import type { Field, Row } from './model.ts'
import { type TypedValue, typedValue } from './typed-value.ts'

/** A row whose values have the types of their columns; others are null, or empty where they are texts. */
export type TypedRow = ReadonlyMap<string, TypedValue>

/**
 * The row in a table of the schema, on top of `base`. A field may name a path into a dynamic column.
 * Faults are reported; their fields are left out.
 */
export function typedRow(
  row: Row,
  schema: Schema,
  table: string,
  bag: DiagnosticBag,
  base?: TypedRow,
): TypedRow {
  const typed = new Map<string, TypedValue>(base)
  // The names of a map have no order: a column that stands below a path into it takes nothing away.
  const others: Field[] = []
  for (const field of row.fields) {
    const column = findColumn(schema, field.name)
    if (column === undefined) {
      others.push(field)
      continue
    }
    if (column.type === 'dynamic') checkText(field, bag)
    const given = typedValue(column.type, field.value, field.name, bag)
    if (given !== undefined) typed.set(column.name, given)
  }
  for (const field of others) addAtPath(typed, field, schema, table, bag)
  return typed
}

/** Adds the value of a field that names a path into a column. */
function addAtPath(
  typed: Map<string, TypedValue>,
  field: Field,
  schema: Schema,
  table: string,
  bag: DiagnosticBag,
): void {
  const { name, nameSpan, value } = field
  const path = pathOf(name)
  const root = path && findColumn(schema, path.column)
  if (path === undefined || root === undefined) {
    const wanted = path?.column ?? name
    const hint = didYouMean(
      wanted,
      schema.map(each => each.name),
    )
    bag.error('KQL602', `${table} has no column \`${wanted}\`.`, nameSpan, hint)
    return
  }
  if (root.type !== 'dynamic') {
    const message = `\`${root.name}\` is a ${root.type}: there is no path into it.`
    bag.error('KQL602', message, nameSpan)
    return
  }
  const before = (typed.get(root.name) ?? null) as Dynamic
  const after = withPath(before, path.steps, value.value)
  if (after !== undefined) typed.set(root.name, after)
  else bag.error('KQL602', `There is nothing at \`${name}\` that could be set.`, nameSpan)
}

/** A text that is JSON would be a value like any text, where readers of logs take it for what it holds. */
function checkText({ name, value }: Field, bag: DiagnosticBag): void {
  if (typeof value.value !== 'string' || !isJsonContainerText(value.value)) return
  const message = `\`${name}\` is given as a text; of logs it would be the map or list that the text holds.`
  bag.warning('KQL603', message, value.span, 'Write it as a map or list, without quotes.')
}

const QUOTED = String.raw`\[("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\]`
const COLUMN = new RegExp(String.raw`^(?:([A-Za-z_][\w-]*)|${QUOTED})`)
const STEP = new RegExp(String.raw`^(?:\.([^.[\]]+)|\[(\d{1,3})\]|${QUOTED})`)

/**
 * `TargetResources[0].displayName` as column and steps, `Properties["user-agent"]` too; undefined where the
 * text is no path.
 */
export function pathOf(text: string): { column: string; steps: readonly PathStep[] } | undefined {
  const [start, word, quoted = ''] = COLUMN.exec(text) ?? []
  if (start === undefined) return undefined
  const steps: PathStep[] = []
  let rest = text.slice(start.length)
  while (rest !== '') {
    const [step, name, index, literal = ''] = STEP.exec(rest) ?? []
    if (step === undefined) return undefined
    steps.push(name ?? (index === undefined ? stringValue(literal).text : Number(index)))
    rest = rest.slice(step.length)
  }
  return steps.length === 0 ? undefined : { column: word ?? stringValue(quoted).text, steps }
}

/**
 * The value with another one at the path; what is not there on the way is made, elements of an array up
 * to its next one. undefined where the path leads through something else.
 */
function withPath(value: Dynamic, steps: readonly PathStep[], leaf: Dynamic): Dynamic | undefined {
  const [step, ...rest] = steps
  if (step === undefined) return leaf
  if (typeof step === 'number') {
    const items = value === null ? [] : value
    if (!isArray(items) || step > items.length) return undefined
    const item = withPath(items[step] ?? null, rest, leaf)
    if (item === undefined) return undefined
    return step === items.length ? [...items, item] : items.with(step, item)
  }
  const members = value === null ? new Map<string, Dynamic>() : value
  if (!isBag(members)) return undefined
  const member = withPath(members.get(step) ?? null, rest, leaf)
  return member === undefined ? undefined : new Map(members).set(step, member)
}
