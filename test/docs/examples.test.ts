import { describe, expect, it } from 'vitest'
import { FORM_EXAMPLES } from '../../scripts/reference/function-pages.ts'
import { query } from '../../src/index.ts'

// Those of functions and operators are run beside the tests of the engine.
describe('the examples that only the reference has', () => {
  it.each(FORM_EXAMPLES)('$query', async ({ query: text, rows }) => {
    const result = await query(text)
    expect(result.toObjects()).toEqual(rows)
  })
})
