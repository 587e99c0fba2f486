import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../../src/parser/parse.ts'
import type { ExpressionSyntax, LiteralSyntax } from '../../../src/parser/syntax.ts'
import { DynamicScalar, WholeReal } from '../../../src/types/dynamic.ts'

/** The expression of `print …`. */
function expression(text: string): ExpressionSyntax {
  const { syntax, diagnostics } = parseQuery(`print ${text}`)
  expect(diagnostics).toEqual([])
  const print = syntax.expression
  if (print?.kind !== 'print' || !print.columns[0]) throw new Error('not a print')
  return print.columns[0].expression
}

function literal(text: string): LiteralSyntax {
  const node = expression(text)
  if (node.kind !== 'literal') throw new Error(`${text} is a ${node.kind}`)
  return node
}

/** The structure with every operation in parentheses; literals as written. */
function shape(text: string): string {
  const whole = `print ${text}`
  const show = (node: ExpressionSyntax): string => {
    switch (node.kind) {
      case 'name':
        return node.name
      case 'literal':
      case 'typeof':
        return whole.slice(node.span.start, node.span.end)
      case 'star':
        return '*'
      case 'unary':
        return `(${node.operator}${show(node.operand)})`
      case 'binary':
        return `(${show(node.left)} ${node.operator} ${show(node.right)})`
      case 'in':
        return `(${show(node.operand)} ${node.operator} [${node.items.map(show).join(', ')}])`
      case 'between':
        return `(${show(node.operand)} ${node.negated ? '!' : ''}between ${show(node.low)}..${show(node.high)})`
      case 'member':
        return `(${show(node.target)} . ${node.member.name})`
      case 'index':
        return `(${show(node.target)} [${show(node.index)}])`
      case 'call': {
        const items = node.arguments.map(show).join(', ')
        return `${node.target ? `${show(node.target)} . ` : ''}${node.callee.name}(${items})`
      }
      case 'named-argument':
        return `${node.name.name} = ${show(node.value)}`
      case 'pipe':
        return `{${show(node.source)} | ${node.operators.map(({ kind }) => kind).join(' | ')}}`
      default:
        return node.kind
    }
  }
  return show(expression(text))
}

describe('precedence', () => {
  it.each([
    ['a or b and c or d', '((a or (b and c)) or d)'],
    ['a and b == c', '(a and (b == c))'],
    ['a == b < c', '(a == (b < c))'],
    ['a < b == c', '((a < b) == c)'],
    ['a < b + c', '(a < (b + c))'],
    ['a - b - c', '((a - b) - c)'],
    ['a % b * c / d', '(((a % b) * c) / d)'],
    ['a + b * c', '(a + (b * c))'],
    // String operators bind tighter than arithmetic.
    ["a + b has 'c' + 'd'", "((a + (b has 'c')) + 'd')"],
    ["a * b =~ 'c' * d", "((a * (b =~ 'c')) * d)"],
    ["a == b contains 'c'", "(a == (b contains 'c'))"],
    ["a has 'b' == true", "((a has 'b') == true)"],
    ["a matches regex b + 'c'", "((a matches regex b) + 'c')"],
    ['-a * b', '((-a) * b)'],
    ['-a.b[0]', '(-((a . b) [0]))'],
    ["-a has 'b'", "((-a) has 'b')"],
    ['a == -b + c', '(a == ((-b) + c))'],
    ['1 - -1', '(1 - -1)'],
    ['a -1', '(a - 1)'],
    ['+a', '(+a)'],
    ['a + 1 in (b, c)', '((a + 1) in [b, c])'],
    ['a in (b) and c', '((a in [b]) and c)'],
    ["a has_any ('x', dynamic(['y'])) or b", "((a has_any ['x', dynamic(['y'])]) or b)"],
    ['a !in~ (b)', '(a !in~ [b])'],
    ['a between (b .. c + 1) and d', '((a between b..(c + 1)) and d)'],
    ['a !between (1 .. 2)', '(a !between 1..2)'],
    ['(a or b) and c', '((a or b) and c)'],
    ['(a == b) == c', '((a == b) == c)'],
    ['a <> b', '(a != b)'],
    ['a notcontains b', '(a !contains b)'],
    ['a containscs b', '(a contains_cs b)'],
    ['a notlike b or c likecs d', '((a !like b) or (c like_cs d))'],
  ])('%s', (text, expected) => expect(shape(text)).toBe(expected))

  it.each([
    ['a == b == c', '=='],
    ['a < b < c', '<'],
    ["a has 'b' has 'c'", 'has'],
    ['a in (b) == c', '=='],
    ['a == b in (c)', 'in'],
    ['a between (1 .. 2) != c', '!='],
  ])('%s needs parentheses', (text, operator) => {
    const { diagnostics } = parseQuery(`print ${text}`)
    expect(diagnostics).toHaveLength(1)
    expect(diagnostics[0]).toMatchObject({ code: 'KS198' })
    expect(diagnostics[0]?.message).toContain(`'${operator}'`)
    expect(diagnostics[0]?.span.start).toBe(`print ${text}`.lastIndexOf(operator))
  })
})

describe('paths and calls', () => {
  it.each([
    ['a.b.c', '((a . b) . c)'],
    ["a['b'][0]", "((a ['b']) [0])"],
    ["a.['b c']", '(a . b c)'],
    ['a.[0]', '(a [0])'],
    ['a[b + 1][-1]', '((a [(b + 1)]) [-1])'],
    ["['a b'].c", '(a b . c)'],
    ["['a' 'b']", 'ab'],
    ['[a]', 'a'],
    ['f()', 'f()'],
    ['f (a, b + 1)', 'f(a, (b + 1))'],
    ['f(x = 1, *)', 'f(x = 1, *)'],
    ['f(x).y[0]', '((f(x) . y) [0])'],
    ["database('d').T", "(database('d') . T)"],
    ["cluster('c').database('d').f(x)", "cluster('c') . database('d') . f(x)"],
    ['toscalar(T | count)', 'toscalar({T | count})'],
    ['(T | take 1)', '{T | take}'],
    ['a in (T | project b)', '(a in [{T | project}])'],
    ["* has 'x' and a", "((* has 'x') and a)"],
    ['"abc".length', '("abc" . length)'],
    ['count', 'count'],
    ['kind', 'kind'],
    ['typeof(long)', 'typeof(long)'],
  ])('%s', (text, expected) => expect(shape(text)).toBe(expected))

  it('typeof in any case', () => {
    expect(expression('typeof(DateTime)')).toMatchObject({ kind: 'typeof', type: 'datetime' })
  })

  it('typeof of columns', () => {
    expect(expression('typeof(a: long, b: string)')).toMatchObject({
      kind: 'typeof',
      type: [
        { name: { name: 'a' }, type: 'long' },
        { name: { name: 'b' }, type: 'string' },
      ],
    })
  })
})

describe('literals', () => {
  it.each([
    ['1', 'long', 1n],
    ['-1', 'long', -1n],
    ['9223372036854775807', 'long', 9223372036854775807n],
    ['-9223372036854775808', 'long', -9223372036854775808n],
    ['0x1F', 'long', 31n],
    ['0xffffffffffffffff', 'long', -1n],
    ['1.5', 'real', 1.5],
    ['1.', 'real', 1],
    ['1e3', 'real', 1000],
    ['-0.5', 'real', -0.5],
    ['true', 'bool', true],
    ['FALSE', 'bool', false],
    ["'a' \"b\" @'\\c'", 'string', 'ab\\c'],
    ['2d', 'timespan', 1_728_000_000_000n],
    ['1.5h', 'timespan', 54_000_000_000n],
    ['-30m', 'timespan', -18_000_000_000n],
    ['10tick', 'timespan', 10n],
    ['1microsec', 'timespan', 10n],
    ['1millisec', 'timespan', 10_000n],
    ['timespan(1.02:03:04.5)', 'timespan', 937_845_000_000n],
    ['time(null)', 'timespan', null],
    ['datetime(0001-01-02)', 'datetime', 864_000_000_000n],
    ['datetime("0001-01-01 00:00:01")', 'datetime', 10_000_000n],
    ['datetime(0001, 1, 2)', 'datetime', 864_000_000_000n],
    ['date(null)', 'datetime', null],
    ['int(5)', 'int', 5],
    ['int( -5 )', 'int', -5],
    ['int()', 'int', null],
    ['long(0x10)', 'long', 16n],
    ['real(nan)', 'real', Number.NaN],
    ['real(-inf)', 'real', Number.NEGATIVE_INFINITY],
    ['double(2)', 'real', 2],
    ['decimal(1.50)', 'decimal', '1.5'],
    ['bool(true)', 'bool', true],
    ['bool(0)', 'bool', false],
    ['guid(74BE27DE-1e4e-49d9-b579-fe0b331d3642)', 'guid', '74be27de-1e4e-49d9-b579-fe0b331d3642'],
  ])('%s', (text, type, value) => {
    const node = literal(text)
    expect(node.type).toBe(type)
    expect(node.value).toEqual(value)
    expect(node.span).toEqual({ start: 6, end: 6 + text.length })
  })

  it('an obfuscated string is marked', () => {
    expect(literal(`h'secret'`)).toMatchObject({ value: 'secret', obfuscated: true })
    expect(literal(`'plain'`)).not.toHaveProperty('obfuscated')
  })

  it('datetime() is the present', () => {
    expect(shape('datetime()')).toBe('now()')
  })

  it.each([
    ['9223372036854775808', '9223372036854775808 does not fit into a long.'],
    ['int(abc)', "'abc' is not a value of type int."],
    ['datetime(2024-13-01)', "'2024-13-01' is not a value of type datetime."],
    ['guid(1)', "'1' is not a value of type guid."],
  ])('%s is an error, not a null', (text, message) => {
    const { diagnostics } = parseQuery(`print ${text}`)
    expect(diagnostics).toMatchObject([{ code: 'KS003', message, span: { start: 6 } }])
  })
})

describe('dynamic literals', () => {
  it.each([
    ['null', null],
    ['1', 1],
    ['-1', -1],
    ['9007199254740993', 9007199254740993n],
    ['1.5', 1.5],
    ['1.0', new WholeReal(1)],
    ['1e2', new WholeReal(100)],
    ['\'a\' "b"', 'ab'],
    ['true', true],
    ['[]', []],
    ['[1, [2]]', [1, [2]]],
    ['{}', new Map()],
    [
      `{"a": 1, 'b': {"c": null}}`,
      new Map<string, unknown>([
        ['a', 1],
        ['b', new Map([['c', null]])],
      ]),
    ],
    ['[1d]', [new DynamicScalar('timespan', 864_000_000_000n)]],
    ['datetime(0001-01-02)', new DynamicScalar('datetime', 864_000_000_000n)],
    ['[long(5), real(2)]', [5, new WholeReal(2)]],
    ['{"a": dynamic([1])}', new Map([['a', [1]]])],
  ])('%s', (text, value) => {
    const node = literal(`dynamic(${text})`)
    expect(node.type).toBe('dynamic')
    expect(node.value).toEqual(value)
  })

  it('keeps the slots in source order, integer-like keys and __proto__ too', () => {
    const { value } = literal('dynamic({"b": 1, "2": 2, "1": 3, "__proto__": 4})')
    expect([...(value as ReadonlyMap<string, unknown>).keys()]).toEqual([
      'b',
      '2',
      '1',
      '__proto__',
    ])
  })

  it.each(['', 'abc', '[1,]', '[1 2]', '[+1]', '{x: 1}', '{"x" 1}', '{"x": 1,}'])(
    'dynamic(%s) is an error',
    text => expect(parseQuery(`print dynamic(${text})`).diagnostics).toHaveLength(1),
  )
})

describe('spans', () => {
  it('a node covers its text, the parentheses of its operands included', () => {
    const text = 'print (a + b) * c'
    const node = expression('(a + b) * c')
    expect(text.slice(node.span.start, node.span.end)).toBe('(a + b) * c')
    if (node.kind !== 'binary') throw new Error(node.kind)
    expect(text.slice(node.operatorSpan.start, node.operatorSpan.end)).toBe('*')
    expect(text.slice(node.left.span.start, node.left.span.end)).toBe('a + b')
  })

  it.each(['a.b[0]', 'f(a, b)', 'a in (1, 2)', 'a between (1 .. 2)', '-a', 'f(x = 1)', "['a b']"])(
    '%s',
    text => expect(expression(text).span).toEqual({ start: 6, end: 6 + text.length }),
  )
})
