import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordWords } from '../../../../src/tables/json/record-words.ts'
import { viewOf } from '../../../../src/tables/json/skip.ts'
import type { RequiredText } from '../../../../src/tables/source.ts'
import { readNdjson, wanted } from './read.ts'

const encoder = new TextEncoder()

/** Whether a record, with another before and behind it, may matter. */
function mayMatter(record: string, ...texts: RequiredText[]): boolean {
  const before = encoder.encode('{"d":"needle"}\n')
  const bytes = encoder.encode(`{"d":"needle"}\n${record}\n{"d":"needle"}`)
  const end = before.length + encoder.encode(record).length
  const words = recordWords(texts, [wanted('d', 'dynamic').from, wanted('s', 'string').from])
  return words?.mayMatter(bytes, viewOf(bytes), before.length, end) ?? true
}

const needle: RequiredText = { columns: ['d'], words: ['needle'] }

describe('a record matters only with the words', () => {
  it.each<[string, boolean]>([
    ['{"d":"a needle in it"}', true],
    ['{"d":"NeEdLe"}', true],
    ['{"needle":1}', true],
    ['{"d":"needl e"}', false],
    ['{"d":"eedle"}', false],
    ['{}', false],
    // A word may be written with escapes, which are not read here; other escapes hide no letter.
    ['{"d":"n\\u0065edle"}', true],
    ['{"d":"\\n\\"eedle\\\\"}', false],
    // The text of a dynamic has this as \needle.
    ['{"d":"\\u000aeedle"}', true],
    ['{"d":"\\u000Aeedle"}', true],
    ['{"d":"\\u0008eedle"}', true],
    ['{"d":"\\u000beedle"}', true],
    ['{"d":"\\u0007eedle\\u000e\\u001f"}', false],
    ['{"d":"nee\\/dle"}', false],
    // No character beyond ASCII equals one of ASCII when case is ignored.
    ['{"d":"needlé, ſtraße"}', false],
    ['{"d":"é needle"}', true],
  ])('%s: %s', (record, expected) => {
    expect(mayMatter(record, needle)).toBe(expected)
  })

  it('of which one of the alternatives is enough, and each of several is wanted', () => {
    const either: RequiredText = { columns: ['d', 's'], words: ['needle', 'thread'] }
    expect(mayMatter('{"d":"thread"}', either)).toBe(true)
    expect(mayMatter('{"d":"cloth"}', either)).toBe(false)
    const other: RequiredText = { columns: ['s'], words: ['cloth'] }
    expect(mayMatter('{"d":"needle"}', needle, other)).toBe(false)
    expect(mayMatter('{"d":"needle","s":"cloth"}', needle, other)).toBe(true)
  })

  it('unless most records have them: then words are not looked for in the next ones', () => {
    const words = recordWords([needle], [wanted('d', 'dynamic').from])
    const asked = (record: string): boolean | undefined => {
      const bytes = encoder.encode(record)
      return words?.mayMatter(bytes, viewOf(bytes), 0, bytes.length)
    }
    const answers = (count: number, haystack: (n: number) => boolean): number => {
      let some = 0
      for (let n = 0; n < count; n++)
        if (asked(haystack(n) ? '{"d":"hay"}' : '{"d":"needle"}')) some++
      return some
    }
    // Half of them lack it: it goes on.
    expect(answers(1024, n => n % 2 === 0)).toBe(512)
    expect(answers(1024, n => n % 2 === 0 && n > 0)).toBe(513)
    // Not so here: 65,536 are passed.
    expect(answers(65_536, () => true)).toBe(65_536)
    expect(answers(1024, () => true)).toBe(0)
    expect(answers(1, () => true)).toBe(0)
  })

  it('wherever an escape stands', () => {
    for (let gap = 0; gap < 9; gap++) {
      expect(mayMatter(`{"d":"${'.'.repeat(gap)}\\u006e"}`, needle)).toBe(true)
      expect(mayMatter(`{"d":"${'.'.repeat(gap)}\\\\"}`, needle)).toBe(false)
    }
  })

  it('but nothing is told of columns that are not in the record as they are', () => {
    const replaced = wanted('d', 'string', { replace: new Map([['0', 'needle']]) }).from
    const constant = wanted('d', 'string', { constant: 'needle' }).from
    expect(recordWords([needle], [replaced])).toBeUndefined()
    expect(recordWords([needle], [constant])).toBeUndefined()
    expect(recordWords([needle], [])).toBeUndefined()
    expect(recordWords(undefined, [wanted('d', 'dynamic').from])).toBeUndefined()
  })

  it('as long as the word may be, and longer than a leap', () => {
    const word = `${'ab'.repeat(200)}z`
    const long: RequiredText = { columns: ['d'], words: [word] }
    expect(mayMatter(`{"d":"${word}"}`, long)).toBe(true)
    expect(mayMatter(`{"d":"${'ab'.repeat(100)}"}`, long)).toBe(false)
  })

  it('and never is one left out that has the word', () => {
    const letters = fc.constantFrom(
      'n',
      'N',
      'e',
      'd',
      'l',
      'E',
      'needle',
      'nee',
      '"',
      '\\',
      '\n',
      'é',
    )
    const text = fc.array(letters, { maxLength: 12 }).map(parts => parts.join(''))
    const nested = fc.oneof(
      text,
      fc.array(text, { maxLength: 3 }),
      fc.dictionary(text, text, { maxKeys: 3 }),
      text.map(inner => JSON.stringify({ inner })),
    )
    fc.assert(
      fc.property(nested, fc.boolean(), (value, ascii) => {
        const json = JSON.stringify({ d: value })
        const record = ascii
          ? json.replace(
              /[^ -~]/g,
              char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
            )
          : json
        const has = /needle/i.test(typeof value === 'string' ? value : JSON.stringify(value))
        return mayMatter(record, needle) || !has
      }),
      { seed: 7, numRuns: 2000 },
    )
  })
})

describe('a reader that is told the words', () => {
  const records = [
    '{"k":"yes","d":"needle"}',
    '{"k":"yes","d":"hay"}',
    '{"k":"no","d":"needle"}',
    '{"k":"yes","d":"\\u006eeedle"}',
    '{"k":"yes","d":[{"n":"NEEDLE"}],"t":"never"}',
    '{"k":"yes","d":"hay","t":"never"}',
  ].join('\n')
  const columns = [wanted('k', 'string'), wanted('d', 'dynamic'), wanted('t', 'datetime')]
  const rows = {
    columns: ['k'],
    select: (batch: { readonly rows: Uint32Array; readonly columns: readonly unknown[] }) =>
      batch.rows.filter(row => {
        const texts = batch.columns[0] as { codes: ArrayLike<number>; dict: readonly string[] }
        return texts.dict[texts.codes[row]!] === 'yes'
      }),
  }
  const expected = [
    ['yes', 'needle', null],
    ['yes', 'needle', null],
    ['yes', [{ n: 'NEEDLE' }], null],
  ]

  it('leaves out the others, and what is wrong in them', async () => {
    const read = await readNdjson(records, columns, { texts: [needle], rows })
    expect(read.rows).toEqual(expected)
    expect(read.problems.map(({ line }) => line)).toEqual([5])
  })

  it('also where no filter chooses rows first', async () => {
    const read = await readNdjson(records, columns, { texts: [needle] })
    expect(read.rows).toEqual([
      ...expected.slice(0, 1),
      ['no', 'needle', null],
      ...expected.slice(1),
    ])
  })
})
