import { readFileSync, writeFileSync } from 'node:fs'

/** Modules of the public API that are loaded when a function of theirs is first called. */
const DEFERRED: ReadonlySet<string> = new Set([
  'api/explain-row',
  'replay/library',
  'testing/library',
  'testing/synth/synthesize',
])

interface LibraryEntries {
  /** What dist/cjs/ is made of, by name. */
  readonly entries: Readonly<Record<string, string>>
  /** The ES modules before it, by path in dist/. */
  readonly facades: Readonly<Record<string, string>>
}

/** What Node enters the library by, made of the compiled index and the matchers. */
export function libraryEntries(dist: string): LibraryEntries {
  const exportsOf = reexports(readFileSync(`${dist}index.js`, 'utf8'))
  const deferred = exportsOf.filter(({ module }) => DEFERRED.has(module))
  const direct = exportsOf.filter(({ module }) => !DEFERRED.has(module))
  if (deferred.length !== DEFERRED.size) throw new Error('a deferred module is not in the index')

  // A module that has what is not deferred, for as few files as can be.
  writeFileSync(
    `${dist}library.js`,
    direct
      .map(({ names, module }) => `export { ${names.join(', ')} } from './${module}.js'\n`)
      .join(''),
  )
  writeFileSync(
    `${dist}vitest/library.js`,
    `export { registerTests } from './register-tests.js'\nexport { readRule } from './read-rule.js'\n`,
  )
  const index = [
    facade(
      './cjs/library.cjs',
      direct.flatMap(({ names }) => names),
    ),
    ...deferred.flatMap(({ names, module }) =>
      names.map(
        name =>
          `export function ${name}(...args) {\n  return load('./cjs/${fileOf(module)}.cjs').${name}(...args)\n}\n`,
      ),
    ),
  ].join('')
  const vitest = readFileSync(`${dist}vitest/vitest.js`, 'utf8')
    .replace(/^import \{ registerTests \} from .*$/m, facade('../cjs/vitest.cjs', ['readRule']))
    .replace(
      /^export \{ readRule \} from .*$/m,
      `const { registerTests } = load('../cjs/vitest.cjs')`,
    )
    .replace(/^\/\/# sourceMappingURL=.*$/m, '')
  return {
    entries: {
      library: `${dist}library.js`,
      matchers: `${dist}matchers/matchers.js`,
      vitest: `${dist}vitest/library.js`,
      ...Object.fromEntries(deferred.map(({ module }) => [fileOf(module), `${dist}${module}.js`])),
    },
    facades: {
      'index.js': index,
      'matchers/matchers.js': facade('../cjs/matchers.cjs', ['matchers']),
      'vitest/vitest.js': vitest,
    },
  }
}

interface Reexport {
  readonly names: readonly string[]
  readonly module: string
}

function reexports(index: string): Reexport[] {
  const lines = index.split('\n').filter(line => /^(export|import)/.test(line))
  return lines.map(line => {
    const found = /^export \{ ([^}]+?),? \} from ['"]\.\/(.+)\.js['"];$/.exec(line)
    if (found === null) throw new Error(`the index has more than exports of others: ${line}`)
    const [, names = '', module = ''] = found
    return { names: names.split(/,\s*/), module }
  })
}

function fileOf(module: string): string {
  return module.replaceAll('/', '-')
}

/** An ES module that exports what a CommonJS one has. */
function facade(path: string, names: readonly string[]): string {
  return `import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)
export const { ${names.join(', ')} } = load('${path}')
`
}
