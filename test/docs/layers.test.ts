import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

/** What is read of .dependency-cruiser.mjs. */
interface Configuration {
  readonly forbidden: readonly {
    readonly name: string
    readonly from: { readonly path?: string }
    readonly to: { readonly path?: string | readonly string[] }
  }[]
}

const root = new URL('../../', import.meta.url)
const architecture = readFileSync(new URL('docs/architecture.md', root), 'utf8')

/** The first column of the table under the heading. */
function layersOf(text: string): string[] {
  const [, section = ''] = text.split(/^## Layers$/m)
  const [table = ''] = section.split(/^## /m)
  return [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, folder = '']) => folder)
}

describe('docs/architecture.md', () => {
  it('has the layers of .dependency-cruiser.mjs, in their order', async () => {
    const url = new URL('.dependency-cruiser.mjs', root).href
    const { default: config } = (await import(url)) as { default: Configuration }
    const rules = config.forbidden.filter(({ name }) => name.startsWith('order-'))
    expect(rules.length).toBeGreaterThan(0)
    const documented = layersOf(architecture)
    const [first] = rules
    const imported = first?.to.path
    const paths = [first?.from.path, ...(Array.isArray(imported) ? imported : [])]
    expect(documented).toHaveLength(paths.length)
    documented.forEach((folder, position) => {
      const file = folder.endsWith('/') ? `${folder}file.ts` : folder
      const matching = paths.findIndex(path => new RegExp(String(path)).test(file))
      expect([folder, matching]).toEqual([folder, position])
    })
  })
})
