import { describe, expect, it } from 'vitest'
import {
  SignatureBuilder,
  slotBytes,
  slotsOfWord,
} from '../../../../src/tables/parquet/word-signature.ts'

/** The rows of the texts that may have the word. */
function rowsWith(word: string, texts: readonly string[]): number[] {
  const builder = new SignatureBuilder(texts.length)
  for (const [row, text] of texts.entries()) builder.add(row, text)
  const size = slotBytes(texts.length)
  return [...texts.keys()].filter(row =>
    slotsOfWord(word).every(
      slot => ((builder.bytes[slot * size + (row >> 3)] ?? 0) & (1 << (row & 7))) !== 0,
    ),
  )
}

describe('the signature of a text', () => {
  it('has the words in it, whatever their case and wherever they are', () => {
    const texts = ['TemporaryAccessPass', 'x-temporaryaccesspass2', 'temporary access pass', '']
    expect(rowsWith('temporaryaccesspass', texts)).toEqual([0, 1])
  })

  it('is not of grams over what is no letter or digit', () => {
    expect(rowsWith('pass', ['pa ss', 'pa\u00e9ss', 'pa-ss', 'xpassx'])).toEqual([3])
  })

  it('has every word where an escape may hide letters', () => {
    expect(rowsWith('marker', ['m\\u0061rker', 'm\\arker', 'none'])).toEqual([0])
  })

  it('tells nothing of hexadecimal digits alone', () => {
    expect(slotsOfWord('deadbeef')).toEqual([])
    expect(slotsOfWord('abc')).toEqual([])
    expect(slotsOfWord('zabcd')).toHaveLength(1)
  })
})
