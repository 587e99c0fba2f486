import {
  Assign,
  By,
  Comma,
  Facet,
  Fork,
  LeftBrace,
  LeftParen,
  Partition,
  PartitionBy,
  Pipe,
  RightBrace,
  RightParen,
  With,
} from '../lexer/tokens.ts'
import { ScanParser } from './scan-parser.ts'
import type {
  FacetSyntax,
  ForkSyntax,
  NameSyntax,
  OperatorSyntax,
  PartitionSyntax,
} from './syntax.ts'

type Branch = ForkSyntax['branches'][number]

/** The operators that run pipelines over their input or its parts. */
export abstract class BranchParser extends ScanParser {
  /** One operator, from its keyword on. */
  protected abstract readonly operator: () => OperatorSyntax

  protected readonly partition = this.RULE('partition', (): PartitionSyntax => {
    const first = this.OR([
      {
        ALT: () => {
          const word = this.CONSUME(Partition)
          return { word, parameters: this.SUBRULE(this.parameters), by: this.CONSUME(By) }
        },
      },
      {
        ALT: () => {
          const word = this.CONSUME(PartitionBy)
          return { word, parameters: this.SUBRULE2(this.parameters), by: word }
        },
      },
    ])
    const column = this.SUBRULE(this.name)
    const body = this.OR2({
      DEF: [
        { ALT: () => ({ operators: this.SUBRULE(this.branchOperators) }) },
        {
          ALT: () => {
            this.CONSUME(LeftBrace)
            const query = this.SUBRULE(this.pipe)
            this.CONSUME(RightBrace)
            return { query }
          },
        },
      ],
      ERR_MSG: 'A subquery is missing',
    })
    return this.ACTION(() => ({
      kind: 'partition',
      parameters: first.parameters,
      column,
      ...body,
      span: this.spanFrom(first.word),
    }))
  })

  /** `(where x | take 1)`: operators without a source. */
  private readonly branchOperators = this.RULE('branchOperators', (): readonly OperatorSyntax[] => {
    const operators: OperatorSyntax[] = []
    this.CONSUME(LeftParen)
    this.AT_LEAST_ONE_SEP({
      SEP: Pipe,
      DEF: () => operators.push(this.SUBRULE(this.operator)),
      ERR_MSG: 'An operator is missing',
    })
    this.CONSUME(RightParen)
    return operators
  })

  protected readonly fork = this.RULE('fork', (): ForkSyntax => {
    const first = this.CONSUME(Fork)
    const branches: Branch[] = []
    this.AT_LEAST_ONE({
      DEF: () => branches.push(this.SUBRULE(this.forkBranch)),
      ERR_MSG: 'A subquery is missing',
    })
    return { kind: 'fork', branches, span: this.spanFrom(first) }
  })

  private readonly forkBranch = this.RULE('forkBranch', (): Branch => {
    const first = this.LA(1)
    const name = this.OPTION({
      GATE: () => !this.next(LeftParen),
      DEF: () => {
        const written = this.SUBRULE(this.freeName)
        this.CONSUME(Assign)
        return written
      },
    })
    const operators = this.SUBRULE(this.branchOperators)
    return { ...(name && { name }), operators, span: this.spanFrom(first) }
  })

  protected readonly facet = this.RULE('facet', (): FacetSyntax => {
    const first = this.CONSUME(Facet)
    this.CONSUME(By)
    const columns: NameSyntax[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => columns.push(this.SUBRULE(this.name)),
      ERR_MSG: 'The name of a column is missing',
    })
    const operators = this.OPTION(() => {
      this.CONSUME(With)
      return this.OR({
        DEF: [
          { ALT: () => this.SUBRULE(this.branchOperators) },
          { ALT: () => [this.SUBRULE(this.operator)] },
        ],
        ERR_MSG: 'An operator is missing',
      })
    })
    return { kind: 'facet', columns, ...(operators && { operators }), span: this.spanFrom(first) }
  })
}
