import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { folderWith } from '../e2e/kqlab.ts'
import { printed, read, shown } from './console.ts'

/** The blocks of the document, in their order. */
const blocks = [
  ...read('docs/first-rule.md').matchAll(/^```(console|yaml|diff)\n(.+)\n([\s\S]*?)^```$/gm),
].map(([, language = '', head = '', body = '']) => ({ language, head, body }))

describe.skipIf(process.platform === 'win32')('docs/first-rule.md, step by step', () => {
  const { path: folder, remove } = folderWith({})
  afterAll(remove)

  it('is found', () => {
    expect(blocks.map(({ language }) => language)).toEqual([
      'console',
      'console',
      'yaml',
      'console',
      'yaml',
      'console',
      'diff',
      'console',
      'console',
    ])
  })

  it.each(blocks)('$language: $head', ({ language, head, body }) => {
    const file = () => join(folder, head.replace(/^(# |--- )/, ''))
    if (language === 'console') {
      expect(printed(head.replace(/^\$ /, ''), folder)).toMatch(shown(body))
    } else if (language === 'yaml') {
      writeFileSync(file(), `${head}\n${body}`)
    } else {
      const lines = (sign: string) =>
        body
          .split('\n')
          .filter(line => line.startsWith(sign))
          .map(line => line.slice(1))
          .join('\n')
      const text = readFileSync(file(), 'utf8')
      expect(text.split(lines('-'))).toHaveLength(2)
      writeFileSync(file(), text.replace(lines('-'), lines('+')))
    }
  })
})
