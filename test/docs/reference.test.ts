import { describe, expect, it } from 'vitest'
import { operatorForm } from '../../scripts/reference/declarations.ts'
import { anchorOf, code, plain, prose } from '../../scripts/reference/markdown.ts'
import type { ParameterType } from '../../src/engine/functions/declare.ts'
import { signatureLines } from '../../src/engine/functions/signature.ts'
import type { ScalarType } from '../../src/types/scalar-type.ts'

const call = (params: readonly string[]) => `f(${params.join(', ')})`

const lines = (...overloads: Parameters<typeof signatureLines>[0]) =>
  signatureLines(overloads, call)

describe('the signatures of the reference', () => {
  it('say which arguments are constant, optional or repeated', () => {
    const overload = {
      params: ['string', 'long'],
      rest: 'string',
      required: 1,
      constants: [1],
      returns: 'bool',
    } as const
    expect(lines(overload)).toEqual(['f(string, [constant long], string …) → bool'])
  })

  it('say how many arguments there may be, where there is a limit', () => {
    const overload = { params: ['long'], rest: 'long', most: 64, returns: 'bool' } as const
    expect(lines(overload)).toEqual(['f(long, long …) → bool (up to 64 arguments)'])
  })

  it('join overloads that differ in one type', () => {
    const of = (type: ParameterType, returns: ScalarType) =>
      ({ params: [type, 'bool'], returns }) as const
    expect(lines(of('int', 'long'), of('real', 'long'))).toEqual(['f(int | real, bool) → long'])
    expect(lines(of('int', 'int'), of('real', 'real'))).toEqual(['f(T: int | real, bool) → T'])
    expect(lines(of('int', 'long'), of('real', 'real'))).toEqual([
      'f(int, bool) → long',
      'f(real, bool) → real',
    ])
  })

  it('find out what a computed type depends on', () => {
    expect(lines({ params: ['bool', 'scalar'], returns: types => types[1]! })).toEqual([
      'f(bool, scalar) → the type of argument 2',
    ])
    expect(lines({ params: ['scalar'], returns: () => 'long' })).toEqual(['f(scalar) → long'])
    expect(
      lines({ params: ['scalar'], returns: ([type]) => (type === 'int' ? 'long' : 'real') }),
    ).toEqual(['f(scalar) → depends on the arguments'])
    expect(
      lines({
        params: ['string'],
        constants: [0],
        returns: (_, [name]) => (name === 'long' ? 'long' : 'string'),
      }),
    ).toEqual(['f(constant string) → depends on the arguments'])
  })

  it('say which arguments may stand there again and again', () => {
    const overload = {
      repeated: ['bool', 'scalar'],
      params: ['scalar'],
      returns: 'long',
    } as const
    expect(lines(overload)).toEqual(['f(bool, scalar, [bool, scalar …], scalar) → long'])
  })

  it('write operators as they stand in a query', () => {
    expect(operatorForm('+')?.(['long', 'long'])).toBe('long + long')
    expect(operatorForm('!in~')?.(['string', 'string …'])).toBe('string !in~ (string …)')
    expect(operatorForm('between')?.(['long', 'long', 'long'])).toBe('long between (long .. long)')
    expect(operatorForm('matches regex')?.(['string', 'string'])).toBe(
      'string matches regex string',
    )
    expect(operatorForm('strlen')).toBeUndefined()
    expect(operatorForm('not')).toBeUndefined()
  })
})

describe('the Markdown of the reference', () => {
  it('shows text as it is', () => {
    expect(plain('a_b _c_ *d* [e] <f> g|h')).toBe('a_b \\_c\\_ \\*d\\* \\[e\\] \\<f\\> g\\|h')
    expect(prose('`a_b*` and *')).toBe('`a_b*` and \\*')
  })

  it('shows code as it is', () => {
    expect(code('a|b')).toBe('`a\\|b`')
    expect(code('a`b')).toBe('``a`b``')
    expect(code('`')).toBe('`` ` ``')
    expect(code(' a')).toBe('`  a `')
  })

  it('knows the anchors of headings', () => {
    expect(anchorOf('Tabular operators')).toBe('tabular-operators')
    expect(anchorOf('arg_max')).toBe('arg_max')
  })
})
