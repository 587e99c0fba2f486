export { executeMakeSeries } from '../execute-make-series.ts'
export { executeSequence } from '../execute-sequence.ts'
export { makeSeries } from '../make-series.ts'
export { scan } from '../scan.ts'
