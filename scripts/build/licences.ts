import { readdirSync, readFileSync } from 'node:fs'
import type { Metafile } from 'esbuild'

/** The licences of the packages in a bundle, one after the other. */
export function licences(root: string, { inputs }: Metafile, what: string): string {
  const folders = Object.keys(inputs).flatMap(
    path => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
  )
  const texts = [...new Set(folders)].sort().map(folder => {
    const { name, version, license } = JSON.parse(
      readFileSync(`${root}${folder}/package.json`, 'utf8'),
    ) as { name: string; version: string; license: string }
    const file = readdirSync(`${root}${folder}`).find(entry => /^licen[cs]e/i.test(entry))
    const text = file === undefined ? '' : readFileSync(`${root}${folder}/${file}`, 'utf8').trim()
    return `${name} ${version} (${license})\n\n${text}\n`
  })
  return `${what} contains these packages:\n\n${texts.join('\n---\n\n')}`
}
