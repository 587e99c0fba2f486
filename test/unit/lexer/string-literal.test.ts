import { describe, expect, it } from 'vitest'
import { quoteString, stringValue } from '../../../src/lexer/string-literal.ts'

describe('stringValue', () => {
  it.each([
    [`'abc'`, 'abc'],
    [`"abc"`, 'abc'],
    [`''`, ''],
    [`'it\\'s'`, "it's"],
    [`"say \\"x\\""`, 'say "x"'],
    [`'\\\\n'`, '\\n'],
    [`'\\t|\\n|\\r'`, '\t|\n|\r'],
    [`'\\a\\b\\f\\v'`, '\x07\b\f\v'],
    [`'\\0|\\101|\\7'`, '\0|A|\x07'],
    [`'\\x41\\u00e9\\U0001F600'`, 'Aé😀'],
    [`"Hello\\u00A0World"`, 'Hello\u00a0World'],
    // The verbatim forms keep backslashes and double their own quote.
    [`@'c:\\temp\\'`, 'c:\\temp\\'],
    [`@"say ""x"""`, 'say "x"'],
    [`@'it''s "fine"'`, `it's "fine"`],
    ['```a\n\\t `b` ```', 'a\n\\t `b` '],
    ['~~~a\n~b~~~', 'a\n~b'],
  ])('%s', (literal, text) => {
    expect(stringValue(literal)).toEqual({ text, obfuscated: false })
  })

  it.each([
    [`h'x'`, 'x'],
    [`H"x"`, 'x'],
    [`h@'\\x'`, '\\x'],
    ['h```x```', 'x'],
  ])('%s is obfuscated', (literal, text) => {
    expect(stringValue(literal)).toEqual({ text, obfuscated: true })
  })
})

describe('quoteString', () => {
  it.each([
    ['abc', '"abc"'],
    ["it's", `"it's"`],
    ['a"b\\c', '"a\\"b\\\\c"'],
    ['\n\r\t', '"\\n\\r\\t"'],
    ['\0\u2028', '"\\u0000\\u2028"'],
    ['😀', '"😀"'],
    ['\ud83d', '"\\ud83d"'],
  ])('%j', (text, literal) => {
    expect(quoteString(text)).toBe(literal)
    expect(stringValue(literal).text).toBe(text)
  })
})
