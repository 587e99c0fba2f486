export { executeMvExpand, mvExpand } from '../mv-expand.ts'
