import { describe, expect, it } from 'vitest'
import { QueryError } from '../../../src/engine/functions/query-error.ts'
import { parse_command_line, parse_path } from '../../../src/engine/functions/scalar/parse.ts'
import { callOne } from './harness.ts'

describe('parse_path', () => {
  it.each([
    ['C:\\temp\\file.txt', ['', 'C:', 'C:\\temp', 'temp', 'file.txt', 'txt', '']],
    ['temp\\file.txt', ['', '', 'temp', 'temp', 'file.txt', 'txt', '']],
    [
      'file://C:/temp/file.txt:some.exe',
      ['file', 'C:', 'C:/temp', 'temp', 'file.txt', 'txt', 'some.exe'],
    ],
    [
      '\\\\shared\\users\\temp\\file.txt.gz',
      ['', '', '\\\\shared\\users\\temp', 'temp', 'file.txt.gz', 'gz', ''],
    ],
    ['/usr/lib/temp/file.txt', ['', '', '/usr/lib/temp', 'temp', 'file.txt', 'txt', '']],
    ['\\\\?\\C:\\temp\\a', ['', 'C:', '\\\\?\\C:\\temp', 'temp', 'a', '', '']],
    ['cmd.exe', ['', '', '', '', 'cmd.exe', 'exe', '']],
    ['', ['', '', '', '', '', '', '']],
  ])('of %s is %s', (path, parts) => {
    const value = callOne(parse_path, [['string', path]])
    expect([...(value as ReadonlyMap<string, unknown>).values()]).toEqual(parts)
  })
})

describe('parse_command_line', () => {
  const parse = (line: string, parser = 'windows'): unknown =>
    callOne(parse_command_line, [
      ['string', line],
      ['string', parser],
    ])

  // The rules of CommandLineToArgvW.
  it.each([
    ['echo "hello world!"', ['echo', 'hello world!']],
    ['a', ['a']],
    ['a  b\tc ', ['a', 'b', 'c']],
    ['"C:\\Program Files\\x.exe" /s', ['C:\\Program Files\\x.exe', '/s']],
    ['C:\\x.exe "a\\\\" b', ['C:\\x.exe', 'a\\', 'b']],
    ['x a\\\\b d"e f"g h', ['x', 'a\\\\b', 'de fg', 'h']],
    ['x a\\\\\\"b c', ['x', 'a\\"b', 'c']],
    ['x a\\\\\\\\"b c" d', ['x', 'a\\\\b c', 'd']],
    ['x "" y', ['x', '', 'y']],
    ['x "a""b" c', ['x', 'a"b c']],
    [' x', ['', 'x']],
    ['"open', ['open']],
  ])('of %s is %s', (line, expected) => {
    expect(parse(line)).toEqual(expected)
  })

  it('of an empty line is null', () => {
    expect(parse('')).toBeNull()
  })

  it('refuses another parser', () => {
    expect(() => parse('a', 'bash')).toThrow(QueryError)
  })
})
