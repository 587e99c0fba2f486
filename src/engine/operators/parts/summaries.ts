export { count } from '../count.ts'
export { distinct } from '../distinct.ts'
export { executeSummarize } from '../execute-summarize.ts'
export { summarize } from '../summarize.ts'
