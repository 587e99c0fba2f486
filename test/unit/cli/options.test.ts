import { describe, expect, it } from 'vitest'
import { coverageFiles } from '../../../src/cli/coverage-files.ts'
import { UsageError } from '../../../src/cli/exit.ts'
import {
  dataArguments,
  externalArguments,
  nowArgument,
  parameterArguments,
  parseSize,
} from '../../../src/cli/options.ts'
import { isQueryPath } from '../../../src/cli/query-argument.ts'
import { usesColor } from '../../../src/cli/terminal.ts'
import { reportFiles } from '../../../src/cli/test-reports.ts'
import { ticksFromEpochMillis } from '../../../src/types/datetime.ts'

describe('dataArguments', () => {
  it('gathers the paths of each table', () => {
    expect(dataArguments({ data: ['a'], table: ['T=x.json', 'U=y=z.json', 'T=w'] })).toEqual({
      data: ['a'],
      tables: { T: ['x.json', 'w'], U: ['y=z.json'] },
    })
    expect(dataArguments({})).toEqual({ data: [], tables: {} })
  })

  it('takes __proto__ as a name', () => {
    const { tables } = dataArguments({ table: ['__proto__=x.json'] })
    expect(Object.entries(tables)).toEqual([['__proto__', ['x.json']]])
  })

  it.each(['T', '=x', ''])('refuses %j', text => {
    expect(() => dataArguments({ table: [text] })).toThrow(UsageError)
  })
})

describe('dataArguments of --schema', () => {
  it.each([
    [['T=a:int,a:string'], '--schema T has the column a twice.'],
    [['T=a:int', 'T=b:int'], '--schema T is given twice.'],
  ])('%j are refused', (schema, message) => {
    expect(() => dataArguments({ schema })).toThrow(message)
  })
})

describe('parameterArguments', () => {
  it('splits at the first equals sign', () => {
    expect(parameterArguments(['a=1', 'b=x=y', 'c='])).toEqual({ a: '1', b: 'x=y', c: '' })
  })

  it.each([[['a']], [['=1']], [['a=1', 'a=2']]])('refuses %j', texts => {
    expect(() => parameterArguments(texts)).toThrow(UsageError)
  })
})

describe('externalArguments', () => {
  it('splits at the last equals sign', () => {
    expect(externalArguments(['https://h/x?sig=a=b=dir/x.csv', 'u=v'])).toEqual({
      'https://h/x?sig=a=b': 'dir/x.csv',
      u: 'v',
    })
  })

  it.each([[['u']], [['=x']], [['u=']], [['u=x', 'u=y']]])('refuses %j', texts => {
    expect(() => externalArguments(texts)).toThrow(UsageError)
  })
})

describe('nowArgument', () => {
  it('reads a time', () => {
    expect(nowArgument('1970-01-02')).toBe(ticksFromEpochMillis(86_400_000))
    expect(nowArgument('1970-01-01T00:00:00.0000001Z')).toBe(621_355_968_000_000_001n)
    expect(nowArgument(undefined)).toBeUndefined()
  })

  it('refuses what is none', () => {
    expect(() => nowArgument('yesterday')).toThrow(UsageError)
  })
})

describe('parseSize', () => {
  it.each([
    ['1', 1],
    ['512M', 536_870_912],
    ['4g', 4_294_967_296],
    ['1.5k', 1536],
    ['2 GiB', 2_147_483_648],
    ['10MB', 10_485_760],
  ])('%s is %i bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  it.each(['', '0', '-1', 'M', '1x', '1e3', '9999999T'])('refuses %j', text => {
    expect(parseSize(text)).toBeUndefined()
  })
})

describe('reportFiles', () => {
  it('have a format and a path, which may hold equals signs', () => {
    expect(reportFiles(['junit=a=b.xml'])).toEqual([{ format: 'junit', path: 'a=b.xml' }])
    expect(coverageFiles(['lcov=x'])).toEqual([{ format: 'lcov', path: 'x' }])
  })

  it.each(['junit', 'junitx', 'junit=', '=x', 'pdf=x', ''])('are not %s', text => {
    expect(() => reportFiles([text])).toThrow(UsageError)
  })

  it.each(['lcov', 'lcov.', 'lcov=', 'json:x'])('of coverage are not %s', text => {
    expect(() => coverageFiles([text])).toThrow('--coverage-report takes FORMAT=PATH')
  })
})

describe('isQueryPath', () => {
  it.each([
    ['q.kql', true],
    ['dir/rule.YAML', true],
    ['print 1', false],
    ['T | where File endswith "x.kql"', false],
    ['T | extend f = x.kql', false],
    ['// see\nx.kql', false],
  ])('%j: %s', (argument, expected) => {
    expect(isQueryPath(argument)).toBe(expected)
  })
})

describe('usesColor', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('terminal %s with %j: %s', (isTerminal, env, expected) => {
    expect(usesColor(isTerminal, env)).toBe(expected)
  })
})
