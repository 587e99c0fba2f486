import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')

/** Lines without their indentation, which a quotation changes. */
function dedented(text: string): string {
  return text
    .split('\n')
    .map(line => line.trim())
    .join('\n')
}

/** The ts blocks, each with the file that its first line names. */
const snippets = [...contributing.matchAll(/^ *```ts\n *\/\/ (\S+)\n([\s\S]*?)^ *```$/gm)].map(
  ([, path = '', text = '']) => ({
    path,
    title: text.trim().split('\n')[0],
    parts: text.split(/^ *\/\/ …\n/m),
  }),
)

describe('the code in CONTRIBUTING.md', () => {
  it('is found', () => {
    expect(snippets.length).toBeGreaterThan(8)
    expect(contributing.match(/^ *```ts$/gm)).toHaveLength(snippets.length)
  })

  it.each(snippets)('$path has $title', ({ path, parts }) => {
    const source = dedented(readFileSync(join(root, path), 'utf8'))
    for (const part of parts) expect(source).toContain(dedented(part).trim())
  })
})
