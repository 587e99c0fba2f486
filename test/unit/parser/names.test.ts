import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../../src/parser/parse.ts'

const accepts = (text: string) => parseQuery(text).diagnostics.length === 0

describe('keywords as names', () => {
  // What Microsoft's parser takes; the oracle test checks the whole list.
  it.each(['count', 'range', 'type', 'Type', 'limit', 'order', 'top', 'id', 'pattern', 'step'])(
    '%s is a name everywhere',
    word => {
      expect(accepts(`T | where ${word} == 1`)).toBe(true)
      expect(accepts(`T | extend ${word} = 1`)).toBe(true)
      expect(accepts(`T | where a.${word} == 1`)).toBe(true)
      expect(accepts(`let ${word} = 1; print ${word}`)).toBe(true)
      expect(accepts(`${word} | count`)).toBe(true)
    },
  )

  it.each(['title', 'in', 'has', 'by', 'to', 'of', 'where', 'search', 'print'])(
    '%s is a name where a column is declared',
    word => {
      expect(accepts(`T | extend ${word} = 1`)).toBe(true)
      expect(accepts(`datatable(${word}: string)['a']`)).toBe(true)
      expect(accepts(`T | project a.${word}`)).toBe(false)
      expect(accepts(`let ${word} = 1; print 1`)).toBe(false)
    },
  )

  it.each(['kind', 'withsource'])('%s is a name where a column is used', word => {
    expect(accepts(`T | where ${word} == 1`)).toBe(true)
    expect(accepts(`T | where a.${word} == 1`)).toBe(true)
    expect(accepts(`T | extend ${word} = 1`)).toBe(false)
    expect(accepts(`let ${word} = 1; print 1`)).toBe(false)
  })

  it.each(['and', 'between', 'last', 'first', 'string', 'datetime', 'union', 'project-away'])(
    '%s is a name only in brackets',
    word => {
      expect(accepts(`T | where ${word} == 1`)).toBe(false)
      expect(accepts(`T | extend ${word} = 1`)).toBe(false)
      expect(
        accepts(`T | extend ['${word}'] = 1 | where ['${word}'] == 1 and a.['${word}'] == 1`),
      ).toBe(true)
    },
  )

  it('other spellings are no keywords', () => {
    expect(accepts('T | where AND == 1 and Union == 2 and LAST == 3')).toBe(true)
  })
})
