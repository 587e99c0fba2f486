import type { Decisions } from './lookahead.ts'
import { QueryParser } from './query-parser.ts'

/**
 * The decisions of the grammar. To find them takes longer than to read a query: the build puts what was
 * found in place of this module.
 */
export const DECISIONS: Decisions = QueryParser.analysed().decisions
