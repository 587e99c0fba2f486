import { Lexer } from 'chevrotain'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scanTokens } from '../../src/lexer/scan-tokens.ts'
import { VOCABULARY } from '../../src/lexer/tokens.ts'

/** Chevrotain's own lexer over the same types. */
const lexer = new Lexer(VOCABULARY, { positionTracking: 'onlyOffset', skipValidations: true })

const part = fc.oneof(
  fc.constantFrom(
    ...'where|summarize|mv-expand|mv-|project-away|by|in|in~|!in|!in~|!has|!hasx|!between|matches regex|matches'.split(
      '|',
    ),
    ...'( ) [ ] { } , ; : .. . | = => == =~ != !~ <> < <= > >= + - * / % ! & ? ~ # \\ ` ^'.split(
      ' ',
    ),
    ...'"a\\"b" \'a\\\'b\' @"a""b" h"x" H\'y\' """ ```a\nb``` ~~~a~~~ ~~ `` "a\\qb" "a @"b h"c'.split(
      ' ',
    ),
    ...'1 1.5 1. 1..2 1e5 1e 0x1F 0x 5d 5min 5mins 1.5h 3ticks 7x true True tRue 1a _b $c a$'.split(
      ' ',
    ),
    ...'datetime(2024-01-01) datetime(2024 time(1d) long() int (1) guid(x\n dynamic('.split(' '),
    '// a comment',
    '//',
    '# a directive\n',
    '\r\n',
    '\u00a0',
    '\u2003',
    '\ufeff',
    '\u2028',
    'ü',
    '\u{1F600}',
    '\ud800',
    '\u0000',
  ),
  fc.string({ maxLength: 4 }),
  fc.string({ unit: 'binary', maxLength: 3 }),
)

describe('the tokens of a text', () => {
  it("are those of Chevrotain's lexer", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(part, fc.constantFrom('', ' ', '\n'))), parts => {
        const text = parts.flat().join('')
        const { tokens, comments, directives } = scanTokens(text)
        const { tokens: same, groups, errors } = lexer.tokenize(text)
        expect(errors).toEqual([])
        const told = [tokens, comments, directives].map(list =>
          list.map(({ image, startOffset, tokenType, tokenTypeIdx }) => [
            image,
            startOffset,
            tokenType.name,
            tokenTypeIdx,
          ]),
        )
        const others = [same, groups.comments ?? [], groups.directives ?? []].map(list =>
          list.map(({ image, startOffset, tokenType, tokenTypeIdx }) => [
            image,
            startOffset,
            tokenType.name,
            tokenTypeIdx,
          ]),
        )
        expect(told).toEqual(others)
      }),
      { numRuns: 1000 },
    )
  })
})
