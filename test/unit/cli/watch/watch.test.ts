import { EventEmitter } from 'node:events'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fixedPart } from '../../../../src/cli/shared-files.ts'
import { affectedBy, isAffected } from '../../../../src/cli/watch/affected.ts'
import { ChangeBatches } from '../../../../src/cli/watch/change-batches.ts'
import { type KeyCommand, listenToKeys } from '../../../../src/cli/watch/keys.ts'
import { OtherFailures } from '../../../../src/cli/watch/other-failures.ts'
import type { SuiteResult } from '../../../../src/testing/results.ts'

const at = (path: string): string => resolve(path)
const inputs = {
  suites: [
    ['rules/a.yaml', 'rules/a.tests.yaml', 'data/a.csv'].map(at),
    ['rules/b.yaml', 'rules/b.tests.yaml'].map(at),
  ],
  shared: [at('functions'), at('lists/trusted.csv')],
  written: [at('rules/out.json'), at('functions/out.json')],
}

describe('affectedBy', () => {
  it.each([
    ['the rule', 'rules/a.yaml'],
    ['its tests', 'rules/a.tests.yaml'],
    ['the data that they name', 'data/a.csv'],
  ])('runs the tests of a rule for %s', (_, path) => {
    const affected = affectedBy([at(path)], inputs)
    expect(affected).toEqual({ files: new Set([at(path)]) })
    expect(isAffected(['rules/a.yaml', 'rules/a.tests.yaml', 'data/a.csv'], affected)).toBe(true)
    expect(isAffected(['rules/b.yaml', 'rules/b.tests.yaml'], affected)).toBe(false)
  })

  it.each([
    ['the configuration', 'kqlab.yaml'],
    ['a configuration that is new', 'sub/kqlab.yml'],
    ['a saved function', 'functions/sub/f.kql'],
    ['a watchlist', 'lists/trusted.csv'],
  ])('runs all for %s', (_, path) => {
    expect(affectedBy([at('rules/a.yaml'), at(path)], inputs)).toBe('all')
  })

  it.each([
    ['a report', 'out.xml'],
    ['a report that each run writes', 'rules/out.json'],
    ['a report among what is shared', 'functions/out.json'],
    ['other data', 'data/b.csv'],
    ['what has a name that begins alike', 'functions-old/f.kql'],
    ['the file that an editor writes first', 'rules/.a.yaml.swp'],
  ])('runs nothing for %s', (_, path) => {
    expect(affectedBy([at(path)], inputs)).toBe('none')
  })

  it('runs the tests whose data are a folder or a pattern for a file there', () => {
    const suites = [['rules/a.yaml', 'more'].map(at)]
    const affected = affectedBy([at('more/deep/new.csv')], { ...inputs, suites })
    expect(affected).toEqual({ files: new Set([at('more/deep/new.csv')]) })
    expect(isAffected(['rules/a.yaml', 'more/**/*.csv'], affected)).toBe(true)
    expect(isAffected(['rules/a.yaml', 'more'], affected)).toBe(true)
    expect(isAffected(['rules/b.yaml', 'more.csv'], affected)).toBe(false)
  })

  it('takes a file that nothing named yet for a rule or its tests', () => {
    const affected = affectedBy([at('rules/new.tests.yaml')], inputs)
    expect(isAffected(['rules/new.yaml', 'rules/new.tests.yaml'], affected)).toBe(true)
  })

  it('runs all where that is said', () => {
    expect(isAffected(['rules/a.yaml'], 'all')).toBe(true)
    expect(isAffected(['rules/a.yaml'], 'none')).toBe(false)
  })
})

describe('fixedPart', () => {
  it.each([
    ['functions/*.kql', 'functions'],
    ['functions/f.kql', 'functions/f.kql'],
    ['**/*.csv', '.'],
    ['lists/{a,b}.csv', 'lists'],
  ])('of %s is %s', (pattern, path) => {
    expect(fixedPart(pattern)).toBe(at(path))
  })

  it('keeps paths from the root', () => {
    expect(fixedPart('/data/lists/*.csv')).toBe(join('/data', 'lists'))
  })
})

describe('ChangeBatches', () => {
  /** A timer that goes off when it is told to. */
  function manual() {
    let callback: (() => void) | undefined
    const changes = new ChangeBatches(each => {
      callback = each
      return () => {
        callback = undefined
      }
    })
    return { changes, elapse: () => callback?.(), isSet: () => callback !== undefined }
  }

  it('gives what changed once it is quiet', async () => {
    const { changes, elapse } = manual()
    const next = changes.next()
    changes.add('a')
    changes.add('b')
    changes.add('a')
    elapse()
    expect(await next).toEqual(new Set(['a', 'b']))
  })

  it('keeps what comes while nobody waits', async () => {
    const { changes, elapse } = manual()
    changes.add('a')
    elapse()
    changes.add('b')
    const next = changes.next()
    elapse()
    expect(await next).toEqual(new Set(['a', 'b']))
    changes.add('c')
    elapse()
    expect(await changes.next()).toEqual(new Set(['c']))
  })

  it('starts no timer again once it is closed', () => {
    const { changes, isSet } = manual()
    changes.add('a')
    changes.close()
    expect(isSet()).toBe(false)
  })
})

describe('listenToKeys', () => {
  function input(isTTY: boolean) {
    const calls: string[] = []
    const stream = Object.assign(new EventEmitter(), {
      isTTY,
      setRawMode: (isRaw: boolean) => calls.push(`raw ${isRaw}`),
      resume: () => calls.push('resume'),
      pause: () => calls.push('pause'),
    })
    return { stream, calls, type: (text: string) => stream.emit('data', Buffer.from(text)) }
  }

  it('hands on the keys that mean something', () => {
    const { stream, calls, type } = input(true)
    const commands: KeyCommand[] = []
    const stop = listenToKeys(stream, command => commands.push(command))
    type('xa')
    type('\r')
    type('q')
    type('\u0003')
    expect(commands).toEqual(['all', 'all', 'quit', 'interrupt'])
    stop()
    type('q')
    expect(commands).toHaveLength(4)
    expect(calls).toEqual(['raw true', 'resume', 'raw false', 'pause'])
  })

  it('leaves alone what is no terminal', () => {
    const { stream, calls, type } = input(false)
    listenToKeys(stream, () => expect.unreachable())()
    type('q')
    expect(calls).toEqual([])
  })
})

describe('OtherFailures', () => {
  const suite = (testFile: string, statuses: readonly ('passed' | 'failed')[]): SuiteResult => ({
    rule: testFile,
    ruleFile: testFile,
    testFile,
    diagnostics: [],
    tests: statuses.map(status => ({
      name: status,
      place: { file: testFile, line: 1, column: 1 },
      status,
      expectsNothing: false,
      milliseconds: 0,
      outcome: undefined,
      mismatches: [],
    })),
  })

  it('names the tests that failed and were not run again', () => {
    const failures = new OtherFailures()
    const first = [suite('a', ['failed', 'passed']), suite('b', ['failed', 'failed'])]
    failures.take(first, new Set(['a', 'b']))
    expect(failures.textBeside(first)).toBe('')
    expect(failures.count).toBe(3)
    const second = [suite('a', ['passed', 'passed'])]
    failures.take(second, new Set(['a', 'b']))
    expect(failures.textBeside(second)).toBe('2 tests not run now failed before: b\n')
    expect(failures.count).toBe(2)
  })

  it('forgets files that are gone', () => {
    const failures = new OtherFailures()
    failures.take([suite('a', ['failed'])], new Set(['a']))
    failures.take([], new Set())
    expect(failures.count).toBe(0)
  })
})
