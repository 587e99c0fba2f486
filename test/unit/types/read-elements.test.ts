import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { followPath } from '../../../src/tables/dynamic-path.ts'
import { type Dynamic, isArray } from '../../../src/types/dynamic.ts'
import { parseDynamic, printDynamic, readElements } from '../../../src/types/dynamic-json.ts'

const NAMES = ['a', 'b"', 'é']

/** What {@link readElements} gives of a text: the values of each name. */
function read(text: string): string[][] | undefined {
  const lists: Dynamic[][] = NAMES.map(() => [])
  const count = readElements(text, NAMES, lists)
  if (count === undefined) return undefined
  for (const list of lists) expect(list).toHaveLength(count)
  return lists.map(list => list.map(printDynamic))
}

/** The same of the whole value. */
function readWhole(text: string): string[][] | undefined {
  const value = parseDynamic(text)
  if (value === undefined || !isArray(value)) return undefined
  return NAMES.map(name => value.map(element => printDynamic(followPath(element, [name]))))
}

const scalars = fc.constantFrom(
  ...['1', '-0.5e3', '12345678901234567890', 'true', 'null', '""', '"x"', '"\\u00e9\\n"', '"\\""'],
  ...['"\\\\"', '"\\\\\\""', '[]', '{}', '[1,{"a":2}]', '{"a":{"a":[3]}}'],
)
const names = fc.constantFrom('"a"', '"b\\""', '"é"', '"\\u0061"', '"c"', '""', '"\\\\"')
const blank = fc.constantFrom('', '', ' ', '\n\t')
const element = fc.oneof(
  scalars,
  fc
    .array(fc.tuple(blank, names, blank, scalars, blank), { maxLength: 5 })
    .map(
      all =>
        `{${all.map(([a, name, b, value, c]) => `${a}${name}${b}:${b}${value}${c}`).join(',')}}`,
    ),
)
const arrays = fc
  .tuple(blank, fc.array(fc.tuple(blank, element), { maxLength: 5 }), blank)
  .map(([a, all, b]) => `${a}[${all.map(([c, text]) => c + text + c).join(',')}]${b}`)

describe('members of the elements of an array', () => {
  it('are those of the array that is read as a whole', () => {
    fc.assert(
      fc.property(arrays, text => {
        expect(readWhole(text)).toBeDefined()
        expect(read(text)).toEqual(readWhole(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('are not read of what is no JSON', () => {
    const change = fc.tuple(
      fc.nat(),
      fc.constantFrom('', '"', '\\', ',', '{', ']', '\u0001', 'x', '0'),
    )
    fc.assert(
      fc.property(arrays, change, (text, [at, put]) => {
        const place = at % (text.length + 1)
        const changed = text.slice(0, place) + put + text.slice(place + 1)
        expect(read(changed)).toEqual(readWhole(changed))
      }),
      { numRuns: 4000 },
    )
  })

  it.each([
    '',
    '{}',
    '"[]"',
    '[',
    '[1',
    '[1,]',
    '[1]2',
    '[{"c":"\\x"}]',
    '[{"c":"\u0001"}]',
    '[01]',
  ])('are not read of %j', text => expect(read(text)).toBeUndefined())

  it('are not read of what nests too deeply', () => {
    const nested = (depth: number) => `[{"c":${'['.repeat(depth)}${']'.repeat(depth)}}]`
    expect(read(nested(998))).toEqual([['null'], ['null'], ['null']])
    expect(read(nested(999))).toBeUndefined()
    expect(readWhole(nested(998))).toEqual(read(nested(998)))
    expect(readWhole(nested(999))).toBeUndefined()
  })

  it('take as much time as the text is long', { timeout: 5000 }, () => {
    const count = 200_000
    const text = `[${'{"c":"x","other":true},'.repeat(count)}{"c":"\\n"}]`
    const list: Dynamic[] = []
    expect(readElements(text, ['c'], [list])).toBe(count + 1)
    expect([list[0], list.at(-1)]).toEqual(['x', '\n'])
  })
})
