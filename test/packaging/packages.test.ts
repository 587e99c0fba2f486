import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { strToU8, zipSync } from 'fflate'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, describe, expect, it } from 'vitest'
import { mmdbOf } from '../unit/node/mmdb.ts'
import { projectRoot, temporaryFolder } from './package-files.ts'

/** Names, when the process ends, the modules that were compiled. */
const RECORDER = `
const { Module } = require('node:module')
const fs = require('node:fs')
const compiled = []
const compile = Module.prototype._compile
Module.prototype._compile = function (text, path, ...rest) {
  compiled.push(path)
  return compile.call(this, text, path, ...rest)
}
process.on('exit', () => fs.writeSync(3, JSON.stringify(compiled)))
`

/** Node 22 as it was before it could read zstd. */
const WITHOUT_ZSTD = `delete require('node:zlib').createZstdDecompress`

/** A query, and what it gives where the package works. */
interface QueryCase {
  readonly name: string
  /** Missing where the part of the bundle has no package. */
  readonly needs?: string
  readonly kql: string
  /** The file of the table T. */
  readonly file?: string
  readonly rows: readonly (readonly string[])[]
  /** Other options, for the command and for the library. */
  readonly args?: readonly string[]
  readonly options?: object
}

const URL_OF_DATA = 'https://data.example/rows'

const CASES: readonly QueryCase[] = [
  {
    name: 'a ZIP archive with one file',
    needs: 'yauzl',
    file: 'one.zip',
    kql: 'T | project a',
    rows: [['1']],
  },
  {
    name: 'a ZIP archive with two files',
    needs: 'yauzl',
    file: 'two.zip',
    kql: 'T | sort by a asc | project a',
    rows: [['1'], ['2']],
  },
  { name: 'gzip', file: 'rows.json.gz', kql: 'T | project a', rows: [['1']] },
  { name: 'zstd', file: 'rows.json.zst', kql: 'T | project a', rows: [['1']] },
  {
    name: 'Parquet',
    needs: 'hyparquet',
    file: 'rows.parquet',
    kql: 'T | project n = tostring(n), s, d = tostring(d)',
    rows: [
      ['9007199254740993', 'ä', '{"a":[1]}'],
      ['-1', '', ''],
    ],
  },
  {
    name: 'compressed external data',
    needs: 'fflate',
    kql: `externaldata(a: long)['${URL_OF_DATA}.json.gz'] with (format='multijson')
          | union (externaldata(a: long)['${URL_OF_DATA}.zip'] with (format='multijson'))
          | sort by a asc`,
    args: [
      ...['--external', `${URL_OF_DATA}.json.gz=rows.json.gz`],
      ...['--external', `${URL_OF_DATA}.zip=two.zip`],
    ],
    options: {
      externalData: {
        [`${URL_OF_DATA}.json.gz`]: 'rows.json.gz',
        [`${URL_OF_DATA}.zip`]: 'two.zip',
      },
    },
    rows: [['1'], ['1'], ['2']],
  },
  {
    name: 'compressed text',
    needs: 'fflate',
    kql: `print gzip_decompress_from_base64_string(gzip_compress_to_base64_string('abcabc')),
                zlib_decompress_from_base64_string(zlib_compress_to_base64_string('abcabc'))`,
    rows: [['abcabc', 'abcabc']],
  },
  {
    name: 'the items of a watchlist',
    needs: '@noble/hashes',
    kql: `_GetWatchlist('W') | project _DTItemId, User`,
    args: ['--watchlist', 'W=watchlist.csv', '--search-key', 'W=User'],
    options: { watchlists: { W: { path: 'watchlist.csv', searchKey: 'User' } } },
    rows: [['74fa1e5c-40b5-889b-a5c2-2c1d61aac872', 'ann']],
  },
  {
    name: 'hashes',
    needs: '@noble/hashes',
    kql: `print hash_md5('a'), hash_sha1('a'), hash_sha256('a')`,
    rows: [
      [
        '0cc175b9c0f1b6a831c399e269772661',
        '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8',
        'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
      ],
    ],
  },
  {
    name: 'regular expressions',
    needs: 're2js',
    // The first would take V8 too long with other texts.
    kql: `print extract('(?i)user=((?:[a-z]+)+)(?P<digits>[0-9]+)$', 1, 'x USER=Ann12'),
                'abc' matches regex '^a.c$', replace_regex('a1b22', @'\\d+', '#')`,
    rows: [['Ann', 'true', 'a#b#']],
  },
  {
    name: 'H3 cells',
    needs: 'h3-js',
    kql: `print cell = geo_point_to_h3cell(-74.04450446039874, 40.689250859314974, 6)
          | extend parent = geo_h3cell_parent(cell), level = geo_h3cell_level(cell)`,
    rows: [['862a1072fffffff', '852a1073fffffff', '6']],
  },
  {
    name: 'S2 cells',
    needs: 'nodes2ts',
    kql: 'print geo_point_to_s2cell(-80.195829, 25.802215, 8)',
    rows: [['88d9b']],
  },
  {
    name: 'distances on the ellipsoid',
    needs: 'geographiclib-geodesic',
    kql: 'print tolong(geo_distance_2points(0, 0, 0, 1, true))',
    rows: [['110574']],
  },
  {
    name: 'a database of cities',
    needs: 'mmdb-lib',
    kql: `print tostring(geo_info_from_ip_address('192.0.2.7').country)`,
    args: ['--geoip', 'city.mmdb'],
    options: { geoip: { path: 'city.mmdb' } },
    rows: [['Examplia']],
  },
  {
    name: 'time zones',
    needs: 'luxon',
    kql: `print tostring(datetime_utc_to_local(datetime(2026-07-01), 'Europe/Zurich')),
                tostring(datetime_local_to_utc(datetime(2026-01-01 12:00), 'US/Pacific'))`,
    rows: [['2026-07-01T02:00:00.0000000Z', '2026-01-01T20:00:00.0000000Z']],
  },
  {
    name: 'decimals',
    needs: 'decimal.js',
    kql: 'print tostring(decimal(0.1) + decimal(0.2)), tostring(decimal(1) / decimal(3))',
    rows: [['0.3', '0.3333333333333333333333333333333333']],
  },
  {
    name: 'XML',
    kql: `print tostring(parse_xml('<a b="1"><c>2</c></a>'))`,
    rows: [['{"a":{"@b":"1","c":"2"}}']],
  },
  {
    name: 'user agents',
    kql: `print tostring(parse_user_agent('Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:109.0) '
            'Gecko/20100101 Firefox/115.0', 'browser').Browser.Family)`,
    rows: [['Firefox']],
  },
]

/** What every run of the command needs. */
const ALWAYS = [
  '@chevrotain/gast',
  '@chevrotain/regexp-to-ast',
  '@chevrotain/utils',
  'chevrotain',
  'commander',
]

const RULE = `id: 11111111-2222-3333-4444-555555555555
name: Names
description: Names of those who did something.
severity: Low
requiredDataConnectors: []
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
tactics: []
relevantTechniques: []
query: |
  AuditLogs
  | where isnotempty(Identity)
  | project Identity
version: 1.0.0
kind: Scheduled
`

describe('what is built does what its packages are for:', () => {
  const { path: folder, remove } = temporaryFolder()
  afterAll(remove)

  const one = strToU8('{"a":1}\n')
  const two = strToU8('{"a":2}\n')
  const log = { TimeGenerated: '2026-01-01T11:00:00Z', Identity: 'ann@example.com' }
  mkdirSync(join(folder, 'logs'))
  for (const [name, content] of Object.entries({
    'recorder.cjs': RECORDER,
    'without-zstd.cjs': WITHOUT_ZSTD,
    'one.zip': zipSync({ 'b.json': one }),
    'two.zip': zipSync({ 'b.json': one, 'c.json': two }),
    'rows.json.gz': gzipSync(one),
    'rows.json.zst': zstdCompressSync(one),
    'rows.parquet': new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'n', data: [9_007_199_254_740_993n, -1n], type: 'INT64' },
          { name: 's', data: ['ä', ''], type: 'STRING' },
          { name: 'd', data: [{ a: [1] }, null], type: 'JSON' },
        ],
      }),
    ),
    'watchlist.csv': 'User,n\nann,1\n',
    'city.mmdb': mmdbOf({ '192.0.2.0/24': { country: { names: { en: 'Examplia' } } } }),
    'rule.yaml': RULE,
    'logs/AuditLogs.json': `${JSON.stringify(log)}\n`,
  })) {
    writeFileSync(join(folder, name), content)
  }

  /** Runs Node in the folder. Packages are those of which it loads parts from dist. */
  function run(args: readonly string[], ...preloaded: readonly string[]) {
    const preload = ['recorder.cjs', ...preloaded].flatMap(name => ['--require', `./${name}`])
    const { status, stdout, stderr, output } = spawnSync(process.execPath, [...preload, ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      // The recorder sees what Node compiles.
      env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' },
    })
    const compiled: string[] = JSON.parse(output[3] ?? '[]')
    const packages = compiled
      .filter(path => path.startsWith(join(projectRoot, 'dist')))
      .flatMap(packagesIn)
    return { status, stdout, stderr, packages: new Set(packages) }
  }

  const bin = join(projectRoot, 'bin/kqlab.js')

  function query({ kql, file, args = [] }: QueryCase, ...preloaded: readonly string[]) {
    const table = file === undefined ? [] : ['--table', `T=${file}`]
    const ran = run([bin, 'query', kql, ...table, ...args, '--format', 'json'], ...preloaded)
    if (ran.status !== 0) throw new Error(ran.stderr)
    const { rows }: { rows: unknown[][] } = JSON.parse(ran.stdout)
    return { packages: ran.packages, rows: rows.map(row => row.map(String)) }
  }

  it.each(CASES)('$name, from the command', each => {
    const { rows, packages } = query(each)
    expect(rows).toEqual(each.rows)
    if (each.needs !== undefined) expect(packages).toContain(each.needs)
  })

  it('zstd where Node cannot read it, from the command', () => {
    const zstd = CASES.find(({ name }) => name === 'zstd') as QueryCase
    const { rows, packages } = query(zstd, 'without-zstd.cjs')
    expect(rows).toEqual(zstd.rows)
    expect(packages).toContain('fzstd')
  })

  it('rules in YAML', () => {
    const ran = run([bin, 'run', 'rule.yaml', '--data', 'logs', '--format', 'json'])
    expect(JSON.parse(ran.stdout).rules).toMatchObject([
      { name: 'Names', severity: 'Low', rows: [['ann@example.com']] },
    ])
    expect(ran.packages).toContain('yaml')
  })

  it('Parquet that is written', () => {
    const { status, packages } = run([bin, 'ingest', 'logs', '-o', 'out'])
    expect(status).toBe(0)
    expect(packages).toContain('hyparquet-writer')
    const kql = 'AuditLogs | project tostring(TimeGenerated), Identity'
    const { rows } = query({ name: '', kql, rows: [], args: ['--data', 'out'] })
    expect(rows).toEqual([['2026-01-01T11:00:00.0000000Z', 'ann@example.com']])
  })

  it('pseudonyms', () => {
    const capture = ['capture', 'rule.yaml', '--data', 'logs', '--salt', 'pepper', '-o', 'tests']
    expect(run([bin, ...capture]).packages).toContain('@noble/hashes')
    const [name = ''] = readdirSync(join(folder, 'tests'))
    expect(readFileSync(join(folder, 'tests', name), 'utf8')).toContain(
      'Identity: user-62ac51@org-c4e2ea.example\n',
    )
  })

  it('there are no other packages', () => {
    const names = readdirSync(join(projectRoot, 'dist/cjs')).filter(name => name.endsWith('.cjs'))
    const bundled = names.flatMap(name => packagesIn(join(projectRoot, 'dist/cjs', name)))
    const tested = CASES.flatMap(({ needs }) => needs ?? [])
    // The last is part of what reads ZIP archives.
    const others = ['fzstd', 'yaml', 'hyparquet-writer', 'pend']
    expect(new Set(bundled)).toEqual(new Set([...ALWAYS, ...tested, ...others]))
  })

  /** A program that runs all cases with the library. */
  const program = (library: string) => `
    import { query } from ${JSON.stringify(library)}
    async function main() {
      const results = []
      for (const { kql, file, options } of ${JSON.stringify(CASES)}) {
        const tables = file === undefined ? {} : { T: file }
        try {
          const result = await query(kql, { tables, ...options })
          results.push(result.rows().map(row => row.map(String)))
        } catch (error) {
          results.push(String(error))
        }
      }
      console.log(JSON.stringify(results))
    }
    main()`

  const results = CASES.map(({ name, rows }) => ({ name, rows }))
  function resultsOf(...args: Parameters<typeof run>) {
    const { stdout, stderr } = run(...args)
    expect(stderr).toBe('')
    const found: unknown[] = JSON.parse(stdout)
    return CASES.map(({ name }, index) => ({ name, rows: found[index] }))
  }

  it.each([
    ['with', []],
    ['without', ['without-zstd.cjs']],
  ])('all from the library, %s zstd of Node', (_, preloaded) => {
    writeFileSync(join(folder, 'library.mjs'), program(join(projectRoot, 'dist/index.js')))
    expect(resultsOf(['library.mjs'], ...preloaded)).toEqual(results)
  })

  it.each([
    { splitting: true, mainFields: ['main', 'module'] },
    { splitting: true, mainFields: ['module', 'main'] },
    { splitting: false, mainFields: ['main', 'module'] },
  ])('all from a bundle of the library, in parts: $splitting, by $mainFields', async options => {
    const { warnings } = await build({
      stdin: { contents: program('kqlab'), resolveDir: projectRoot },
      outdir: join(folder, 'bundled'),
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      // Packages that are CommonJS require what Node has.
      banner: {
        js: `import { createRequire as own } from 'node:module'; const require = own(import.meta.url)`,
      },
      logLevel: 'silent',
      ...options,
    })
    expect(warnings.map(({ text }) => text)).toEqual([])
    expect(resultsOf(['bundled/stdin.mjs'], 'without-zstd.cjs')).toEqual(results)
  })

  it('all from a bundle of the library as CommonJS', async () => {
    await build({
      stdin: { contents: program('kqlab'), resolveDir: projectRoot },
      outfile: join(folder, 'bundled.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'silent',
    })
    expect(resultsOf(['bundled.cjs'], 'without-zstd.cjs')).toEqual(results)
  })
})

/** The packages of a file of the bundle: the bundler names each module in a comment. */
function packagesIn(path: string): string[] {
  const modules = readFileSync(path, 'utf8').matchAll(
    /\/\/ \S*node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\/\S+$/gm,
  )
  return [...modules].map(([, name = '']) => name)
}
