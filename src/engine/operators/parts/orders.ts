export { serialize } from '../serialize.ts'
export { executeSort, sort } from '../sort.ts'
export { executeTop, top } from '../top.ts'
export { executeWindow } from '../window.ts'
