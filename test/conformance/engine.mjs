// The engine under test, as the reference runner wants it: kqlab from source.
export { run } from './run-case.ts'
