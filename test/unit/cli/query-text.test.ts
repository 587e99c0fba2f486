import { describe, expect, it } from 'vitest'
import { decodedText } from '../../../src/cli/query-text.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')

describe('decodedText', () => {
  it.each([
    ['UTF-8', Buffer.from('é\ufffd😀'), 'é\ufffd😀'],
    ['UTF-8 with a mark', Buffer.from('\ufeffé\ufffd'), 'é\ufffd'],
    ['little-endian UTF-16', utf16('é\ufffd😀'), 'é\ufffd😀'],
    ['big-endian UTF-16', utf16('é\ufffd😀').swap16(), 'é\ufffd😀'],
    ['nothing', Buffer.alloc(0), ''],
    ['a mark alone', Buffer.from('\ufeff'), ''],
  ])('has the text of %s', (_, given, text) => {
    expect(decodedText(given)).toEqual({ text })
  })

  it.each([
    ['a byte of Windows-1252', bytes('ab\x92c'), 2, 'UTF-8'],
    ['one behind a mark', bytes('\xef\xbb\xbfab\x92c'), 2, 'UTF-8'],
    [
      'one behind U+FFFD itself',
      Buffer.concat([Buffer.from('é😀\ufffd'), bytes('\xff')]),
      4,
      'UTF-8',
    ],
    ['half of a character at the end', bytes('abc\xf0\x9f\x98'), 3, 'UTF-8'],
    ['half of a surrogate pair', utf16('a\ufffd\ud83db'), 2, 'UTF-16'],
    ['half of one in big-endian UTF-16', utf16('a\ufffd\ud83db').swap16(), 2, 'UTF-16'],
    ['half of a unit', utf16('ab').subarray(0, -1), 1, 'UTF-16'],
  ])('tells of %s', (_, given, start, name) => {
    const { text, fault } = decodedText(given)
    expect(text[start]).toBe('\ufffd')
    expect(fault).toMatchObject({
      code: 'KQL400',
      severity: 'error',
      message: `There are bytes here that are not ${name}.`,
      span: { start, end: start + 1 },
    })
  })
})
