import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { testFileSchema } from '../../../src/testing/test-shape.ts'

const root = new URL('../../../', import.meta.url)
const SLUGS = [
  'pim-role-activation-followed-by-non-interactive-token-use',
  'temporary-access-pass-created-for-user-account',
]

describe('schemas/kqlab.tests.schema.json', () => {
  const isValid = new Ajv2020({ allowUnionTypes: true }).compile(testFileSchema())

  it('is what npm run schema writes', () => {
    const text = readFileSync(new URL('schemas/kqlab.tests.schema.json', root), 'utf8')
    expect(JSON.parse(text)).toEqual(testFileSchema())
  })

  it.each(SLUGS)('takes the tests of %s', slug => {
    const text = readFileSync(new URL(`rules/${slug}/${slug}.tests.yaml`, root), 'utf8')
    isValid(parse(text))
    expect(isValid.errors).toBe(null)
  })

  it.each([
    ['a name that is not there', { tests: [{ name: 'a', expect: 'none', wants: 1 }] }],
    ['a word that is none', { tests: [{ name: 'a', expect: 'nothing' }] }],
    ['a test without a name', { tests: [{ expect: 'none' }] }],
    ['a row that is none', { tests: [{ name: 'a', given: { T: [1] }, expect: 'none' }] }],
    ['a count below 0', { tests: [{ name: 'a', expect: { rows: -1 } }] }],
  ])('refuses %s', (_, content) => {
    expect(isValid(content)).toBe(false)
  })

  it.each([
    ['rows with names', { T: { a: { x: 1 }, b: null } }],
    ['rows in a list', { T: [{ x: 1 }] }],
    ['a file', { T: { file: 'a.json' } }],
    ['a file and rows', { T: { file: ['a.json', 'b.csv'], rows: [{ x: 1 }] } }],
  ])('takes %s', (_, given) => {
    expect(isValid({ tests: [{ name: 'a', given, expect: 'none' }] })).toBe(true)
  })
})
