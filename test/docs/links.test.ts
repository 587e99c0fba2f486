import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { anchorOf } from '../../scripts/reference/markdown.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md') && !name.startsWith('api'))
    .map(name => join('docs', name)),
].toSorted()

const textOf = (path: string) => readFileSync(join(root, path), 'utf8')

/** What is outside of code blocks, without what is said to be missing. */
const proseOf = (path: string) =>
  textOf(path)
    .replace(/^(```+)[\s\S]*?^\1$/gm, '')
    .replace(/^.*\(not there yet\).*$/gm, '')

function anchorsOf(path: string): Set<string> {
  const headings = proseOf(path).matchAll(/^#+ (.+)$/gm)
  return new Set([...headings].map(([, heading = '']) => anchorOf(heading.replaceAll('\\', ''))))
}

/** Paths of this project that are named in the font of code: `src/engine/query.ts`. */
const PATH = /`((?:\.ci|bench|bin|docs|rules|scripts|src|test)\/[\w./*{},-]*)`/g

describe.each(documents)('%s', path => {
  it('links only to what exists', () => {
    const broken = [...proseOf(path).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
      if (/^https:\/\//.test(target)) return []
      const [file = '', anchor] = target.split('#')
      const linked = file === '' ? path : join(dirname(path), file)
      if (!existsSync(join(root, linked))) return [target]
      return anchor === undefined || anchorsOf(linked).has(anchor) ? [] : [target]
    })
    expect(broken).toEqual([])
  })

  it('names only files that exist', () => {
    const missing = [...proseOf(path).matchAll(PATH)].flatMap(([, name = '']) =>
      alternatives(name).filter(file => !file.includes('*') && !existsSync(join(root, file))),
    )
    expect(missing).toEqual([])
  })
})

/** `a/{b,c}.ts` is two files. */
function alternatives(path: string): string[] {
  const [, before, list, after] = /^(.*)\{(.*)\}(.*)$/.exec(path) ?? []
  if (list === undefined) return [path]
  return list.split(',').map(item => `${before}${item}${after}`)
}
