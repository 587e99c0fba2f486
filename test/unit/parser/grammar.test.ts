import { expect, it } from 'vitest'
import { RecordedLookahead } from '../../../src/parser/lookahead.ts'
import { QueryParser } from '../../../src/parser/query-parser.ts'

it('the grammar passes the checks that production skips', () => {
  expect(() => new QueryParser(new RecordedLookahead(), { validate: true })).not.toThrow()
})
