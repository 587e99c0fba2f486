import { expect, it } from 'vitest'
import { QueryParser } from '../../../src/parser/query-parser.ts'

it('the grammar passes the checks that production skips', () => {
  expect(() => new QueryParser({ validate: true })).not.toThrow()
})
