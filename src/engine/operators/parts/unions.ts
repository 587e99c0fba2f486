export { executeUnion, union } from '../union.ts'
