import type { Dynamic } from '../../../types/dynamic.ts'
import { overload, type ScalarOverload } from '../declare.ts'
import { type RangeTest, type TextTest, textsOf } from './shared-ip.ts'

type RangesTest = (ranges: readonly string[]) => RangeTest

/** The overload of an address and one network. */
export function rangeOverload(testOf: RangesTest): ScalarOverload {
  return overload({
    params: ['string', 'string'],
    returns: 'bool',
    nulls: 'propagate',
    prepare([, range]) {
      const test = typeof range === 'string' ? testOf([range]) : undefined
      return { each: (ip, network) => (test ?? testOf([network]))(ip) }
    },
  })
}

/** The overloads of an address and several networks: as arguments, or in one dynamic array. */
export function anyRangeOverloads(testOf: RangesTest): readonly ScalarOverload[] {
  return [
    overload({
      params: ['string', 'string'],
      rest: 'string',
      returns: 'bool',
      nulls: 'propagate',
      prepare([, ...ranges]) {
        const test = areTexts(ranges) ? testOf(ranges) : undefined
        return { each: (ip: string, ...texts: string[]) => (test ?? testOf(texts))(ip) }
      },
    }),
    overload({
      params: ['string', 'dynamic'],
      returns: 'bool',
      nulls: 'propagate',
      prepare([, ranges]) {
        const test = ranges === undefined ? undefined : testOf(textsOf(ranges as Dynamic))
        return { each: (ip, list) => (test ?? testOf(textsOf(list)))(ip) }
      },
    }),
  ]
}

/** The overload of a text and one thing to look for. */
export function textOverload(finderOf: (needle: string) => TextTest): ScalarOverload {
  return overload({
    params: ['string', 'string'],
    returns: 'bool',
    nulls: 'propagate',
    prepare([, needle]) {
      const find = typeof needle === 'string' ? finderOf(needle) : undefined
      return { each: (text, wanted) => (find ?? finderOf(wanted))(text) }
    },
  })
}

/** The overloads of a text and several things to look for: as arguments, or in one dynamic array. */
export function anyTextOverloads(
  finderOf: (needle: string) => TextTest,
): readonly ScalarOverload[] {
  const anyOf = (needles: readonly string[]): TextTest => {
    const finders = needles.map(finderOf)
    return text => finders.some(find => find(text))
  }
  return [
    overload({
      params: ['string', 'string'],
      rest: 'string',
      returns: 'bool',
      nulls: 'propagate',
      prepare([, ...needles]) {
        const find = areTexts(needles) ? anyOf(needles) : undefined
        return { each: (text: string, ...wanted: string[]) => (find ?? anyOf(wanted))(text) }
      },
    }),
    overload({
      params: ['string', 'dynamic'],
      returns: 'bool',
      nulls: 'propagate',
      prepare([, needles]) {
        const find = needles === undefined ? undefined : anyOf(textsOf(needles as Dynamic))
        return { each: (text, wanted) => (find ?? anyOf(textsOf(wanted)))(text) }
      },
    }),
  ]
}

function areTexts(values: readonly unknown[]): values is readonly string[] {
  return values.every(value => typeof value === 'string')
}
