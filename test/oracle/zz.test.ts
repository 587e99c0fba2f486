import { readFileSync } from 'node:fs'
import { it } from 'vitest'
import { analyze } from './analyzer.ts'

it('x', () => {
  for (const q of readFileSync('/tmp/q/anq.txt', 'utf8')
    .split('\n')
    .filter(l => l !== '')) {
    const a = analyze(q, {})
    console.log(
      JSON.stringify([
        q,
        a.errors,
        a.warnings,
        a.columns.map(c => `${c.name}:${c.type}`).join(','),
      ]),
    )
  }
})
