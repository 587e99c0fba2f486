import {
  getLookaheadPaths,
  type ILookaheadStrategy,
  LLkLookaheadStrategy,
  type LookaheadProductionType,
  type Rule,
  type TokenType,
} from 'chevrotain'
import type { Token } from '../lexer/tokenize.ts'
import { VOCABULARY } from '../lexer/tokens.ts'

/**
 * With which tokens each part of a decision begins, by their positions in the vocabulary: the
 * alternatives of an OR, or the one part that may be left out or repeated. null where a part may be
 * empty: it always fits.
 */
export type Beginnings = readonly (readonly number[] | null)[]

/** The decisions of a grammar by rule and by {@link decisionKey}. */
export type Decisions = Readonly<Record<string, Readonly<Record<string, Beginnings>>>>

/** Where Chevrotain keeps what decides: `kind << 8 | occurrence`, as its grammar/keys.js has it. */
const KINDS = {
  Alternation: 1,
  Option: 2,
  Repetition: 3,
  RepetitionMandatory: 4,
  RepetitionWithSeparator: 5,
  RepetitionMandatoryWithSeparator: 6,
} as const satisfies Record<LookaheadProductionType, number>

const OCCURRENCE_BITS = 8

/** Where one token does not decide, a GATE looks further. */
export const MAX_LOOKAHEAD = 1

/** What tells a decision from the others of its rule. */
export function decisionKey(type: LookaheadProductionType, occurrence: number): number {
  return (KINDS[type] << OCCURRENCE_BITS) | occurrence
}

/** What a parser looks ahead with. */
export interface LookingAhead {
  LA(howMuch: number): Token
}
type Alternation = ReturnType<ILookaheadStrategy['buildLookaheadForAlternation']>
type Optional = ReturnType<ILookaheadStrategy['buildLookaheadForOptional']>

/** Decides as Chevrotain's own functions do, by one token. Tables are made when it is first met. */
export function decisionOf(key: number, beginnings: Beginnings): Alternation | Optional {
  let tables: readonly (Fitting | null)[] | undefined
  const fits = (part: number, token: Token): boolean => {
    tables ??= beginnings.map(positions => positions && fittingOf(positions))
    const fitting = tables[part]
    return fitting === null || fitting?.[token.tokenTypeIdx] === true
  }
  if (key >> OCCURRENCE_BITS !== KINDS.Alternation) {
    return function (this: LookingAhead) {
      return fits(0, this.LA(1))
    } as Optional
  }
  return function (this: LookingAhead, alternatives) {
    const token = this.LA(1)
    for (let part = 0; part < beginnings.length; part++) {
      if (!fits(part, token)) continue
      const gate = alternatives?.[part]?.GATE
      if (gate === undefined || gate.call(this)) return part
    }
    return undefined
  } as Alternation
}

/** By the index of a token's type, whether it fits. */
type Fitting = Readonly<Record<number, true>>

function fittingOf(positions: readonly number[]): Fitting {
  const fitting: Record<number, true> = {}
  for (const position of positions) {
    const type = VOCABULARY[position] as TokenType
    fitting[type.tokenTypeIdx as number] = true
    for (const match of type.categoryMatches ?? []) fitting[match] = true
  }
  return fitting
}

interface RecordedDecision {
  readonly rule: Rule
  readonly prodType: LookaheadProductionType
  readonly prodOccurrence: number
}

/** Chevrotain's lookahead, which writes down what it finds of each decision. */
export class RecordedLookahead extends LLkLookaheadStrategy {
  readonly decisions: Record<string, Record<string, Beginnings>> = {}

  constructor() {
    super({ maxLookahead: MAX_LOOKAHEAD })
  }

  override buildLookaheadForAlternation(
    options: Parameters<ILookaheadStrategy['buildLookaheadForAlternation']>[0],
  ): Alternation {
    this.#record({ ...options, prodType: 'Alternation' })
    return super.buildLookaheadForAlternation(options)
  }

  override buildLookaheadForOptional(
    options: Parameters<ILookaheadStrategy['buildLookaheadForOptional']>[0],
  ): Optional {
    this.#record(options)
    return super.buildLookaheadForOptional(options)
  }

  #record({ rule, prodType, prodOccurrence }: RecordedDecision): void {
    const options = { occurrence: prodOccurrence, rule, prodType, maxLookahead: MAX_LOOKAHEAD }
    const paths = getLookaheadPaths(options)
    // Of what may be left out or repeated, the second part is what follows it.
    const parts = prodType === 'Alternation' ? paths : paths.slice(0, 1)
    const beginnings = parts.map(part =>
      part.some(path => path.length === 0)
        ? null
        : [...new Set(part.map(path => VOCABULARY.indexOf(path[0] as TokenType)))],
    )
    this.decisions[rule.name] = {
      ...this.decisions[rule.name],
      [decisionKey(prodType, prodOccurrence)]: beginnings,
    }
  }
}
