import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { npm, outsideProject, pack, projectRoot, temporaryFolder } from './package-files.ts'

const minutes = 60_000

/**
 * The library example of the README and the output it promises: the first `js` block that imports
 * the package, and the `text` block after it.
 */
function readmeExample(): { code: string; output: string } {
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8')
  const blocks = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', text = '']) => ({ language, text }),
  )
  const position = blocks.findIndex(
    block => block.language === 'js' && block.text.includes(`from 'kqlab'`),
  )
  const code = blocks[position]
  const output = blocks[position + 1]
  if (code === undefined || output?.language !== 'text') {
    throw new Error('README.md has no js block that imports kqlab followed by a text block')
  }
  return { code: code.text, output: output.text }
}

describe('the packed package, installed in an empty folder', () => {
  const folder = temporaryFolder()
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd: folder.path, encoding: 'utf8', env: outsideProject() })

  beforeAll(() => {
    const { filename } = pack(folder.path)
    writeFileSync(join(folder.path, 'package.json'), '{ "private": true, "type": "module" }\n')
    npm(folder.path, 'install', '--prefer-offline', '--no-audit', '--no-fund', `./${filename}`)
  }, 5 * minutes)
  afterAll(folder.remove)

  it('runs the library example of the README', () => {
    const { code, output } = readmeExample()
    writeFileSync(join(folder.path, 'example.js'), code)
    expect(run(process.execPath, 'example.js')).toBe(output)
  })

  it(
    'answers npx kqlab query',
    () => {
      const answer = run('npx', '--no-install', 'kqlab', 'query', 'print 1', '--format', 'json')
      expect(JSON.parse(answer)).toEqual({
        columns: [{ name: 'print_0', type: 'long' }],
        rows: [[1]],
      })
    },
    minutes,
  )

  it(
    'type-checks a strict consumer that has neither @types/node nor skipLibCheck',
    () => {
      writeFileSync(
        join(folder.path, 'consumer.ts'),
        `import { Catalog, KqlError, prepare, query } from 'kqlab'
         const result = await query('print 1', { now: new Date(0) })
         const names: string[] = result.columns.map(column => column.name)
         const rows: unknown[][] = result.rows()
         const prepared = prepare('T | count', { catalog: new Catalog() })
         const again = await prepared.run({ tables: { T: [{ a: 1 }] }, now: 0n })
         const codes = (error: KqlError): string[] => error.diagnostics.map(d => d.code)
         export { again, codes, names, rows }
        `,
      )
      writeFileSync(
        join(folder.path, 'tsconfig.json'),
        JSON.stringify({
          compilerOptions: {
            strict: true,
            noEmit: true,
            target: 'es2022',
            lib: ['es2024', 'dom'],
            module: 'nodenext',
            types: [],
          },
          files: ['consumer.ts'],
        }),
      )
      const compiler = fileURLToPath(import.meta.resolve('typescript/bin/tsc'))
      expect(run(process.execPath, compiler, '--pretty', 'false')).toBe('')
    },
    minutes,
  )
})
