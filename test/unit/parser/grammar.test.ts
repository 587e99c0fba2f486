import { expect, it } from 'vitest'
import { QueryParser } from '../../../src/parser/query-parser.ts'
import { recordGrammar } from '../../../src/parser/record-grammar.ts'

it('the grammar is unambiguous but where it says so', () => {
  expect(recordGrammar(new QueryParser()).faults).toEqual([])
})
