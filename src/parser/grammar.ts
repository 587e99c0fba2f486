import { END_OF_QUERY, is, type Token, type TokenType } from '../lexer/token-type.ts'
import { GrammarFault } from './grammar-fault.ts'
import type { Lookahead } from './lookahead.ts'

/** A rule of the grammar. What it takes is missing while it is recorded. */
export type Rule<T, A extends readonly unknown[] = []> = (...args: A) => T
/** Any rule, for what only tells rules apart. */
export type AnyRule = Rule<unknown, never>

/** Says which of several parts of a rule a decision is: a rule may have several of a kind. */
export type DecisionKind = 'or' | 'option' | 'many' | 'list' | 'some' | 'filledList'

/** One of several ways to go on; `GATE` may look further than at the next token. */
export interface Alternative<T> {
  readonly GATE?: () => boolean
  readonly ALT: () => T
}
type Alternatives<A> =
  | A
  | { readonly DEF: A; readonly IGNORE_AMBIGUITIES?: boolean; readonly ERR_MSG?: string }
type Part<T> =
  | (() => T)
  | { readonly GATE?: () => boolean; readonly DEF: () => T; readonly ERR_MSG?: string }
interface Separated {
  readonly SEP: TokenType
  readonly DEF: () => unknown
  readonly ERR_MSG?: string
}
type ResultOf<A> = A extends readonly Alternative<unknown>[] ? ReturnType<A[number]['ALT']> : never

/** What learns the rules by running each once, with every part of it: see `record-grammar.ts`. */
export interface GrammarRecorder {
  token(type: TokenType): Token
  call(rule: AnyRule): unknown
  decide(kind: DecisionKind, number: number, parts: readonly (() => unknown)[]): unknown
  /** What is ambiguous in the decision is meant: the first that fits is taken. */
  ambiguous(): void
}

/** A rule to be run while it is recorded. */
export interface RuleToRecord {
  readonly rule: AnyRule
  readonly name: string
  readonly record: () => void
}

/** A rule, and the tables of its decisions as they were met. */
interface Reading {
  readonly name: string
  readonly decisions: (readonly Uint8Array[])[]
}

const NO_RULE: Reading = { name: '', decisions: [] }

/** Where the decisions of a kind begin in {@link Reading.decisions}: there are four of one at most. */
const KINDS: Readonly<Record<DecisionKind, number>> = {
  or: 0,
  option: 5,
  many: 10,
  list: 15,
  some: 20,
  filledList: 25,
}

/**
 * Reads tokens by rules that look one token ahead. Rules are methods that call what they consist of:
 * CONSUME a token, SUBRULE another rule, OR alternatives, OPTION, MANY, AT_LEAST_ONE, some with
 * separators. Where a rule has several of a kind, they are told apart by a number. A fault is thrown as
 * a {@link GrammarFault}.
 */
export abstract class Grammar {
  /** The tokens that are read. */
  protected input: readonly Token[] = []
  readonly #lookahead: Lookahead | undefined
  readonly #rules = new Map<AnyRule, { readonly name: string; readonly body: AnyRule }>()
  #position = -1
  /** The rule that is being read. */
  #rule = NO_RULE
  #recorder: GrammarRecorder | undefined

  /** Without `lookahead`, rules can be recorded only. */
  constructor(lookahead?: Lookahead) {
    this.#lookahead = lookahead
  }

  /** Declares a rule. */
  protected RULE<T, A extends readonly unknown[] = []>(name: string, body: Rule<T, A>): Rule<T, A> {
    const reading: Reading = { name, decisions: [] }
    const rule = (...args: A): T => {
      const outer = this.#rule
      this.#rule = reading
      try {
        return body(...args)
      } finally {
        this.#rule = outer
      }
    }
    this.#rules.set(rule, { name, body })
    return rule
  }

  /** All rules with their names, in the order of declaration; `record` runs one while it is recorded. */
  rulesToRecord(recorder: GrammarRecorder): readonly RuleToRecord[] {
    return Array.from(this.#rules, ([rule, { name, body }]) => ({
      rule,
      name,
      record: () => {
        this.#recorder = recorder
        Reflect.apply(body, undefined, [])
        this.#recorder = undefined
      },
    }))
  }

  /** Whether a rule is run to learn what it consists of: there are no tokens then. */
  protected get RECORDING_PHASE(): boolean {
    return this.#recorder !== undefined
  }

  /** Begins with the first token. */
  protected start(input: readonly Token[]): void {
    this.input = input
    this.#position = -1
    this.#rule = NO_RULE
  }

  /** The token `ahead` places on, 0 for the last that was read. */
  protected LA(ahead: number): Token {
    return (this.#recorder === undefined && this.input[this.#position + ahead]) || END_OF_QUERY
  }

  /** Reads over the next token, whatever it is. */
  protected SKIP_TOKEN(): void {
    if (this.#position < this.input.length - 1) this.#position++
  }

  /** What is done of the rule only when it reads. Gives undefined while recording. */
  protected ACTION<T>(action: () => T): T {
    return this.#recorder === undefined ? action() : (undefined as T)
  }

  protected CONSUME(type: TokenType): Token {
    if (this.#recorder !== undefined) return this.#recorder.token(type)
    const token = this.LA(1)
    if (!is(token, type))
      throw new GrammarFault('mismatch', missing(type.label), token, this.#rule.name)
    this.#position++
    return token
  }

  protected SUBRULE<T, A extends readonly unknown[]>(rule: Rule<T, A>, ...args: A): T {
    return this.#recorder === undefined ? rule(...args) : (this.#recorder.call(rule) as T)
  }

  protected OR<const A extends readonly Alternative<unknown>[]>(
    given: Alternatives<A>,
  ): ResultOf<A> {
    return this.#or(1, given)
  }

  protected OR2<const A extends readonly Alternative<unknown>[]>(
    given: Alternatives<A>,
  ): ResultOf<A> {
    return this.#or(2, given)
  }

  protected OPTION<T>(part: Part<T>): T | undefined {
    return this.#option(1, part)
  }

  protected OPTION2<T>(part: Part<T>): T | undefined {
    return this.#option(2, part)
  }

  protected OPTION3<T>(part: Part<T>): T | undefined {
    return this.#option(3, part)
  }

  protected OPTION4<T>(part: Part<T>): T | undefined {
    return this.#option(4, part)
  }

  protected MANY(part: Part<unknown>): void {
    const { gate, body } = partsOf(part)
    if (this.#record('many', 1, [body])) return
    this.#repeat(() => this.#fits('many', 1, gate), body)
  }

  protected MANY_SEP({ SEP, DEF }: Separated): void {
    if (this.#record('list', 1, [DEF, () => this.CONSUME(SEP)])) return
    if (this.#fits('list', 1)) this.#separated(SEP, DEF)
  }

  protected AT_LEAST_ONE(part: Part<unknown>): void {
    const { gate, body } = partsOf(part)
    if (this.#record('some', 1, [body])) return
    const goesOn = (): boolean => this.#fits('some', 1, gate)
    if (!goesOn()) this.#nothingFits(typeof part === 'function' ? undefined : part.ERR_MSG)
    this.#repeat(goesOn, body)
  }

  protected AT_LEAST_ONE_SEP(given: Separated): void {
    this.#someSeparated(1, given)
  }

  protected AT_LEAST_ONE_SEP2(given: Separated): void {
    this.#someSeparated(2, given)
  }

  #or<A extends readonly Alternative<unknown>[]>(
    number: number,
    given: Alternatives<A>,
  ): ResultOf<A> {
    const {
      DEF: alternatives,
      ERR_MSG,
      IGNORE_AMBIGUITIES,
    } = 'DEF' in given ? given : ({ DEF: given } as Exclude<typeof given, A>)
    const recorder = this.#recorder
    if (recorder !== undefined) {
      if (IGNORE_AMBIGUITIES === true) recorder.ambiguous()
      return recorder.decide(
        'or',
        number,
        alternatives.map(({ ALT }) => ALT),
      ) as ResultOf<A>
    }
    const fitting = this.#tables('or', number)
    const { index } = this.LA(1).tokenType
    for (let k = 0; k < alternatives.length; k++) {
      if (fitting[k]?.[index] !== 1) continue
      const { GATE, ALT } = alternatives[k] as Alternative<unknown>
      if (GATE === undefined || GATE()) return ALT() as ResultOf<A>
    }
    return this.#nothingFits(ERR_MSG)
  }

  #option<T>(number: number, part: Part<T>): T | undefined {
    const { gate, body } = partsOf(part)
    const recorder = this.#recorder
    if (recorder !== undefined) return recorder.decide('option', number, [body]) as T
    return this.#fits('option', number, gate) ? body() : undefined
  }

  #someSeparated(number: number, { SEP, DEF, ERR_MSG }: Separated): void {
    if (this.#record('filledList', number, [DEF, () => this.CONSUME(SEP)])) return
    if (!this.#fits('filledList', number)) this.#nothingFits(ERR_MSG)
    this.#separated(SEP, DEF)
  }

  #separated(separator: TokenType, body: () => unknown): void {
    body()
    while (is(this.LA(1), separator)) {
      this.#position++
      body()
    }
  }

  /** Goes on as long as that reads something. */
  #repeat(goesOn: () => boolean, body: () => unknown): void {
    while (goesOn()) {
      const before = this.#position
      body()
      if (this.#position <= before) return
    }
  }

  #record(kind: DecisionKind, number: number, parts: readonly (() => unknown)[]): boolean {
    this.#recorder?.decide(kind, number, parts)
    return this.#recorder !== undefined
  }

  #fits(kind: DecisionKind, number: number, gate?: () => boolean): boolean {
    if (gate !== undefined && !gate()) return false
    return this.#tables(kind, number)[0]?.[this.LA(1).tokenType.index] === 1
  }

  #tables(kind: DecisionKind, number: number): readonly Uint8Array[] {
    const { name, decisions } = this.#rule
    const position = KINDS[kind] + number
    decisions[position] ??= this.#lookahead?.fitting(`${name} ${kind}${number}`) ?? []
    return decisions[position]
  }

  #nothingFits(message = 'Something is missing'): never {
    throw new GrammarFault('nothing fits', message, this.LA(1), this.#rule.name)
  }
}

function partsOf<T>(part: Part<T>): { gate?: (() => boolean) | undefined; body: () => T } {
  return typeof part === 'function' ? { body: part } : { gate: part.GATE, body: part.DEF }
}

function missing(label: string): string {
  return `${label.charAt(0).toUpperCase()}${label.slice(1)} is missing`
}
