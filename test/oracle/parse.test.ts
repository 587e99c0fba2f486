import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { KEYWORDS } from '../../src/lexer/keywords.ts'
import { parseQuery } from '../../src/parser/parse.ts'
import { printSyntax } from '../../src/parser/printer.ts'
import { withoutSpans } from '../unit/parser/without-spans.ts'
import { officialSyntaxFaults } from './official-parser.ts'
import { SYNTAX_CASES } from './syntax-cases.ts'

const SHARED = new URL('../../../shared/', import.meta.url)

/** Faults of syntax: what is only unsupported is well formed. */
function faults(text: string): string[] {
  return parseQuery(text)
    .diagnostics.filter(({ code }) => code !== 'KQL100' && code !== 'KQL101')
    .map(({ code, span, message }) => `${code}@${span.start} ${message}`)
}

/** What we refuse although Microsoft's parser takes it, with the reason. */
const REFUSED_HERE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'T | project int(x)': 'a literal that is no value; taken there, but what it means is not said',
    "T | project int(1), int(x), int(), int(null), int( 1 ), int(1+1), int('1')": 'as above',
    'T | where timespan(x) > a': 'as above',
    'T | project-rename a=b, c': 'refused there by the analysis of meaning',
    'T | project-rename a=b.c': 'refused there by the analysis of meaning',
    'T | mv-expand a to typeof()': 'a type of no columns; not documented',
    'T | render timechart by a': 'an old form; not documented',
    'T | join U where a == b': 'an old form; not documented',
  }),
)

/** What we take although Microsoft's parser refuses it, with the reason. */
const TAKEN_HERE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'restrict access to (T | where x); T': 'read over',
    'union a*.b': 'refused by the binder',
    'print x in (datatable(a:int)[1] | take 1, 2)': 'refused by the binder',
  }),
)

describe('accepts and refuses what the official parser does', () => {
  it('in cases of every construct', { timeout: 60_000 }, () => {
    const differences: string[] = []
    for (const text of SYNTAX_CASES) {
      const ours = faults(text)
      const theirs = officialSyntaxFaults(text)
      const expected = REFUSED_HERE.has(text) || TAKEN_HERE.has(text)
      if (ours.length > 0 !== theirs.length > 0 && !expected) {
        differences.push(`${text}\n  ours: ${ours.join('; ')}\n  theirs: ${theirs.join('; ')}`)
      }
    }
    expect(differences).toEqual([])
  })

  it('the listed differences are differences', () => {
    for (const text of REFUSED_HERE.keys()) {
      expect(faults(text), text).not.toEqual([])
      expect(officialSyntaxFaults(text), text).toEqual([])
    }
    for (const text of TAKEN_HERE.keys()) {
      expect(faults(text), text).toEqual([])
      expect(officialSyntaxFaults(text), text).not.toEqual([])
    }
  })

  const places: Record<string, (word: string) => string> = {
    used: word => `T | where a and ${word} == 1`,
    declared: word => `T | extend x = 1, ${word} = 2`,
    'a column of a datatable': word => `datatable(${word}: string)['a']`,
    'a member': word => `T | where a.${word} == 1`,
    'a variable': word => `let ${word} = 1; print 1`,
    'a function': word => `T | where ${word}(1) == 1`,
    'a key': word => `T | summarize count() by ${word}`,
  }

  // Words that introduce literals or calls with their own rules about what is in the parentheses.
  const OWN_RULES = new Set([
    'date',
    'datetime',
    'guid',
    'typeof',
    'dynamic',
    'inline_external_table',
  ])

  it.each(Object.keys(places))('every keyword as %s', { timeout: 60_000 }, place => {
    const write = places[place] as (word: string) => string
    const wrong = [...KEYWORDS.keys()].filter(word => {
      if (place === 'a function' && OWN_RULES.has(word)) return false
      const text = write(word)
      return faults(text).length > 0 !== officialSyntaxFaults(text).length > 0
    })
    expect(wrong).toEqual([])
  })
})

interface Recorded {
  readonly id: string
  readonly query: string
}

function recorded(path: string): Recorded[] {
  return readFileSync(new URL(path, SHARED), 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Recorded)
}

// In the shared queries every fault that was recorded is one of meaning: all are well formed.
describe.skipIf(!existsSync(SHARED))('the shared queries', () => {
  const suites = existsSync(SHARED)
    ? [
        'corpus/dev.jsonl',
        ...readdirSync(new URL('conformance/', SHARED))
          .filter(name => name.endsWith('.jsonl'))
          .map(name => `conformance/${name}`),
      ]
    : []

  it.each(suites)('%s: all are read, and survive printing', path => {
    const wrong: string[] = []
    for (const { id, query } of recorded(path)) {
      const found = faults(query)
      if (found.length > 0) {
        wrong.push(`${id}: ${found.join('; ')}`)
        continue
      }
      const { syntax } = parseQuery(query)
      const again = parseQuery(printSyntax(syntax)).syntax
      if (JSON.stringify(text(again)) !== JSON.stringify(text(syntax)))
        wrong.push(`${id}: printing`)
    }
    expect(wrong).toEqual([])
  })
})

/** The tree without spans, bigints as text. */
function text(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(withoutSpans(tree), (_, value) =>
      typeof value === 'bigint' ? `${value}n` : value instanceof Map ? [...value] : value,
    ),
  )
}
