export { executeParse } from '../execute-parse.ts'
export { parse, parseWhere } from '../parse.ts'
