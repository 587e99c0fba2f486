export { executePartition } from '../execute-partition.ts'
export { executePartitionTop } from '../execute-partition-top.ts'
export { executeContext, executeMvApply, mvApply } from '../mv-apply.ts'
export { partition } from '../partition.ts'
