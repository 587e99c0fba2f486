import { tokenSpan } from '../lexer/tokenize.ts'
import {
  Assign,
  Colon,
  Comma,
  Declare,
  FatArrow,
  LeftParen,
  Order,
  Partition,
  RightParen,
  Scan,
  Semicolon,
  Step,
  With,
  Word,
} from '../lexer/tokens.ts'
import { SeriesParser } from './series-parser.ts'
import type { NameSyntax, ScanStepSyntax, ScanSyntax } from './syntax.ts'

type ScanColumn = ScanSyntax['columns'][number]
type ScanOutput = NonNullable<ScanStepSyntax['output']>

const OUTPUTS: ReadonlyMap<string, ScanOutput> = new Map([
  ['all', 'all'],
  ['last', 'last'],
  ['none', 'none'],
])

/** The scan operator, whose steps are separated by semicolons. */
export abstract class ScanParser extends SeriesParser {
  protected readonly scan = this.RULE('scan', (): ScanSyntax => {
    const first = this.CONSUME(Scan)
    const matchId = this.OPTION({
      GATE: () => this.LA(1).image === 'with_match_id' && this.next(Assign, 2),
      DEF: (): NameSyntax => {
        this.CONSUME(Word)
        this.CONSUME(Assign)
        return this.SUBRULE(this.name)
      },
    })
    this.ACTION(() => {
      if (!this.next(Order) && !this.next(Partition)) return
      const clause = `${this.LA(1).image} by`
      const hint =
        clause === 'order by'
          ? 'Sort before scan.'
          : 'Use partition hint.strategy=native by … (sort by … | scan …).'
      this.fail('KQL101', `The clause ${clause} of scan is not supported.`, hint)
    })
    const columns: ScanColumn[] = []
    this.OPTION2(() => {
      this.CONSUME(Declare)
      this.CONSUME(LeftParen)
      this.MANY_SEP({ SEP: Comma, DEF: () => columns.push(this.SUBRULE(this.scanColumn)) })
      this.CONSUME(RightParen)
    })
    this.CONSUME(With)
    this.CONSUME2(LeftParen)
    const steps: ScanStepSyntax[] = []
    this.AT_LEAST_ONE({
      DEF: () => steps.push(this.SUBRULE(this.scanStep)),
      ERR_MSG: 'A step is missing',
    })
    this.CONSUME2(RightParen)
    return {
      kind: 'scan',
      ...(matchId && { matchId }),
      columns,
      steps,
      span: this.spanFrom(first),
    }
  })

  private readonly scanColumn = this.RULE('scanColumn', (): ScanColumn => {
    const column = this.SUBRULE(this.columnDeclaration)
    const value = this.OPTION(() => {
      this.CONSUME(Assign)
      return this.SUBRULE(this.literal)
    })
    return { ...column, ...(value && { default: value }) }
  })

  /** `step s1 output=last: x > 1 => y = s1.y + 1;` */
  private readonly scanStep = this.RULE('scanStep', (): ScanStepSyntax => {
    const first = this.CONSUME(Step)
    const name = this.SUBRULE(this.declaredName)
    const output = this.OPTION({
      GATE: () => !this.next(Colon),
      DEF: () => this.SUBRULE(this.scanOutput),
    })
    this.CONSUME(Colon)
    const condition = this.SUBRULE(this.expression)
    const assignments: ScanStepSyntax['assignments'][number][] = []
    this.OPTION2(() => {
      this.CONSUME(FatArrow)
      this.AT_LEAST_ONE_SEP({
        SEP: Comma,
        DEF: () => {
          const column = this.SUBRULE2(this.name)
          this.CONSUME(Assign)
          const value = this.SUBRULE2(this.expression)
          assignments.push({ column, value })
        },
        ERR_MSG: 'An assignment is missing',
      })
    })
    this.CONSUME(Semicolon)
    return {
      name,
      ...(output && { output }),
      condition,
      assignments,
      span: this.spanFrom(first),
    }
  })

  private readonly scanOutput = this.RULE('scanOutput', (): ScanOutput => {
    const word = this.CONSUME(Word)
    this.ACTION(() => {
      if (word.image === 'output') return
      const span = tokenSpan(word)
      if (word.image === 'optional') {
        this.fail('KQL101', 'An optional step of scan is not supported.', undefined, span)
      }
      this.fail('KS005', "':' is missing after the name of the step.", undefined, span)
    })
    this.CONSUME(Assign)
    const value = this.CONSUME2(Word)
    return this.ACTION(() => {
      const output = OUTPUTS.get(value.image)
      if (output !== undefined) return output
      const hint = 'The outputs are all, last and none.'
      const message = `'${value.image}' is not an output of a step.`
      return this.fail('KS005', message, hint, tokenSpan(value))
    })
  })
}
