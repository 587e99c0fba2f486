import fc from 'fast-check'
import { expect, it } from 'vitest'
import { pathName, pathOf } from '../../../../src/engine/plan/path-name.ts'

const texts = fc.oneof(fc.string(), fc.constantFrom('', ':', ';', '#1;', '1:a', '\0', '0:'))
const steps = fc.array(fc.oneof(texts, fc.integer()))

it('a path is told from its name', () => {
  fc.assert(
    fc.property(texts, steps, (column, path) => {
      expect(pathOf(pathName(column, path))).toEqual({ column, steps: path })
    }),
  )
  expect(pathOf('TargetResources')).toBeUndefined()
  expect(pathOf('$d[]')).toBeUndefined()
})
