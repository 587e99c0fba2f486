import { describe, expect, it } from 'vitest'
import { targetWarnings } from '../../../src/rules/target-warnings.ts'
import type { Target } from '../../../src/rules/targets.ts'

const found = (text: string, target: Target) =>
  targetWarnings(text, target).map(({ code, severity, span, message }) => {
    expect([code, severity]).toEqual(['KQL220', 'warning'])
    return [text.slice(span.start, span.end), message]
  })

describe('targetWarnings', () => {
  it.each([
    ['search  * | take 1', 'search  *', /^`search \*` is refused in an analytics rule/],
    ['union * | take 1', 'union *', /^`union \*` is refused/],
    ['adx("https://x").Db.T | take 1', 'adx', /^adx\(\) is not supported/],
  ])('knows what an analytics rule refuses: %s', (text, place, message) => {
    expect(found(text, 'sentinel')).toEqual([[place, expect.stringMatching(message)]])
    expect(found(text, 'defender')).toEqual([])
  })

  it('knows how long the query of an analytics rule may be', () => {
    const text = `print 1${' '.repeat(9_993)}`
    expect(found(text, 'sentinel')).toEqual([])
    expect(found(`${text}!`, 'sentinel')).toEqual([
      ['!', expect.stringContaining('10001 characters')],
    ])
  })

  it('passes over texts and comments', () => {
    expect(found('print "union *" // search *', 'sentinel')).toEqual([])
    expect(found('T | project a = x * 2 | union isfuzzy=true A', 'sentinel')).toEqual([])
  })

  it('knows how many records FileProfile enriches', () => {
    expect(found('T | invoke FileProfile(SHA1, 10000)', 'defender')).toEqual([
      ['10000', expect.stringContaining('1 to 1000')],
    ])
    expect(found('T | invoke FileProfile(SHA1, 1000)', 'defender')).toEqual([])
    expect(found('T | invoke FileProfile(SHA1)', 'defender')).toEqual([])
  })

  it('knows what Azure Data Explorer does not have', () => {
    expect(
      found('_GetWatchlist("a") | join workspace("w").T on x', 'adx').map(([at]) => at),
    ).toEqual(['_GetWatchlist', 'workspace'])
    expect(found('T | extend app = 1, b = d.app("x")', 'adx')).toEqual([])
  })
})
