import type { Beginnings } from './lookahead.ts'
import { QueryParser } from './query-parser.ts'
import { recordGrammar } from './record-grammar.ts'

/**
 * With what the parts of the grammar begin. It takes longer to work out than to read a query: the build
 * puts the result in place of this module.
 */
export const BEGINNINGS: Beginnings = recordGrammar(new QueryParser()).beginnings
