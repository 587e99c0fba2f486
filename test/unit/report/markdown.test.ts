import { describe, expect, it } from 'vitest'
import { codeSpan, markdownTable } from '../../../src/report/markdown.ts'

describe('codeSpan', () => {
  it.each([
    ['plain', '`plain`'],
    ['', ''],
    ['@team [x](https://example.invalid) <b>', '`@team [x](https://example.invalid) <b>`'],
    ['a | b', '`a \\| b`'],
    ['a\\|b', '`a\\\\u007cb`'],
    ['a\\\\|b', '`a\\\\\\|b`'],
    ['a`b', '``a`b``'],
    ['`a', '`` `a ``'],
    ['a```', '```` a``` ````'],
    [' a ', '`  a  `'],
    ['line\nline\tx', '`line\\u000aline\\u0009x`'],
    ['a\u202eb\u0000', '`a\\u202eb\\u0000`'],
  ])('of %j is %j', (text, span) => {
    expect(codeSpan(text)).toBe(span)
  })

  it('cuts what is long', () => {
    expect(codeSpan('x'.repeat(300))).toBe(`\`${'x'.repeat(200)}…\``)
  })
})

describe('markdownTable', () => {
  it('has a line a row', () => {
    expect(
      markdownTable(
        ['a', 'b'],
        [
          ['1', '2'],
          ['3', ''],
        ],
      ),
    ).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 |  |')
  })
})
