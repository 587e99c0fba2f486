import { describe, expect, it } from 'vitest'
import { FOUND_WORDS } from '../../../../src/tables/json/kernel.ts'
import {
  FOUND_CODE,
  FOUND_END,
  FOUND_START,
  FOUND_TICKS,
  newTag,
  remember,
} from '../../../../src/tables/json/kernel-walk.ts'
import { RecordScanner, STRING } from '../../../../src/tables/json/record-scanner.ts'
import { viewOf } from '../../../../src/tables/json/skip.ts'
import { isLoaded, load, unload } from '../../../../src/tables/json/skip-memory.ts'
import { parseDatetime } from '../../../../src/types/datetime.ts'

const encoder = new TextEncoder()

/** Loads a text for as long as it is used. */
function loaded<T>(text: string, use: (bytes: Uint8Array, view: DataView) => T): T {
  const bytes = encoder.encode(text)
  load(bytes)
  expect(isLoaded(bytes)).toBe(true)
  const result = use(bytes, viewOf(bytes))
  unload(bytes)
  return result
}

/** Something that has codes for strings. */
function strings() {
  return { tag: newTag(), wasted: false }
}

describe('rows that are kept', () => {
  it('can be looked at in any order until the next beginning', () => {
    const lines = ['{"a":1,"b":"x"}', '{"b":"yy"}', '{"a":[3]}']
    loaded(lines.join('\n'), (bytes, view) => {
      const scanner = new RecordScanner(8)
      const a = scanner.want(['a'])
      const b = scanner.want(['b'])
      expect(scanner.begin(bytes, view)).toBe(8)
      let start = 0
      lines.forEach((line, row) => {
        expect(scanner.scan(start, bytes.length, row)).toBe(start + line.length)
        start += line.length + 1
      })
      const text = (slot: number) =>
        new TextDecoder().decode(bytes.subarray(scanner.startAt(slot), scanner.endAt(slot)))
      scanner.look(1)
      expect([scanner.kindAt(a), text(b)]).toEqual([0, 'yy'])
      scanner.look(2)
      expect([text(a), scanner.kindAt(b)]).toEqual(['[3]', 0])
      scanner.look(0)
      expect([text(a), text(b)]).toEqual(['1', 'x'])
    })
  })

  it('are as many as there is room for', () => {
    const scanner = new RecordScanner(1024)
    for (let i = 0; i < 100; i++) scanner.want([`a${i}`])
    // 65,536 words, six of them for each of a hundred places.
    loaded('{}', (bytes, view) => expect(scanner.begin(bytes, view)).toBe(109))
    const bytes = encoder.encode('{}')
    expect(scanner.begin(bytes, viewOf(bytes))).toBe(1024)
  })

  it('are not looked at where another scan has taken their room', () => {
    loaded('{"a":1}', (bytes, view) => {
      const first = new RecordScanner(8)
      const second = new RecordScanner(8)
      for (const scanner of [first, second]) {
        scanner.want(['a'])
        scanner.begin(bytes, view)
        scanner.scan(0, bytes.length, 0)
      }
      expect(() => first.look(0)).toThrow('Rows were lost')
    })
  })

  it('are found where the wanted places have no room, and after others took it', () => {
    loaded('{"a":"x","b":{"c":"yy"}}', (bytes, view) => {
      const found = (scanner: RecordScanner, slot: number) => {
        expect(scanner.scan(0, bytes.length, 0)).toBe(bytes.length)
        return bytes.subarray(scanner.startAt(slot), scanner.endAt(slot)).length
      }
      const small = new RecordScanner(8)
      const inner = small.want(['b', 'c'])
      small.begin(bytes, view)
      expect(found(small, inner)).toBe(2)
      // Some fit, but not all of them, and the last one does not at all.
      for (const names of [400, 410, 420, 430, 440, 450, 460, 470, 30_000]) {
        const large = new RecordScanner()
        const slot = large.want(['a'])
        for (let i = 0; i < names; i++) large.want([`name ${i}`, i % 3])
        large.begin(bytes, view)
        expect(found(large, slot)).toBe(1)
        expect(found(small, inner)).toBe(2)
      }
    })
  })
})

describe('each element of an array', () => {
  const scanner = new RecordScanner(8)
  const list = scanner.want(['list'])
  const each = scanner.wantEach(['list'])
  const own = strings()
  const a = each.add(['a'], own)
  const c = each.add(['b', 'c'])

  /** What is at both places of each element of the row; undefined where the elements were not noted. */
  function elements(bytes: Uint8Array): (string | undefined)[][] | undefined {
    const first = scanner.elementsAt(list)
    if (first === 0) return undefined
    const { words } = scanner
    return Array.from({ length: scanner.countAt(list) }, (_, element) =>
      [a, c].map(slot => {
        const at = first + (element * each.slots + slot) * FOUND_WORDS
        if (words[at] === 0) return undefined
        return new TextDecoder().decode(
          bytes.subarray(words[at + FOUND_START], words[at + FOUND_END]),
        )
      }),
    )
  }

  it.each([
    ['[]', []],
    [' [ ] ', []],
    ['[{"a":"x"}]', [['x', undefined]]],
    [
      '[{"b":{"d":0,"c":[1,2]},"a":1} , 7,null,[ {"a":3} ],\t{ } ,{"a":"\\n"}]',
      [
        ['1', '[1,2]'],
        [undefined, undefined],
        [undefined, undefined],
        [undefined, undefined],
        [undefined, undefined],
        ['\\n', undefined],
      ],
    ],
    // What is no array has none, nor one in which a name is not as it is spelt, or occurs twice.
    ['{"a":1}', undefined],
    ['"[]"', undefined],
    ['[{"a":1},{"\\u0061":2}]', undefined],
    ['[{"a":1,"a":2}]', undefined],
  ])('is noted: %s', (text, expected) => {
    const record = `{"list":${text},"other":[{"a":2}]}`
    loaded(record, (bytes, view) => {
      scanner.begin(bytes, view)
      expect(scanner.scan(0, bytes.length, 0)).toBe(bytes.length)
      expect(elements(bytes)).toEqual(expected)
    })
    const bytes = encoder.encode(record)
    scanner.begin(bytes, viewOf(bytes))
    expect(scanner.scan(0, bytes.length, 0)).toBe(bytes.length)
    expect(scanner.elementsAt(list)).toBe(0)
  })

  it.each(['[', '[1', '[1,', '[,1]', '[1,]', '[1 2]', '[{"a":}]', '[}'])(
    'is JSON, or there is a fault: %s',
    text => {
      loaded(`{"list":${text}`, (bytes, view) => {
        scanner.begin(bytes, view)
        expect(scanner.scan(0, bytes.length, 0)).toBeLessThan(0)
      })
    },
  )

  it('nests as deep as where it is skipped', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    // A record has 1000 levels below a wanted place: the array, the element, and of it the member b.
    for (const [text, depth] of [
      [`[${nested(999)}]`, 999],
      [`[1,{"x":${nested(998)}}]`, 998],
      [`[{"b":{"x":${nested(997)}}},{"x":${nested(998)}}]`, 997],
    ] as const) {
      const deeper = text.replace(nested(depth), nested(depth + 1))
      for (const [list, isJson] of [
        [text, true],
        [deeper, false],
        [text, true],
      ] as const) {
        const record = `{"x":${nested(1000)},"list":${list},"y":${nested(1000)}}`
        loaded(record, (bytes, view) => {
          scanner.begin(bytes, view)
          expect(scanner.scan(0, bytes.length, 0) === bytes.length).toBe(isJson)
        })
        const bytes = encoder.encode(record)
        scanner.begin(bytes, viewOf(bytes))
        expect(scanner.scan(0, bytes.length, 0) === bytes.length).toBe(isJson)
      }
    }
  })

  it('stays while its row does, with the codes of its strings', () => {
    const lines = ['{"list":[{"a":"x"},{"a":"y"}]}', '{"list":[{"a":"y"}]}', '{}']
    loaded(`${lines.join('\n')}\n`, (bytes, view) => {
      scanner.begin(bytes, view)
      const at = bytes.indexOf(0x79)
      remember(own.tag, at, at + 1, 4)
      expect(scanner.scanLines(0, bytes.length, 0, 8, 0x7b).places).toHaveLength(6)
      const found = lines.map((_, row) => {
        scanner.look(row)
        return elements(bytes)
      })
      expect(found).toEqual([
        [
          ['x', undefined],
          ['y', undefined],
        ],
        [['y', undefined]],
        undefined,
      ])
      scanner.look(1)
      expect(scanner.words[scanner.elementsAt(list) + FOUND_CODE]).toBe(4)
    })
  })

  it('is not noted where there is no room for all, and those of other rows stay', () => {
    // 48 bytes each of a megabyte.
    const fitting = Math.floor((1 << 20) / 48)
    const long = (count: number) => `{"list":[${Array(count).fill('{"a":1}').join()}]}`
    for (const [first, second, third] of [
      [fitting, 1, 0],
      [fitting + 1, 1, 2],
      [2, fitting - 1, fitting - 2],
    ] as const) {
      const lines = [first, second, third].map(long)
      loaded(`${lines.join('\n')}\n`, (bytes, view) => {
        scanner.begin(bytes, view)
        scanner.scanLines(0, bytes.length, 0, 8, 0x7b)
        let room = fitting
        for (const [row, count] of [first, second, third].entries()) {
          scanner.look(row)
          expect(elements(bytes)?.length).toBe(count > room ? undefined : count)
          if (count <= room) room -= count
        }
      })
    }
  })

  it('is not noted where single elements are wanted too', () => {
    const both = new RecordScanner(8)
    both.wantEach(['list']).add(['a'])
    const slot = both.want(['list'])
    const single = both.want(['list', 1, 'a'])
    loaded('{"list":[{"a":1},{"a":22}]}', (bytes, view) => {
      both.begin(bytes, view)
      expect(both.scan(0, bytes.length, 0)).toBe(bytes.length)
      expect(both.elementsAt(slot)).toBe(0)
      expect(both.endAt(single) - both.startAt(single)).toBe(2)
    })
  })
})

describe('lines', () => {
  it('are walked over many at once after others took the room of the wanted places', () => {
    const lines = ['{"a":"x","b":{"c":1}}', '{"a":"yy"}', '{"b":{"c":22},"a":"zzz"}']
    loaded(`${lines.join('\n')}\n`, (bytes, view) => {
      const scanner = new RecordScanner(8)
      const a = scanner.want(['a'])
      const c = scanner.want(['b', 'c'])
      scanner.begin(bytes, view)
      const texts: string[][] = []
      let start = 0
      for (let row = 0; row < lines.length; row++) {
        const { places, end } = scanner.scanLines(start, bytes.length, row, 1, 0x7b)
        expect([...places]).toEqual([start, end - 1])
        start = end
        // So many others that all of the room is theirs.
        for (let n = 0; n < 80; n++) {
          const other = new RecordScanner()
          for (let i = 0; i < 60; i++) other.want([`name ${i}`, n])
          other.scanOnly(bytes, view, 0, bytes.length)
        }
        scanner.look(row)
        const textAt = (slot: number) =>
          new TextDecoder().decode(bytes.subarray(scanner.startAt(slot), scanner.endAt(slot)))
        texts.push([a, c].map(textAt))
      }
      expect(start).toBe(bytes.length)
      expect(texts).toEqual([
        ['x', '1'],
        ['yy', ''],
        ['zzz', '22'],
      ])
    })
  })

  it('are none where the wanted places have no room', () => {
    loaded('{"a":1}\n', (bytes, view) => {
      const scanner = new RecordScanner(8)
      for (let i = 0; i < 40_000; i++) scanner.want([`name ${i}`, 'x'])
      scanner.begin(bytes, view)
      expect(scanner.scanLines(0, bytes.length, 0, 8, 0x7b)).toEqual({
        places: new Int32Array(0),
        end: 0,
      })
    })
  })
})

describe('strings that were seen', () => {
  it('have the code that they were given, each for whom it was given by', () => {
    const texts = [
      '',
      'a',
      'fifteen letters',
      'sixteen letters.',
      'seventeen letters',
      'é'.repeat(40),
    ]
    loaded(JSON.stringify(texts), (bytes, view) => {
      const own = strings()
      const other = strings()
      const scanner = new RecordScanner()
      const slots = texts.map((_, i) => scanner.want([i], own))
      const others = new RecordScanner()
      const otherSlot = others.want([1], other)
      const codes = () => {
        scanner.scanOnly(bytes, view, 0, bytes.length)
        return slots.map(slot => scanner.codeAt(slot))
      }
      expect(codes()).toEqual([-1, -1, -1, -1, -1, -1])
      slots.forEach((slot, i) => {
        remember(own.tag, scanner.startAt(slot), scanner.endAt(slot), i * 7)
      })
      expect(codes()).toEqual([0, 7, 14, 21, 28, 35])
      others.scanOnly(bytes, view, 0, bytes.length)
      expect(others.codeAt(otherSlot)).toBe(-1)
      own.wasted = true
      expect(codes()).toEqual([-1, -1, -1, -1, -1, -1])
    })
  })

  it('are told from those that differ in one byte, and from escapes', () => {
    const text = 'twenty letters or so'
    const own = strings()
    const scanner = new RecordScanner()
    const slot = scanner.want(['a'], own)
    const codeOf = (json: string) =>
      loaded(json, (bytes, view) => {
        scanner.scanOnly(bytes, view, 0, bytes.length)
        return scanner.codeAt(slot)
      })
    loaded(`{"a":"${text}"}`, (bytes, view) => {
      scanner.scanOnly(bytes, view, 0, bytes.length)
      remember(own.tag, scanner.startAt(slot), scanner.endAt(slot), 5)
    })
    expect(codeOf(`{"a":"${text}"}`)).toBe(5)
    expect(codeOf(`{"a":"\\u0074${text.slice(1)}"}`)).toBe(-1)
    expect(codeOf(`{"a":"${text}."}`)).toBe(-1)
    for (let i = 0; i < text.length; i++) {
      const changed = `${text.slice(0, i)}#${text.slice(i + 1)}`
      expect(codeOf(`{"a":"${changed}"}`), changed).toBe(-1)
    }
  })

  it('may be forgotten when there are many, but never mixed up', () => {
    const own = strings()
    const scanner = new RecordScanner()
    const slot = scanner.want(['a'], own)
    const codeOf = (number: number) =>
      loaded(`{"a":"text ${number}"}`, (bytes, view) => {
        scanner.scanOnly(bytes, view, 0, bytes.length)
        const code = scanner.codeAt(slot)
        if (code < 0) remember(own.tag, scanner.startAt(slot), scanner.endAt(slot), number)
        return code
      })
    let unknown = 0
    for (let number = 0; number < 140_000; number++) {
      const first = codeOf(number)
      const second = codeOf(number)
      // There may be no room near where it is looked for.
      if (second === -1) unknown++
      else if (first !== -1 || second !== number) throw new Error(`${number}: ${first}, ${second}`)
    }
    expect(unknown).toBeLessThan(1400)
    expect(codeOf(10)).toBe(-1)
    expect(codeOf(139_990)).toBe(139_990)
  })

  it('are not kept where they are long', () => {
    const own = strings()
    const scanner = new RecordScanner()
    const slot = scanner.want(['a'], own)
    for (const [length, code] of [
      [4096, 3],
      [4097, -1],
    ] as const) {
      loaded(`{"a":"${'x'.repeat(length)}"}`, (bytes, view) => {
        scanner.scanOnly(bytes, view, 0, bytes.length)
        remember(own.tag, scanner.startAt(slot), scanner.endAt(slot), 3)
        scanner.scanOnly(bytes, view, 0, bytes.length)
        expect(scanner.codeAt(slot)).toBe(code)
      })
    }
  })
})

describe('times', () => {
  const scanner = new RecordScanner()
  const slot = scanner.want(['a'], 'time')
  const ticksOf = (text: string) =>
    loaded(`{"a":"${text}"}`, (bytes, view) => {
      scanner.scanOnly(bytes, view, 0, bytes.length)
      expect(scanner.kindAt(slot)).toBe(STRING)
      if (scanner.codeAt(slot) < 0) return undefined
      const at = scanner.foundAt(slot) + FOUND_TICKS
      const halves = Uint32Array.from(scanner.words.subarray(at, at + 2))
      return new BigInt64Array(halves.buffer)[0]
    })

  it.each([
    '2026-03-01T12:34:56Z',
    '2026-03-01T12:34:56.1Z',
    '2026-03-01T12:34:56.1234567Z',
    '2024-02-29T23:59:59.9999999Z',
    '2000-02-29T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.9999999Z',
    '2025-12-31T00:00:00.0000001Z',
    '2023-11-30T00:00:00Z',
  ])('%s has its ticks', text => {
    expect(ticksOf(text)).toBe(parseDatetime(text))
  })

  it('of every day of four centuries have theirs', () => {
    const from = parseDatetime('1899-12-31T01:02:03Z')!
    for (let day = 0; day < 146_100; day += 7) {
      const text = new Date(Date.UTC(1899, 11, 31 + day, 1, 2, 3)).toISOString()
      if (ticksOf(text) !== from + BigInt(day) * 864_000_000_000n) throw new Error(text)
    }
    for (let day = 0; day < 1500; day++) {
      const text = new Date(Date.UTC(2099, 0, 1 + day)).toISOString()
      expect(ticksOf(text)).toBe(parseDatetime(text))
    }
  })

  it.each([
    '',
    '2026-03-01',
    '2026-03-01T12:34:56',
    '2026-03-01T12:34:56+00:00',
    '2026-03-01 12:34:56Z',
    '2026-03-01T12:34:56.Z',
    '2026-03-01T12:34:56.12345678Z',
    '2026-03-01T12:34:56.1234567',
    '2026-03-01T12:34:56ZZ',
    '2026-03-01T12:34:5:Z',
    '2026-13-01T12:34:56Z',
    '2026-00-01T12:34:56Z',
    '2026-02-29T12:34:56Z',
    '1900-02-29T12:34:56Z',
    '2026-04-31T12:34:56Z',
    '2026-03-00T12:34:56Z',
    '2026-03-32T12:34:56Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T12:60:00Z',
    '2026-03-01T12:34:60Z',
    '0000-03-01T12:34:56Z',
    '2026-03-01T12:34:56.12a4567Z',
  ])('%j is left to be read by its text', text => {
    expect(ticksOf(text)).toBeUndefined()
  })
})
