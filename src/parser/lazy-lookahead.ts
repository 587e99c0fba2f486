import { type ILookaheadStrategy, LLkLookaheadStrategy } from 'chevrotain'

/**
 * Chevrotain's own lookahead, with the tables of each decision of the grammar made when it is first
 * met: a query meets few of them, and making them all takes longer than reading it.
 */
export class LazyLookahead implements ILookaheadStrategy {
  readonly #strategy: ILookaheadStrategy

  constructor(maxLookahead: number) {
    this.#strategy = new LLkLookaheadStrategy({ maxLookahead })
  }

  validate(options: Parameters<ILookaheadStrategy['validate']>[0]) {
    return this.#strategy.validate(options)
  }

  buildLookaheadForAlternation(
    options: Parameters<ILookaheadStrategy['buildLookaheadForAlternation']>[0],
  ): Alternation {
    const strategy = this.#strategy
    let decide: Alternation | undefined
    return function (this: unknown, alternatives) {
      decide ??= strategy.buildLookaheadForAlternation(options)
      return decide.call(this, alternatives)
    }
  }

  buildLookaheadForOptional(
    options: Parameters<ILookaheadStrategy['buildLookaheadForOptional']>[0],
  ): Optional {
    const strategy = this.#strategy
    let decide: Optional | undefined
    return function (this: unknown) {
      decide ??= strategy.buildLookaheadForOptional(options)
      return decide.call(this)
    }
  }
}

type Alternation = ReturnType<ILookaheadStrategy['buildLookaheadForAlternation']>
type Optional = ReturnType<ILookaheadStrategy['buildLookaheadForOptional']>
