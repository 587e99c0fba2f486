/** Makes src/tables/json/skip-module.ts of scripts/skip.wat. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import openAssembler from 'wabt'

const source = fileURLToPath(new URL('skip.wat', import.meta.url))
const target = fileURLToPath(new URL('../src/tables/json/skip-module.ts', import.meta.url))

/** The text of skip-module.ts as it is to be. */
export async function skipModuleText(): Promise<string> {
  const assembler = await openAssembler()
  const module = assembler.parseWat(source, readFileSync(source, 'utf8'), {
    simd: true,
    threads: true,
  })
  const { buffer } = module.toBinary({})
  module.destroy()
  const text = Buffer.from(buffer).toString('base64')
  const lines = text.match(/.{1,90}/g) ?? []
  return `// Made of scripts/skip.wat by scripts/assemble-skip.ts; not to be edited.

/** The WebAssembly module that skips JSON, in base64. */
export const SKIP_MODULE = \`
${lines.join('\n')}
\`
`
}

if (import.meta.main) writeFileSync(target, await skipModuleText())
