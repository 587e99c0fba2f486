import { type Token, TokenType } from '../lexer/token-type.ts'
import { InternalError } from '../text/internal-error.ts'
import type { AnyRule, DecisionKind, Grammar, GrammarRecorder } from './grammar.ts'
import type { Beginnings } from './lookahead.ts'

/** A part of a rule, as far as it bears on the token that it begins with. */
type Part =
  | { readonly kind: 'token'; readonly type: TokenType }
  | { readonly kind: 'rule'; readonly rule: AnyRule }
  | Decision

interface Decision {
  readonly kind: DecisionKind
  readonly name: string
  readonly parts: readonly (readonly Part[])[]
  readonly mayBeAmbiguous: boolean
}

/** The token types that something begins with, and whether it may be empty. */
interface First {
  readonly types: ReadonlySet<TokenType>
  readonly empty: boolean
}

/** What is known of a grammar by recording all of its rules. */
export interface RecordedGrammar {
  readonly beginnings: Beginnings
  /** What is wrong with the grammar itself. */
  readonly faults: readonly string[]
}

const NOTHING: unknown = Object.freeze({})

/** Runs every rule of the grammar once for what it consists of. */
export function recordGrammar(grammar: Grammar): RecordedGrammar {
  const recording = new Recording()
  for (const { rule, name, record } of grammar.rulesToRecord(recording)) {
    recording.run(rule, name, record)
  }
  return recording.result()
}

class Recording implements GrammarRecorder {
  readonly #bodies = new Map<AnyRule, readonly Part[]>()
  readonly #names = new Map<AnyRule, string>()
  readonly #firsts = new Map<AnyRule, First>()
  readonly #decisions = new Map<string, Decision>()
  readonly #faults: string[] = []
  #rule = ''
  #parts: Part[] = []
  #ambiguous = false

  run(rule: AnyRule, name: string, record: () => void): void {
    this.#rule = name
    this.#names.set(rule, name)
    this.#bodies.set(rule, this.#within(record))
  }

  token(type: TokenType): Token {
    this.#parts.push({ kind: 'token', type })
    return { image: '', startOffset: -1, endOffset: -1, tokenType: type, payload: -1 }
  }

  call(rule: AnyRule): unknown {
    this.#parts.push({ kind: 'rule', rule })
    return NOTHING
  }

  ambiguous(): void {
    this.#ambiguous = true
  }

  decide(kind: DecisionKind, number: number, bodies: readonly (() => unknown)[]): unknown {
    const name = `${this.#rule} ${kind}${number}`
    if (this.#decisions.has(name)) this.#faults.push(`${name} is there twice`)
    const mayBeAmbiguous = this.#ambiguous
    this.#ambiguous = false
    const decision = { kind, name, parts: [] as (readonly Part[])[], mayBeAmbiguous }
    this.#decisions.set(name, decision)
    this.#parts.push(decision)
    for (const body of bodies) decision.parts.push(this.#within(body))
    return NOTHING
  }

  result(): RecordedGrammar {
    const beginnings: Record<string, readonly (readonly number[])[]> = {}
    for (const { name, kind, parts, mayBeAmbiguous } of this.#decisions.values()) {
      const fitting = parts.map(part => this.#fitting(part))
      if (kind === 'or' && !mayBeAmbiguous) {
        // The last way may be to read nothing.
        const mayBeEmpty = this.#firstOf(parts.at(-1) ?? []).empty
        this.#findAmbiguity(name, mayBeEmpty ? fitting.slice(0, -1) : fitting)
      }
      // Behind a separator nothing is decided.
      beginnings[name] = kind === 'or' ? fitting : fitting.slice(0, 1)
    }
    return { beginnings, faults: this.#faults }
  }

  #within(body: () => unknown): readonly Part[] {
    const outer = this.#parts
    const parts: Part[] = []
    this.#parts = parts
    body()
    this.#parts = outer
    return parts
  }

  /** The indexes of the types of tokens that may come next where the part is taken. */
  #fitting(part: readonly Part[]): number[] {
    const { types, empty } = this.#firstOf(part)
    return TokenType.all()
      .filter(
        type => empty || types.has(type) || [...type.categories].some(each => types.has(each)),
      )
      .map(({ index }) => index)
  }

  #firstOf(parts: readonly Part[]): First {
    const types = new Set<TokenType>()
    for (const part of parts) {
      const first = this.#firstOfPart(part)
      for (const type of first.types) types.add(type)
      if (!first.empty) return { types, empty: false }
    }
    return { types, empty: true }
  }

  #firstOfPart(part: Part): First {
    if (part.kind === 'token') return { types: new Set([part.type]), empty: false }
    if (part.kind === 'rule') return this.#firstOfRule(part.rule)
    const [first = [], ...others] = part.parts
    if (part.kind !== 'or') {
      const { types, empty } = this.#firstOf(first)
      return { types, empty: empty || (part.kind !== 'some' && part.kind !== 'filledList') }
    }
    const firsts = [first, ...others].map(each => this.#firstOf(each))
    return {
      types: new Set(firsts.flatMap(each => [...each.types])),
      empty: firsts.some(each => each.empty),
    }
  }

  #firstOfRule(rule: AnyRule): First {
    const known = this.#firsts.get(rule)
    if (known !== undefined) return known
    const body = this.#bodies.get(rule)
    if (body === undefined) {
      throw new InternalError(
        `the rule ${this.#names.get(rule) ?? 'that is called'} is recursive on its left`,
      )
    }
    this.#bodies.delete(rule)
    const first = this.#firstOf(body)
    this.#firsts.set(rule, first)
    return first
  }

  #findAmbiguity(name: string, fitting: readonly (readonly number[])[]): void {
    const seen = new Set<number>()
    for (const indexes of fitting) {
      const twice = indexes.find(index => seen.has(index))
      if (twice !== undefined) {
        this.#faults.push(`${name} has two ways for ${TokenType.all()[twice]?.name}`)
      }
      for (const index of indexes) seen.add(index)
    }
  }
}
