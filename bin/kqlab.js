#!/usr/bin/env node
// The check comes before any import and in old syntax, so that an old Node reaches it.
const oldest = 22
const version = process.versions.node

if (Number(version.split('.')[0]) < oldest) {
  console.error(`kqlab needs Node ${oldest} or newer; this is Node ${version}.`)
  process.exit(2)
}

// Node keeps the compiled code between runs where it can (22.3 and newer).
const { createRequire, enableCompileCache } = process.getBuiltinModule('module')
if (enableCompileCache) enableCompileCache()

try {
  createRequire(import.meta.url)('../dist/cjs/kept-code.cjs').load('./main.cjs')
} catch (error) {
  const notBuilt =
    error.code === 'MODULE_NOT_FOUND' && String(error.message).includes('/dist/cjs/kept-code.cjs')
  if (!notBuilt) throw error
  console.error('kqlab is not built yet: run "npm run build".')
  process.exit(2)
}
