import { expect, it } from 'vitest'
import { checkResults } from '../../../src/rules/check-results.ts'
import { compileTest } from '../engine/run-query.ts'

it('takes one result and refuses the second', () => {
  expect(checkResults(compileTest('print 1').results)).toEqual([])
  expect(checkResults(compileTest('print 1; print 2 | take 1').results)).toMatchObject([
    { code: 'KQL101', span: { start: 19, end: 25 } },
  ])
})
