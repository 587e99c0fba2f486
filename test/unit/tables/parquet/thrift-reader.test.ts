import { describe, expect, it } from 'vitest'
import { ThriftReader } from '../../../../src/tables/parquet/thrift-reader.ts'

/** The fields of a structure that are whole numbers; others are passed over. */
function numbersIn(bytes: readonly number[]): (readonly [number, number])[] {
  const reader = new ThriftReader(Uint8Array.from(bytes))
  const found: (readonly [number, number])[] = []
  const outer = reader.begin()
  for (let id = reader.next(); id !== 0; id = reader.next()) {
    if (reader.type === 5) found.push([id, reader.int()])
    else reader.skip()
  }
  reader.end(outer)
  return found
}

describe('a structure', () => {
  it('has fields by their numbers', () => {
    // 1: i32 150 as zigzag 300; then 3, two further: -1; then 20, by its own number: 0.
    expect(numbersIn([0x15, 0xac, 0x02, 0x25, 0x01, 0x05, 40, 0x00, 0x00])).toEqual([
      [1, 150],
      [3, -1],
      [20, 0],
    ])
  })

  it('may have any other field, which is passed over', () => {
    const others = [
      [0x11], // true
      [0x13, 7], // byte
      [0x17, 0, 0, 0, 0, 0, 0, 0, 0], // double
      [0x18, 2, 65, 66], // binary
      [0x19, 0x25, 2, 4], // list of two i32
      [0x19, 0x21, 1, 2], // list of two bools
      [0x1b, 1, 0x55, 2, 4], // map of i32 to i32
      [0x1b, 0], // empty map
      [0x1c, 0x15, 2, 0], // structure
    ]
    for (const bytes of others) {
      expect(numbersIn([...bytes, 0x15, 2, 0]), String(bytes)).toEqual([[2, 1]])
    }
  })

  it.each([
    ['without an end', [0x15, 2]],
    ['with a text that is cut off', [0x18, 200, 1, 65]],
    ['with a list longer than the file', [0x19, 0xf5, 0xff, 0xff, 0xff, 0x7f, 1]],
    ['with a number beyond what is exact', [0x15, ...Array(9).fill(0xff), 1, 0]],
    ['with an unknown type', [0x1e, 0]],
    ['without end in depth', Array(200).fill(0x1c)],
  ])('%s is refused', (_, bytes) => {
    expect(() => numbersIn(bytes)).toThrow('Its Parquet data cannot be read')
  })
})
