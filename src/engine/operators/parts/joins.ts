export { executeJoin } from '../execute-join.ts'
export { join, lookup } from '../join.ts'
