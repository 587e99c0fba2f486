import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { skipModuleText } from '../../../../scripts/assemble-skip.ts'
import { FIRST_LIST } from '../../../../src/tables/json/kernel.ts'
import { skippedNewlines, skipValue, viewOf } from '../../../../src/tables/json/skip.ts'
import {
  isLoaded,
  LISTED_WORDS,
  listedCount,
  listLoaded,
  load,
  loadedWords,
  unload,
} from '../../../../src/tables/json/skip-memory.ts'

const encoder = new TextEncoder()

/** What is listed of a text, from its first byte on. */
function list(text: string, most: number) {
  const bytes = encoder.encode(text)
  load(bytes)
  const after = listLoaded(0, bytes.length, most)
  const texts: string[] = []
  const part = (from: number, to: number) => new TextDecoder().decode(bytes.subarray(from, to))
  for (let i = 0, at = FIRST_LIST; i < listedCount(); i++, at += LISTED_WORDS) {
    const [name = 0, nameEnd = 0, start = 0, end = 0] = loadedWords().subarray(
      at,
      at + LISTED_WORDS,
    )
    const escaped = nameEnd < 0 ? '!' : ''
    const named = text.startsWith('{') ? `${part(name, nameEnd & 0x7fffffff)}${escaped}=` : ''
    texts.push(named + part(start, end & 0x7fffffff) + (end < 0 ? '!' : ''))
  }
  unload(bytes)
  return { after, texts }
}

describe('the module that skips JSON', () => {
  it('is that of its source', async () => {
    const path = '../../../../src/tables/json/skip-module.ts'
    const text = readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8')
    expect(text).toBe(await skipModuleText())
  })

  it('lists the members of objects and the elements of arrays, as many as are wanted', () => {
    const text = '{ "a" : 1 ,"b\\n":[2,{"c":3}],"é": "x\\"y" }'
    expect(list(text, 9)).toEqual({
      after: encoder.encode(text).length,
      texts: ['a=1', 'b\\n!=[2,{"c":3}]', 'é="x\\"y"!'],
    })
    expect(list(text, 1).texts).toEqual(['a=1'])
    // What is inside of a value has escapes of its own.
    expect(list('[["\\n"],"\\n","n",{"\\n":1}]', 9).texts).toEqual([
      '["\\n"]',
      '"\\n"!',
      '"n"',
      '{"\\n":1}',
    ])
    expect(list('[1, [2] ,"3"]', 2)).toEqual({ after: 13, texts: ['1', '[2]'] })
    expect(list('{}', 9)).toEqual({ after: 2, texts: [] })
    expect(list('[ ]', 9)).toEqual({ after: 3, texts: [] })
  })

  it('gives a negative number for what is not JSON, and for lists that are too long', () => {
    for (const text of ['{', '{"a"}', '{"a":1', '{"a":1,}', '[1,]', '[1 2]', '{a:1}']) {
      expect(list(text, 9).after, text).toBeLessThan(0)
    }
    const many = `[${'1,'.repeat(5000)}1]`
    expect(list(many, 100).after).toBe(many.length)
    expect(list(many, 6000).after).toBeLessThan(0)
  })

  it('counts the newlines between values with those that are skipped without it', () => {
    const bytes = encoder.encode('{"a":\n[1,\r\n"\\n"]}')
    const before = skippedNewlines()
    skipValue(bytes, viewOf(bytes), 0, bytes.length)
    expect(skippedNewlines() - before).toBe(2)
    load(bytes)
    skipValue(bytes, viewOf(bytes), 0, bytes.length)
    expect(skippedNewlines() - before).toBe(4)
    unload(bytes)
  })

  it('has the bytes at hand that were loaded last, of any size but the largest', () => {
    const first = encoder.encode('1')
    const second = new Uint8Array(300_000).fill(0x20)
    second.set(encoder.encode('"x"'), 250_000)
    load(first)
    load(second)
    expect(isLoaded(first)).toBe(false)
    expect(isLoaded(second)).toBe(true)
    expect(skipValue(second, viewOf(second), 0, second.length)).toBe(250_003)
    unload(first)
    expect(isLoaded(second)).toBe(true)
    load(new Uint8Array((1 << 24) + 1))
    expect(isLoaded(second)).toBe(false)
  })
})

describe('where WebAssembly is not to be had', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.resetModules()
  })

  it.each([
    { what: 'is missing', stub: undefined },
    {
      what: 'is refused by a policy',
      stub: {
        Module: class {
          constructor() {
            throw new Error('refused')
          }
        },
      },
    },
  ])('nothing is loaded: it $what', async ({ stub }) => {
    vi.resetModules()
    vi.stubGlobal('WebAssembly', stub)
    const fresh = await import('../../../../src/tables/json/skip-memory.ts')
    const bytes = encoder.encode('{}')
    fresh.load(bytes)
    expect(fresh.isLoaded(bytes)).toBe(false)
    expect(fresh.loadedNewlines()).toBe(0)
  })
})
