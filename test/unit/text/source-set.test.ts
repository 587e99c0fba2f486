import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../../src/text/diagnostic.ts'
import { SourceSet } from '../../../src/text/source-set.ts'
import { SourceText } from '../../../src/text/source-text.ts'

function at(start: number, end: number, related?: Diagnostic['related']): Diagnostic {
  const diagnostic = {
    code: 'KS142',
    severity: 'error',
    message: 'm',
    span: { start, end },
  } as const
  return related === undefined ? diagnostic : { ...diagnostic, related }
}

describe('SourceSet', () => {
  const sources = new SourceSet()
  const source = new SourceText('12345', 'f.kql')
  const first = sources.add({ source, toSource: span => span })
  const second = sources.add({
    source,
    toSource: ({ start, end }) => ({ start: start + 2, end: end + 2 }),
  })

  it('leaves what is in the query', () => {
    const diagnostic = at(3, 9)
    expect(sources.locate(diagnostic)).toBe(diagnostic)
  })

  it('places what is in another text there', () => {
    expect(sources.locate(at(first + 1, first + 2))).toEqual({ ...at(1, 2), source })
    expect(sources.locate(at(second, second + 1))).toEqual({ ...at(2, 3), source })
  })

  it('keeps related places of the same text', () => {
    const related = [
      { message: 'here', span: { start: second, end: second + 1 } },
      { message: 'elsewhere', span: { start: 0, end: 1 } },
    ]
    expect(sources.locate(at(second, second, related))).toEqual({
      ...at(2, 2),
      source,
      related: [{ message: 'here', span: { start: 2, end: 3 } }],
    })
  })

  it('cuts a span that ends in another text', () => {
    expect(sources.locate(at(first + 4, second + 1)).span).toEqual({ start: 4, end: 4 })
  })
})
