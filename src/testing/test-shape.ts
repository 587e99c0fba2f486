import { isMap, type Node } from 'yaml'
import { parseDuration } from '../rules/duration.ts'
import {
  either,
  entriesOf,
  listOf,
  located,
  mapOf,
  mapped,
  oneOf,
  path,
  record,
  type Shape,
  scalarShape,
  spanOf,
  text,
} from '../rules/shape.ts'
import type { Span } from '../text/span.ts'
import { parseDatetime } from '../types/datetime.ts'
import { SCALAR_TYPES } from '../types/scalar-type.ts'
import { expectShape, testTime } from './expect-shape.ts'
import type { AcceptedMutant, Row, RuleTest, Stubs, TestFile } from './model.ts'
import { MUTATION_OPERATORS } from './mutation/operators.ts'
import { givenShape, rowShape } from './row-shape.ts'

const now = scalarShape(
  'a time such as 2026-03-17T15:00:00Z',
  { type: 'string', description: 'The time of the run, from which times such as -25m count.' },
  (value, source) => parseDatetime(typeof value === 'string' ? value : source) ?? undefined,
)

const runs = record(
  {
    from: testTime('No run is before it.'),
    to: testTime('No run is after it.'),
    anchor: testTime('A time at which the rule runs: its schedule goes on in both directions.'),
    delay: scalarShape(
      'a duration such as 5m or PT5M',
      { type: 'string', description: 'How long after its TimeGenerated a row arrives.' },
      value => (typeof value === 'string' ? parseDuration(value) : undefined),
    ),
  },
  'a map with from, to, anchor and delay',
  [],
  'all',
)

const rows = listOf(rowShape, 'a list of rows', 'The items.')

const watchlist = either<readonly Row[], { rows?: readonly Row[]; searchKey?: string }>(
  rows,
  record(
    { rows, searchKey: text('The column that is the search key.') },
    'a map with rows and searchKey',
    ['rows'],
  ),
)

const stubs = {
  watchlists: mapped(
    entriesOf(watchlist, 'a map of aliases and watchlists', 'Watchlists in place of real ones.'),
    entries =>
      entries.map(({ name, span, value }) => ({
        alias: name,
        span,
        ...('searchKey' in value || 'rows' in value
          ? { ...value, rows: value.rows ?? [] }
          : { rows: value as readonly Row[] }),
      })),
  ),
  functions: mapOf(
    text('Its text, as a .kql file has it.'),
    'a map of functions and their texts',
    'Functions in place of real ones.',
  ),
}

interface StubFields {
  readonly watchlists?: Stubs['watchlists']
  readonly functions?: Stubs['functions']
}

function stubsOf({ watchlists, functions }: StubFields): Stubs {
  return { watchlists: watchlists ?? [], functions: functions ?? new Map() }
}

/** `true` would give none, and `false` would not mean that it runs. */
const reason = scalarShape(
  'the reason for which the test does not run',
  { type: 'string', description: 'The reason for which it does not run.' },
  value => (typeof value === 'string' && value !== '' ? value : undefined),
)

const testFields = record(
  {
    name: located(text('What the test shows.')),
    skip: reason,
    base: located(text('The fixture whose tables it starts from.')),
    now,
    runs,
    given: givenShape,
    ...stubs,
    expect: expectShape,
  },
  'a test: a map with name and expect',
  ['name', 'expect'],
  ['name', 'expect', 'skip', 'base', 'now', 'runs'],
)

const test: Shape<RuleTest> = mapped(testFields, (read, node): RuleTest | undefined => {
  const { name, expect, base, now: at, runs: times, given, skip, watchlists, functions } = read
  if (name === undefined || expect === undefined) return undefined
  return {
    name: name.value,
    span: name.span,
    whole: spanOf(node),
    ...(base === undefined ? {} : { base: { name: base.value, span: base.span } }),
    ...(at === undefined ? {} : { now: at }),
    ...(times === undefined ? {} : { runs: times }),
    given: given ?? [],
    stubs: stubsOf({ ...(watchlists && { watchlists }), ...(functions && { functions }) }),
    expect,
    expectSpans: partsOf(node),
    ...(skip === undefined ? {} : { skip }),
  }
})

/** Where `expect` and its parts stand. */
function partsOf(node: Node): Map<string, Span> {
  const spans = new Map<string, Span>()
  const expected: unknown = isMap(node) ? node.get('expect', true) : undefined
  if (expected === undefined) return spans
  spans.set('', spanOf(expected as Node))
  if (isMap(expected)) {
    for (const { key, value } of expected.items) {
      spans.set(String(key), spanOf(value as Node))
    }
  }
  return spans
}

const tests = listOf(test, 'a list of tests', 'The tests.')

const acceptedMutant = mapped(
  record(
    {
      operator: oneOf(MUTATION_OPERATORS, 'What kind of change it is.'),
      at: text('What is changed, as the query has it.'),
      becomes: text('What comes in its place, where one place has several such mutants.'),
      reason: text('Why no test has to tell it from the rule.'),
    },
    'a map with operator, at and reason',
    ['operator', 'at', 'reason'],
  ),
  ({ operator, at, reason, becomes }, node): AcceptedMutant | undefined => {
    if (operator === undefined || at === undefined || reason === undefined) return undefined
    return {
      operator,
      at,
      reason,
      span: spanOf(node),
      ...(becomes === undefined ? {} : { becomes }),
    }
  },
)

const fileFields = record(
  {
    $schema: text('The JSON Schema of this file, for editors.'),
    rule: located(path('The rule, where it is not the file of the same name beside this one.')),
    now,
    schemas: mapOf(
      mapOf(oneOf(SCALAR_TYPES, 'The type.'), 'a map of columns and types', 'Columns, in order.'),
      'a map of tables and columns',
      'Columns of tables that are not built in, or in place of the built-in ones.',
    ),
    fixtures: mapOf(
      givenShape,
      'a map of fixtures',
      'Tables that tests start from (`base`), by names of your own.',
    ),
    ...stubs,
    mutants: listOf(
      acceptedMutant,
      'a list of mutants',
      'Mutants of the rule that the tests need not tell from it.',
    ),
    tests,
  },
  'a map with tests',
  ['tests'],
)

/** What a file of tests says, without its text. */
export type TestContent = Omit<TestFile, 'source'>

/** A file of tests. */
export const TEST_FILE_SHAPE: Shape<TestContent> = mapped(fileFields, read => {
  const { rule, now: at, schemas, fixtures, watchlists, functions } = read
  return {
    ...(rule === undefined ? {} : { rule: { path: rule.value, span: rule.span } }),
    ...(at === undefined ? {} : { now: at }),
    schemas: schemas ?? new Map(),
    fixtures: fixtures ?? new Map(),
    stubs: stubsOf({ ...(watchlists && { watchlists }), ...(functions && { functions }) }),
    accepted: read.mutants ?? [],
    tests: read.tests ?? [],
  }
})

/** The field `tests` of a rule: what a file of tests has, or the tests alone. */
export const RULE_TESTS_SHAPE: Shape<TestContent> = either<TestContent, TestContent>(
  mapped(tests, list => ({
    schemas: new Map(),
    fixtures: new Map(),
    stubs: stubsOf({}),
    accepted: [],
    tests: list,
  })),
  TEST_FILE_SHAPE,
)

/** The JSON Schema of a file of tests. */
export function testFileSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Tests of a rule',
    description:
      'What kqlab test runs: rows that a rule is given, and what it has to make of them.',
    ...TEST_FILE_SHAPE.schema,
  }
}
