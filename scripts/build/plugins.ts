import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'esbuild'

/** What a call of it stands for in the output is loaded where the call is: see `commonjs.ts`. */
export const LOAD_NOW = 'loadNow'

/** Large data are read ten times faster by JSON.parse than as an object in the code. */
export const jsonAsText: Plugin = {
  name: 'json-as-text',
  setup(bundler) {
    bundler.onLoad({ filter: /\.json$/ }, async ({ path }) => {
      const text = JSON.stringify(JSON.parse(await readFile(path, 'utf8')))
      return { contents: `export default JSON.parse(${JSON.stringify(text)})`, loader: 'js' }
    })
  },
}

/** Leaves packages to be resolved where the library is used, but for the inlined ones. */
export function externalPackages(inlined: readonly string[]): Plugin {
  return {
    name: 'external-packages',
    setup(bundler) {
      bundler.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
        if (kind === 'entry-point') return undefined
        const [name = ''] = path.split('/')
        return inlined.includes(name) ? undefined : { path, external: true }
      })
    },
  }
}

const DYNAMIC_IMPORT = /\bimport\('(\w[^':]*)'\)/g

/**
 * Some bundlers give the default alone where a CommonJS package is imported dynamically. Node gives its
 * names too, and with this so does every bundler.
 */
export const commonJsNames: Plugin = {
  name: 'commonjs-names',
  setup(bundler) {
    bundler.onLoad({ filter: /[\\/]dist[\\/].*\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const contents = source.replaceAll(DYNAMIC_IMPORT, (call, from: string) =>
        isCommonJs(from) ? `${call}.then(names => ({ ...names.default, ...names }))` : call,
      )
      return { contents, loader: 'js' }
    })
  },
}

/** Whether Node loads the package as CommonJS. */
function isCommonJs(name: string): boolean {
  const path = fileURLToPath(import.meta.resolve(name))
  const description = findPackageJSON(name, import.meta.url)
  if (description === undefined) throw new Error(`${name} has no package.json`)
  const { type } = JSON.parse(readFileSync(description, 'utf8'))
  return path.endsWith('.cjs') || (path.endsWith('.js') && type !== 'module')
}

/** Leaves packages out of the source map: their text would make up most of it. */
export const unmappedPackages: Plugin = {
  name: 'unmapped-packages',
  setup(bundler) {
    const map = { version: 3, sources: [''], mappings: 'A' }
    const data = Buffer.from(JSON.stringify(map)).toString('base64')
    bundler.onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, 'utf8')}
//# sourceMappingURL=data:application/json;base64,${data}`,
      loader: 'default',
    }))
  },
}

/** Puts the text in place of modules, by the end of their paths. */
export function replacedModules(modules: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'replaced-modules',
    setup(bundler) {
      for (const [path, contents] of Object.entries(modules)) {
        const filter = new RegExp(`[\\\\/]dist[\\\\/]${path.replace(/[./]/g, '[$&\\\\]')}$`)
        bundler.onLoad({ filter }, () => ({ contents, loader: 'js' }))
      }
    },
  }
}

const NAMESPACE = /^import \* as (\w+) from ['"]([^'"]+)['"];$/gm

/**
 * A namespace that is used in `() => name` alone is loaded when that is called, not before: the import
 * becomes `() => loadNow(import('…'))`, which makes it a file of its own.
 */
export const deferredNamespaces: Plugin = {
  name: 'deferred-namespaces',
  setup(bundler) {
    bundler.onLoad({ filter: /[\\/]dist[\\/].*\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      let contents = source
      for (const [line, name = '', from = ''] of source.matchAll(NAMESPACE)) {
        const rest = contents.replace(line, '')
        const other = rest.replaceAll(new RegExp(`\\(\\) => ${name}\\b`, 'g'), '')
        const isUsed = new RegExp(`(?<![.'\\w])${name}\\b(?!['":\\w])`).test(withoutComments(other))
        if (other === rest || isUsed) continue
        contents = rest.replaceAll(
          new RegExp(`\\(\\) => ${name}\\b`, 'g'),
          `() => ${LOAD_NOW}(import('${from}'))`,
        )
      }
      return { contents, loader: 'js' }
    })
  },
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\/\/.*$/gm, '')
}

/** Commander can run commands that are programs of their own, which costs loading child_process. */
export const noSubprograms: Plugin = {
  name: 'no-subprograms',
  setup(bundler) {
    bundler.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer)
        ? { path: 'child_process', namespace: 'no-subprograms' }
        : undefined,
    )
    bundler.onLoad({ filter: /.*/, namespace: 'no-subprograms' }, () => ({
      contents: 'export default {}',
      loader: 'js',
    }))
  },
}
