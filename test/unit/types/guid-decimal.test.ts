import { describe, expect, it } from 'vitest'
import {
  addDecimal,
  canonicalDecimal,
  decimalFromReal,
  decimalOf,
  divideDecimal,
  formatDecimal,
  longFromDecimal,
  modDecimal,
  parseDecimal,
  realFromDecimal,
} from '../../../src/types/decimal.ts'
import { parseGuid } from '../../../src/types/guid.ts'

describe('parseGuid', () => {
  const guid = '74be27de-1e4e-49d9-b579-fe0b331d3642'

  it.each([
    guid,
    guid.toUpperCase(),
    `{${guid}}`,
    `(${guid})`,
    ` ${guid} `,
    '74be27de1e4e49d9b579fe0b331d3642',
    '74be27de1e4e-49d9-b579-fe0b331d3642',
  ])('reads %s', text => {
    expect(parseGuid(text)).toBe(guid)
  })

  it.each(['', 'a string', guid.slice(1), `${guid}0`, `{${guid}`, guid.replace('7', 'g')])(
    'refuses %j',
    text => {
      expect(parseGuid(text)).toBeNull()
    },
  )
})

describe('decimal', () => {
  const d = (text: string) => decimalOf(text)

  it.each([
    ['123.45678', '123.45678'],
    ['1e5', '100000'],
    ['1e-7', '0.0000001'],
    ['0.10', '0.1'],
    ['100', '100'],
    ['-0', '0'],
    [' +.5 ', '0.5'],
    ['12345678901234567890.123456789012345678', '12345678901234567890.12345678901235'],
  ])('reads %s', (text, canonical) => {
    expect(canonicalDecimal(text)).toBe(canonical)
  })

  it.each(['', 'abc', '0x1F', 'NaN', 'Infinity', '1e7000', '1,2'])('refuses %j', text => {
    expect(parseDecimal(text)).toBeNull()
  })

  it('computes with 34 digits', () => {
    const third = divideDecimal(d('1'), d('3'))
    expect(third && formatDecimal(third)).toBe(`0.${'3'.repeat(34)}`)
    expect(addDecimal(d('0.1'), d('0.2'))?.eq(d('0.3'))).toBe(true)
    expect(divideDecimal(d('1'), d('0'))).toBeNull()
  })

  it('has a remainder that is never negative', () => {
    expect(modDecimal(d('-10'), d('4'))?.toNumber()).toBe(2)
    expect(modDecimal(d('10'), d('-4'))?.toNumber()).toBe(2)
    expect(modDecimal(d('-5.5'), d('3'))?.toNumber()).toBe(0.5)
    expect(modDecimal(d('1'), d('0'))).toBeNull()
  })

  it('converts', () => {
    expect(decimalFromReal(0.1)?.toString()).toBe('0.1')
    expect(decimalFromReal(Number.NaN)).toBeNull()
    expect(realFromDecimal(d('3.14159265358979323846'))).toBe(Math.PI)
    expect(longFromDecimal(d('-2.9'))).toBe(-2n)
    expect(longFromDecimal(d('1e30'))).toBe(9_223_372_036_854_775_807n)
  })
})
