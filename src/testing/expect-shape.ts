import { isMap } from 'yaml'
import { didYouMean } from '../engine/binder/suggest.ts'
import { IDENTIFIERS } from '../rules/entity-types.ts'
import { RULE_SEVERITIES } from '../rules/rule.ts'
import {
  anyText,
  bool,
  either,
  entriesOf,
  listOf,
  mapOf,
  mapped,
  nameOf,
  oneOf,
  oneOrMore,
  record,
  type Shape,
  scalarShape,
  spanOf,
  text,
  wholeNumber,
} from '../rules/shape.ts'
import { SCALAR_TYPES, type ScalarType } from '../types/scalar-type.ts'
import type {
  Expectation,
  ExpectedAlert,
  ExpectedColumn,
  ExpectedEntity,
  ExpectedIncident,
  TestTime,
} from './model.ts'
import { rowShape } from './row-shape.ts'
import { parseTestTime } from './test-time.ts'

/** A time, or one from `now`. */
export function testTime(description: string): Shape<TestTime> {
  const what = 'a time such as 2026-03-17T15:00:00Z, or one from now such as -25m'
  return scalarShape(what, { type: 'string', description }, (value, source) =>
    parseTestTime(typeof value === 'string' ? value : source),
  )
}

const entity: Shape<readonly ExpectedEntity[]> = mapped(
  entriesOf(
    mapOf(anyText('The value.'), 'a map of identifiers and values', 'Identifiers that matter.'),
    'a map of entity types and identifiers',
    'Identifiers by type: `Account: { FullName: a@example.com }`.',
  ),
  (entries, _node, { bag, code }) =>
    entries.flatMap(({ name, span, value }): ExpectedEntity[] => {
      if (Object.hasOwn(IDENTIFIERS, name)) return [{ type: name, identifiers: value }]
      const hint = didYouMean(name, Object.keys(IDENTIFIERS))
      bag.error(code, `There is no type of entity \`${name}\`.`, span, hint)
      return []
    }),
)

const alert: Shape<ExpectedAlert> = mapped(
  record(
    {
      title: anyText('Its name, after alertDisplayNameFormat.'),
      description: anyText('Its description, after alertDescriptionFormat.'),
      severity: oneOf(RULE_SEVERITIES, 'Its severity.'),
      tactics: listOf(text('A tactic.'), 'a list of tactics', 'Its tactics.'),
      techniques: listOf(text('A technique.'), 'a list of techniques', 'Its techniques.'),
      entities: listOf(entity, 'a list of entities', 'All of its entities, in any order.'),
      customDetails: mapOf(
        oneOrMore(anyText('A value.'), 'The values.'),
        'a map of keys and values',
        'Custom details that matter, by key.',
      ),
      rows: wholeNumber('How many rows it is about.'),
      run: testTime('When the run was that raised it.'),
    },
    'an alert: a map of what of it matters',
    [],
    'all',
  ),
  ({ entities, ...rest }) => ({
    ...rest,
    ...(entities === undefined ? {} : { entities: entities.flat() }),
  }),
)

const incident: Shape<ExpectedIncident> = record(
  {
    title: text('Its title.'),
    severity: oneOf(RULE_SEVERITIES, 'Its severity.'),
    alerts: wholeNumber('How many alerts it has.'),
  },
  'an incident: a map of what of it matters',
  [],
  'all',
)

/** A number of things, or the things themselves. */
function countOrList<T>(
  item: Shape<T>,
  description: string,
): Shape<{ readonly count: number } | { readonly list: readonly T[] }> {
  const number = wholeNumber(description)
  const counted = mapped(number, count => ({ count }))
  const listed = mapped(oneOrMore(item, description), list => ({ list }))
  return either<{ readonly count: number }, { readonly list: readonly T[] }>(counted, listed)
}

const columnNames = mapped(
  listOf(text('A column.'), 'a list of columns', 'The columns, in order.'),
  names => names.map((name): ExpectedColumn => ({ name })),
)

const columnTypes = mapped(
  entriesOf(
    oneOf(SCALAR_TYPES, 'The type.'),
    'a map of columns and types',
    'The columns and their types, in order.',
  ),
  entries =>
    entries.map(({ name, value }): { name: string; type: ScalarType } => ({ name, type: value })),
)

const details = record(
  {
    rows: countOrList(rowShape, 'How many rows, or the rows: of each the columns that matter.'),
    others: bool('Whether there may be rows that are not listed.'),
    exact: bool('Whether columns that a listed row does not name are empty.'),
    ordered: bool('Whether the rows are in the order of the list.'),
    columns: either<readonly ExpectedColumn[], readonly ExpectedColumn[]>(columnNames, columnTypes),
    alerts: countOrList(alert, 'How many alerts, or the alerts: of each what matters.'),
    incidents: countOrList(incident, 'How many incidents, or what of each matters.'),
    findings: listOf(
      text('A code such as KQL500.'),
      'a list of codes',
      'What a replay has to say of the rule: each code once.',
    ),
  },
  'a map of what is expected',
  [],
  'all',
)

const PLAIN = { others: false, exact: false, ordered: false } as const

const words = mapped(
  oneOf(['none', 'rows', 'alerts'], 'Nothing, a row at least, or an alert at least.'),
  (word): Expectation =>
    word === 'none'
      ? { ...PLAIN, rows: { count: 0 }, alerts: { count: 0 } }
      : { ...PLAIN, some: word },
)

const ROW_SETTINGS = ['others', 'exact', 'ordered'] as const

const full = mapped(details, (read, node, { bag, code }): Expectation | undefined => {
  const { rows } = read
  // A part that could not be read was meant all the same.
  const names = isMap(node) ? node.items.map(({ key }) => nameOf(key)) : []
  const parts = names.filter(name => !ROW_SETTINGS.some(each => each === name))
  if (parts.length === 0) {
    const hint = 'Expect none, rows, alerts, columns, incidents or findings.'
    bag.error(code, 'The test expects nothing in particular.', spanOf(node), hint)
    return undefined
  }
  const setting = ROW_SETTINGS.find(name => read[name] === true)
  if (setting !== undefined && (rows === undefined || 'count' in rows)) {
    bag.error(code, `\`${setting}\` says nothing without a list of rows.`, spanOf(node))
    return undefined
  }
  if (read.others === true && rows !== undefined && 'list' in rows && rows.list.length === 0) {
    const hint = 'Leave `others` out where there are to be no rows.'
    bag.error(code, 'With `others`, an empty list of rows expects nothing.', spanOf(node), hint)
    return undefined
  }
  return { ...PLAIN, ...read }
})

/** What a test expects. */
export const expectShape: Shape<Expectation> = either<Expectation, Expectation>(words, full)
