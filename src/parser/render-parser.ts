import {
  Assign,
  Comma,
  DeclarableName,
  Identifier,
  LeftBracket,
  LeftParen,
  Render,
  RightParen,
  With,
  Word,
} from '../lexer/tokens.ts'
import { SelectionParser } from './selection-parser.ts'
import type { RenderSyntax } from './syntax.ts'

const CHARTS: ReadonlySet<string> = new Set([
  'anomalychart',
  'areachart',
  'barchart',
  'card',
  'columnchart',
  'graph',
  'ladderchart',
  'linechart',
  'piechart',
  'pivotchart',
  'plotly',
  'scatterchart',
  'stackedareachart',
  'timechart',
  'timeline',
  'timepivot',
  'treemap',
])

type RenderProperty = RenderSyntax['properties'][number]

/** The render operator, whose properties have rules of their own. */
export abstract class RenderParser extends SelectionParser {
  protected readonly render = this.RULE('render', (): RenderSyntax => {
    const first = this.CONSUME(Render)
    const chart = this.SUBRULE(this.chart)
    const properties: RenderProperty[] = []
    this.MANY({
      GATE: () => !this.next(With),
      DEF: () => properties.push(this.SUBRULE(this.renderProperty)),
    })
    this.OPTION(() => {
      this.CONSUME(With)
      this.CONSUME(LeftParen)
      this.MANY_SEP({
        SEP: Comma,
        DEF: () => properties.push(this.SUBRULE2(this.renderProperty)),
      })
      this.CONSUME(RightParen)
    })
    return { kind: 'render', chart, properties, span: this.spanFrom(first) }
  })

  protected readonly chart = this.RULE('chart', (): string => {
    if (!this.RECORDING_PHASE && !this.isChart()) {
      this.fail('KS005', `A chart is missing before ${this.describeNext()}.`, 'Such as timechart.')
    }
    return this.CONSUME(Word).image
  })

  private isChart(): boolean {
    return this.next(Identifier) || CHARTS.has(this.LA(1).image)
  }

  protected readonly renderProperty = this.RULE('renderProperty', (): RenderProperty => {
    const name = this.CONSUME(Word).image
    this.CONSUME(Assign)
    const value = this.OR({
      DEF: [
        { GATE: () => this.isNameList(), ALT: () => this.SUBRULE(this.nameList) },
        {
          ALT: () => {
            const expression = this.SUBRULE(this.expression)
            return this.ACTION(() =>
              expression.kind === 'literal' ? String(expression.value) : this.textOf(expression),
            )
          },
        },
      ],
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: 'The value of the property is missing',
    })
    return { name, value }
  })

  private isNameList(): boolean {
    return this.next(LeftBracket) || (this.next(DeclarableName) && !this.next(LeftParen, 2))
  }

  /** `a, b`: a comma that `name =` follows separates properties, not columns. */
  protected readonly nameList = this.RULE('nameList', (): string => {
    let names = this.SUBRULE(this.declaredName).name
    this.MANY({
      GATE: () => !this.next(Assign, 3),
      DEF: () => {
        this.CONSUME(Comma)
        names += `,${this.SUBRULE2(this.declaredName).name}`
      },
    })
    return names
  })
}
