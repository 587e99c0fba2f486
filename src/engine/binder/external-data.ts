import type {
  ExternalDataSyntax,
  LiteralSyntax,
  NameSyntax,
  OperatorParameterSyntax,
} from '../../parser/syntax.ts'
import type { ExternalColumn, ExternalReading } from '../../tables/external/external-table.ts'
import { type Dynamic, isBag } from '../../types/dynamic.ts'
import { dynamicToText, parseDynamic } from '../../types/dynamic-json.ts'
import { parseJsonPath } from '../../types/json-path.ts'
import type { Schema } from '../../types/schema.ts'
import type { Plan } from '../plan/nodes.ts'
import type { Binder } from './context.ts'
import { ColumnNames } from './naming.ts'

/** Binds `externaldata`: it has the columns that it declares, whatever the data are. */
export function bindExternalData(binder: Binder, syntax: ExternalDataSyntax): Plan {
  const { span } = syntax
  const names = new ColumnNames()
  for (const { name } of syntax.columns) {
    if (names.claim(name.name)) continue
    const message = `A column with the name \`${name.name}\` is already declared.`
    return binder.failTabular('KS171', message, name.span)
  }
  const schema = syntax.columns.map(({ name, type }) => ({ name: name.name, type }))
  const addresses = syntax.sources.map(source => binder.constant(source, 'string'))
  const reading = bindReading(binder, syntax.properties, schema)
  if (reading === undefined || addresses.some(address => binder.isFailed(address))) {
    return binder.failedPlan(span)
  }
  return { kind: 'external', schema, addresses, reading, span }
}

/** How the properties say that the data are read; undefined after a fault. */
function bindReading(
  binder: Binder,
  properties: readonly OperatorParameterSyntax[],
  schema: Schema,
): ExternalReading | undefined {
  let format: string | undefined
  let skipFirst = false
  let columns: readonly ExternalColumn[] | undefined = schema.map((column, ordinal) => ({
    ...column,
    path: [column.name],
    ordinal,
  }))
  for (const { name, value, span } of properties) {
    switch (name.toLowerCase()) {
      case 'format':
        format = textOf(value).toLowerCase()
        break
      case 'ignorefirstrecord': {
        const flag = textOf(value).toLowerCase()
        if (flag !== 'true' && flag !== 'false') {
          binder.fail('KS107', 'A value of type bool is expected.', value.span)
          return undefined
        }
        skipFirst = flag === 'true'
        break
      }
      case 'ingestionmapping':
        columns = mappedColumns(binder, value, schema)
        if (columns === undefined) return undefined
        break
      default:
        binder.fail('KQL101', `The property \`${name}\` of externaldata is not supported.`, span)
        return undefined
    }
  }
  return { columns, skipFirst, ...(format === undefined ? {} : { format }) }
}

function textOf(value: NameSyntax | LiteralSyntax): string {
  return value.kind === 'name' ? value.name : String(value.value)
}

/**
 * The declared columns where the mapping has them; one that it does not name is null. undefined after
 * a fault.
 * @see https://learn.microsoft.com/kusto/management/mappings
 */
function mappedColumns(
  binder: Binder,
  value: NameSyntax | LiteralSyntax,
  schema: Schema,
): ExternalColumn[] | undefined {
  const elements = parseDynamic(textOf(value))
  if (!Array.isArray(elements)) {
    binder.fail('KS128', 'An ingestion mapping is a JSON array of its columns.', value.span)
    return undefined
  }
  const mapped = new Map<string, ExternalColumn>()
  for (const element of elements) {
    const members = textMembers(element)
    const column = members?.get('column') ?? members?.get('name') ?? ''
    const declared = schema.find(({ name }) => name === column)
    if (members === undefined || declared === undefined) {
      const message = `The ingestion mapping names a column that is not declared: '${column}'.`
      binder.fail('KS142', message, value.span)
      return undefined
    }
    const place = placeOf(textMembers(propertiesOf(element)) ?? members)
    if (typeof place === 'string') {
      binder.fail('KQL101', `The ingestion mapping of \`${declared.name}\`: ${place}`, value.span)
      return undefined
    }
    mapped.set(declared.name, { ...declared, ...place })
  }
  return schema.map(column => mapped.get(column.name) ?? column)
}

/** The slot `Properties` of an element, where it has one. */
function propertiesOf(element: Dynamic): Dynamic {
  if (!isBag(element)) return null
  return element.get('Properties') ?? element.get('properties') ?? null
}

/** The slots of a bag as texts, by their names in lower case; undefined for what is none. */
function textMembers(value: Dynamic): Map<string, string> | undefined {
  if (!isBag(value)) return undefined
  return new Map([...value].map(([name, slot]) => [name.toLowerCase(), dynamicToText(slot)]))
}

type Place = Omit<ExternalColumn, 'name' | 'type'>

/** Where the properties of a mapping's element say that a column is, or what is wrong with them. */
function placeOf(properties: ReadonlyMap<string, string>): Place | string {
  const transform = properties.get('transform') ?? ''
  if (transform !== '' && transform.toLowerCase() !== 'none') {
    return `the transformation ${transform} is not supported.`
  }
  const constant = properties.get('constvalue') ?? properties.get('constantvalue')
  if (constant !== undefined) return { constant }
  const ordinal = properties.get('ordinal')
  if (ordinal !== undefined) {
    return /^\d{1,6}$/.test(ordinal)
      ? { ordinal: Number(ordinal) }
      : `'${ordinal}' is no position of a column.`
  }
  const text = properties.get('path') ?? ''
  const path = parseJsonPath(text)
  return path === undefined ? `'${text}' is no path.` : { path }
}
