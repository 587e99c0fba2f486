import { describe, expect, it } from 'vitest'
import { FORM_EXAMPLES } from '../../scripts/reference/function-pages.ts'
import { FUNCTIONS } from '../../src/engine/functions/library.ts'
import { OPERATORS } from '../../src/engine/operators/registry.ts'
import { query } from '../../src/index.ts'

const declarations = [
  ...FUNCTIONS,
  ...Object.values(OPERATORS),
  { name: 'forms', examples: FORM_EXAMPLES },
]

const cases = declarations.flatMap(({ name, examples }) =>
  examples.map(({ query: text, rows }) => ({ name, text, rows })),
)

describe('the examples of the reference', () => {
  it.each(cases)('$name: $text', async ({ text, rows }) => {
    const result = await query(text, { now: '2026-01-01T00:00:00Z' })
    expect(result.toObjects()).toEqual(rows)
  })

  it.each(FUNCTIONS.filter(({ name }) => !name.startsWith('$')))(
    '$name has one',
    ({ examples }) => {
      expect(examples).not.toHaveLength(0)
    },
  )
})
