import { describe, expect, it } from 'vitest'
import { SourceText } from '../../../src/text/source-text.ts'

describe('SourceText', () => {
  const source = new SourceText('ab\ncd\r\n\re', 'rule.kql')

  it.each([
    [0, 1, 1],
    [2, 1, 3],
    [3, 2, 1],
    [5, 2, 3],
    [7, 3, 1],
    [8, 4, 1],
    [9, 4, 2],
    // Outside of the text: the nearest place inside.
    [-5, 1, 1],
    [99, 4, 2],
  ])('offset %i is at %i:%i', (offset, line, column) => {
    expect(source.positionAt(offset)).toEqual({ line, column })
  })

  it.each([
    [1, 'ab'],
    [2, 'cd'],
    [3, ''],
    [4, 'e'],
    [5, ''],
  ])('line %i is %j', (line, text) => expect(source.lineText(line)).toBe(text))

  it('knows its name and how many lines it has', () => {
    expect(source.name).toBe('rule.kql')
    expect(source.lineCount).toBe(4)
    expect(new SourceText('').lineCount).toBe(1)
    expect(new SourceText('').name).toBe('query')
    expect(new SourceText('a\n').lineCount).toBe(2)
  })
})
