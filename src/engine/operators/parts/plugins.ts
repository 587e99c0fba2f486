export { evaluate, executeEvaluate } from '../evaluate.ts'
