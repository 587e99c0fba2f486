export { count } from '../count.ts'
export { distinct } from '../distinct.ts'
export { executeSummarize, summarize } from '../summarize.ts'
