import { isBuiltin } from 'node:module'
import { createContext, runInContext } from 'node:vm'
import { type BuildResult, build, type Plugin } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from './package-files.ts'

describe('the core bundled for a browser', () => {
  /** "who imports what", one text an import. */
  const builtIns: string[] = []
  let bundle: BuildResult<{ write: false }>

  const nameBuiltIns: Plugin = {
    name: 'name-built-ins',
    setup(bundler) {
      bundler.onResolve({ filter: /^[a-z_:/]+$/ }, ({ path, importer }) => {
        if (!isBuiltin(path)) return undefined
        builtIns.push(`${importer} imports ${path}`)
        return { path, external: true }
      })
    },
  }

  beforeAll(async () => {
    bundle = await build({
      // The package under its own name: its exports and imports are resolved as a bundler does.
      stdin: { contents: `export * from 'kqlab'`, resolveDir: projectRoot },
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'kqlab',
      platform: 'browser',
      target: 'es2022',
      logLevel: 'silent',
      plugins: [nameBuiltIns],
    })
  })

  it('imports no Node built-in', () => {
    expect(builtIns).toEqual([])
  })

  it('bundles without a warning', () => {
    expect(bundle.warnings.map(warning => `${warning.location?.file}: ${warning.text}`)).toEqual([])
  })

  it.each([
    {
      kql: 'print 1',
      expected: { columns: [{ name: 'print_0', type: 'long' }], rows: [['1']] },
    },
    {
      kql: `datatable(user: string, n: long) ['ann', 1, 'bob', 2, 'ann', 3]
            | where user matches regex '^a' | summarize n = sum(n) by user`,
      expected: {
        columns: [
          { name: 'user', type: 'string' },
          { name: 'n', type: 'long' },
        ],
        rows: [['ann', '4']],
      },
    },
    {
      // Packages that are loaded when a run needs them.
      kql: `print h3 = geo_point_to_h3cell(-74.04450446039874, 40.689250859314974, 6),
                  s2 = geo_point_to_s2cell(-80.195829, 25.802215, 8),
                  km = tolong(geo_distance_2points(0, 0, 0, 1, true)) / 1000`,
      expected: {
        columns: [
          { name: 'h3', type: 'string' },
          { name: 's2', type: 'string' },
          { name: 'km', type: 'long' },
        ],
        rows: [['862a1072fffffff', '88d9b', '110']],
      },
    },
  ])('runs $kql with web globals only and code from text forbidden', async ({ kql, expected }) => {
    const page = createContext(
      {
        AbortController,
        AbortSignal,
        DOMException,
        TextDecoder,
        TextEncoder,
        clearTimeout,
        queueMicrotask,
        setTimeout,
        structuredClone,
      },
      { codeGeneration: { strings: false, wasm: false } },
    )
    runInContext(new TextDecoder().decode(bundle.outputFiles[0]?.contents), page)
    const answer: string = await runInContext(
      `kqlab.query(${JSON.stringify(kql)}, { now: '2026-01-02T03:04:05Z' }).then(result =>
         JSON.stringify({
           columns: result.columns,
           rows: result.rows().map(row => row.map(String)),
         }))`,
      page,
    )
    expect(JSON.parse(answer)).toEqual(expected)
  })
})
