import fc from 'fast-check'

/** The columns of lines. */
export const SCHEMA = {
  TimeGenerated: 'datetime',
  n: 'long',
  s: 'string',
  j: 'string',
  d: 'dynamic',
} as const

/** Lines without any of the words, so many that some of the file is left out. */
export const FILLER = Array.from(
  { length: 12_000 },
  (_, n) =>
    `{"TimeGenerated":"2026-02-0${1 + (n % 9)}T0${n % 10}:00:00.1234567Z","n":${n},"s":"hay ${n}","j":"{\\"x\\":\\"hay\\"}","d":{"x":"hay","list":[1,2]}}`,
)

const words = fc.constantFrom('needle', 'Needle', 'thread', 'Thread', 'needlethread', 'a cloth')
const parts = fc.constantFrom(
  ...[
    'needle',
    'Needle',
    'NEEDLE',
    'thread',
    'Thread',
    'needlethread',
    'cloth',
    'k',
    '\u212a',
    'ſ',
    's',
  ],
  ...[
    ' ',
    '-',
    '_',
    '@',
    '.',
    '"',
    '\\',
    '/',
    '\n',
    'é',
    '\u{1F600}',
    '1e10',
    '12',
    'true',
    'null',
    'u0041',
  ],
)
const text = fc.array(fc.oneof(words, parts), { maxLength: 4 }).map(items => items.join(''))

/** A text as JSON in which characters are escaped at random. */
function spelt(value: string, escapes: readonly boolean[]): string {
  return `"${value
    .split('')
    .map((char, at) => {
      const unit = char.charCodeAt(0).toString(16).padStart(4, '0')
      const isHalf = /[\ud800-\udfff]/.test(char)
      if (isHalf || escapes[at % escapes.length])
        return `\\u${at % 2 === 0 ? unit : unit.toUpperCase()}`
      return JSON.stringify(char).slice(1, -1)
    })
    .join('')}"`
}

const time = fc.constantFrom(
  '"2026-03-01T09:59:59.9999999Z"',
  '"2026-03-01T10:00:00Z"',
  '"2026-03-01T10:30:00.5Z"',
  '"2026-03-01T11:00:00.0000001Z"',
  '"2026-03-01T12:00:00+02:00"',
  '"2026-03-01"',
  '"20260301"',
  'null',
  '"2026-02-01T00:00:00Z"',
)

/** A line with a record, whole or cut off. */
export const record = fc
  .record({
    at: fc.option(time, { nil: undefined }),
    stamp: fc.option(time, { nil: undefined }),
    s: fc.oneof(text, fc.constant(5), fc.constant(true)),
    j: text,
    d: fc.oneof(text, fc.record({ x: text, list: fc.array(text, { maxLength: 3 }) })),
    inner: fc.option(time, { nil: undefined }),
    // A record with an escape of a letter always passes: most have none.
    escapes: fc.oneof(
      { weight: 3, arbitrary: fc.constant([false]) },
      { weight: 1, arbitrary: fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }) },
    ),
    cut: fc.integer({ min: 0, max: 300 }),
    blank: fc.constantFrom('', ' '),
  })
  .map(({ at, stamp, s, j, d, inner, escapes, cut, blank }) => {
    const json = (value: unknown): string => {
      if (typeof value === 'string') return spelt(value, escapes)
      if (Array.isArray(value)) return `[${value.map(json).join(',')}]`
      if (typeof value !== 'object' || value === null) return String(value)
      const members = Object.entries(value).map(([name, item]) => `"${name}":${blank}${json(item)}`)
      if (inner !== undefined) members.push(`"TimeGenerated":${inner}`)
      return `{${members.join(',')}}`
    }
    const members = [
      ...(stamp === undefined ? [] : [`"Timestamp":${stamp}`]),
      `"n":1`,
      `"s":${blank}${json(s)}`,
      `"j":${spelt(`{"y":${spelt(j, escapes)}}`, escapes)}`,
      `"d":${json(d)}`,
      ...(at === undefined ? [] : [`"TimeGenerated"${blank}:${at}`]),
    ]
    const line = `{${members.join(',')}}`
    return cut < 10 ? line.slice(0, -1 - cut) : line
  })

/** What predicates look for. */
export const needle = fc.constantFrom(
  'needle',
  'Thread',
  'needlethread',
  'a cloth',
  'cloth',
  'needle@',
  'é needle',
)
const column = fc.constantFrom(
  's',
  'tostring(d.x)',
  'tostring(d)',
  'tostring(d.list[0])',
  'tostring(parse_json(j).y)',
  'trim(" ", s)',
  'iff(n > 0, s, tostring(d.x))',
  'coalesce(s, tostring(d.x))',
  'tostring(split(s, "@")[0])',
  'tostring(n)',
  'tostring(TimeGenerated)',
)
const operator = fc.constantFrom(
  ...[
    'has',
    '!has',
    '==',
    '=~',
    '!=',
    'contains',
    'contains_cs',
    'startswith',
    'endswith',
    'hasprefix',
  ],
)
const timeTest = fc.constantFrom(
  'TimeGenerated >= datetime(2026-03-01T10:00:00Z)',
  'TimeGenerated between (datetime(2026-03-01T10:00:00Z) .. datetime(2026-03-01T11:00:00Z))',
  'TimeGenerated < datetime(2026-02-02)',
  'isnull(TimeGenerated)',
  'not(TimeGenerated > datetime(2026-03-01))',
  'n < 5',
)
const textTest = fc.oneof(
  fc.tuple(column, operator, needle).map(([c, o, v]) => `${c} ${o} "${v}"`),
  fc.tuple(column, needle, needle).map(([c, a, b]) => `${c} in~ ("${a}", "${b}")`),
  fc.tuple(column, needle, needle).map(([c, a, b]) => `${c} has_any ("${a}", "${b}")`),
  fc
    .tuple(fc.constantFrom('has', 'contains', '==', 'startswith', 'hasprefix'), needle)
    .map(([o, v]) => `* ${o} "${v}"`),
  fc.tuple(column, needle).map(([c, v]) => `${c} matches regex "(?i)${v}.?"`),
)
const test = fc.oneof(textTest, timeTest)
/** A predicate over the columns of such lines. */
export const predicate = fc.oneof(
  test,
  fc.tuple(test, test).map(([a, b]) => `${a} and ${b}`),
  fc.tuple(test, test).map(([a, b]) => `(${a} or ${b})`),
  fc.tuple(test, test, test).map(([a, b, c]) => `(${a} or ${b}) and ${c}`),
)

/** A query that expands an array of the lines. */
export const expandingQuery = fc
  .tuple(predicate, needle)
  .map(
    ([where, v]) => `T | where ${where} | mv-expand x = d.list | where x has "${v}" | project s, x`,
  )

/** A query that gives lines as they are. */
export const plainQuery = predicate.map(
  where => `T | where ${where} | project n, s, j, d, TimeGenerated`,
)
