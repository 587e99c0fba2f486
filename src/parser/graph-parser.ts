import { type Token, tokenSpan } from '../lexer/tokenize.ts'
import {
  As,
  Assign,
  Comma,
  DotDot,
  GraphMarkComponents,
  GraphMatch,
  GraphShortestPaths,
  GraphToTable,
  InfixSymbol,
  LeftBracket,
  LeftParen,
  LongLiteral,
  MakeGraph,
  Minus,
  On,
  PartitionedBy,
  Pipe,
  Project,
  RightBracket,
  RightParen,
  Star,
  Where,
  With,
  Word,
} from '../lexer/tokens.ts'
import { BranchParser } from './branch-parser.ts'
import { longLiteral } from './literal.ts'
import type {
  GraphEdgeSyntax,
  GraphMarkComponentsSyntax,
  GraphMatchSyntax,
  GraphNodeSyntax,
  GraphPatternSyntax,
  GraphShortestPathsSyntax,
  GraphTableSyntax,
  GraphToTableSyntax,
  LiteralSyntax,
  MakeGraphSyntax,
  NameSyntax,
  OperatorSyntax,
} from './syntax.ts'

type Nodes = MakeGraphSyntax['nodes'][number]
type Search = Pick<GraphMatchSyntax, 'patterns' | 'where' | 'columns'>

/** The operators that make graphs, and tables of them. */
export abstract class GraphParser extends BranchParser {
  protected readonly makeGraph = this.RULE('makeGraph', (): MakeGraphSyntax => {
    const first = this.CONSUME(MakeGraph)
    const source = this.SUBRULE(this.name)
    this.CONSUME(Minus)
    this.CONSUME2(Minus)
    this.SUBRULE(this.arrowHead)
    const target = this.SUBRULE2(this.name)
    const nodeId = this.SUBRULE(this.optionalName, { ARGS: ['with_node_id'] })
    const nodes: Nodes[] = []
    this.OPTION(() => {
      this.CONSUME(With)
      this.AT_LEAST_ONE_SEP({
        SEP: Comma,
        DEF: () => {
          const table = this.SUBRULE(this.rightOperand)
          this.CONSUME(On)
          nodes.push({ table, id: this.SUBRULE3(this.name) })
        },
        ERR_MSG: 'A table of nodes is missing',
      })
    })
    const partition = this.OPTION2(() => {
      this.CONSUME(PartitionedBy)
      const column = this.SUBRULE4(this.name)
      const operators: OperatorSyntax[] = []
      this.CONSUME(LeftParen)
      this.AT_LEAST_ONE_SEP2({
        SEP: Pipe,
        DEF: () => operators.push(this.SUBRULE(this.operator)),
        ERR_MSG: 'An operator is missing',
      })
      this.CONSUME(RightParen)
      return { column, operators }
    })
    return {
      kind: 'make-graph',
      source,
      target,
      nodes,
      ...(nodeId && { nodeId }),
      ...(partition && { partition }),
      span: this.spanFrom(first),
    }
  })

  private readonly arrowHead = this.RULE('arrowHead', (): void => {
    const token = this.CONSUME(InfixSymbol)
    this.ACTION(() => {
      if (token.image !== '>') this.fail('KS005', "'>' is missing.", undefined, tokenSpan(token))
    })
  })

  /** `word=name`, where it stands. */
  private readonly optionalName = this.RULE(
    'optionalName',
    (word: string): NameSyntax | undefined => {
      return this.OPTION({
        GATE: () => this.LA(1).image === word && this.next(Assign, 2),
        DEF: () => {
          this.CONSUME(Word)
          this.CONSUME(Assign)
          return this.SUBRULE(this.name)
        },
      })
    },
  )

  /** `word=choice`, where it stands. */
  private readonly choice = this.RULE('choice', (word: string): Token | undefined => {
    return this.OPTION({
      GATE: () => this.LA(1).image === word && this.next(Assign, 2),
      DEF: () => {
        this.CONSUME(Word)
        this.CONSUME(Assign)
        return this.CONSUME2(Word)
      },
    })
  })

  private chosen<T extends string>(token: Token | undefined, choices: readonly T[]): T | undefined {
    if (token === undefined || this.RECORDING_PHASE) return undefined
    const found = choices.find(choice => choice === token.image)
    if (found !== undefined) return found
    const hint = `Possible are ${choices.join(', ')}.`
    return this.fail('KS005', `'${token.image}' is not possible here.`, hint, tokenSpan(token))
  }

  protected readonly graphMatch = this.RULE('graphMatch', (): GraphMatchSyntax => {
    const first = this.CONSUME(GraphMatch)
    const token = this.SUBRULE(this.choice, { ARGS: ['cycles'] })
    const cycles = this.chosen(token, ['all', 'none', 'unique_edges'])
    const search = this.SUBRULE(this.graphSearch)
    return {
      kind: 'graph-match',
      ...(cycles && { cycles }),
      ...search,
      span: this.spanFrom(first),
    }
  })

  protected readonly graphShortestPaths = this.RULE(
    'graphShortestPaths',
    (): GraphShortestPathsSyntax => {
      const first = this.CONSUME(GraphShortestPaths)
      const token = this.SUBRULE(this.choice, { ARGS: ['output'] })
      const output = this.chosen(token, ['any', 'all'])
      const cyclesToken = this.SUBRULE2(this.choice, { ARGS: ['cycles'] })
      const cycles = this.chosen(cyclesToken, ['all', 'none', 'unique_edges'])
      const search = this.SUBRULE(this.graphSearch)
      return {
        kind: 'graph-shortest-paths',
        ...(output && { output }),
        ...(cycles && { cycles }),
        ...search,
        span: this.spanFrom(first),
      }
    },
  )

  /** `(a)-[e]->(b) where a.x == 1 project b.y` */
  private readonly graphSearch = this.RULE('graphSearch', (): Search => {
    const patterns: GraphPatternSyntax[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => patterns.push(this.SUBRULE(this.graphPattern)),
      ERR_MSG: 'A pattern is missing',
    })
    const where = this.OPTION(() => {
      this.CONSUME(Where)
      return this.SUBRULE(this.expression)
    })
    this.CONSUME(Project)
    const columns = this.SUBRULE(this.namedExpressions)
    return { patterns, ...(where && { where }), columns }
  })

  private readonly graphPattern = this.RULE('graphPattern', (): GraphPatternSyntax => {
    const first = this.LA(1)
    const nodes = [this.SUBRULE(this.graphNode)]
    const edges: GraphEdgeSyntax[] = []
    this.MANY({
      GATE: () => this.next(Minus) || this.LA(1).image === '<',
      DEF: () => {
        edges.push(this.SUBRULE(this.graphEdge))
        nodes.push(this.SUBRULE2(this.graphNode))
      },
    })
    return { nodes, edges, span: this.spanFrom(first) }
  })

  private readonly graphNode = this.RULE('graphNode', (): GraphNodeSyntax => {
    const first = this.CONSUME(LeftParen)
    const name = this.OPTION(() => this.SUBRULE(this.freeName))
    this.CONSUME(RightParen)
    return { ...(name && { name }), span: this.spanFrom(first) }
  })

  /** `-[e]->`, `<-[e*1..3]-`, `--`. */
  private readonly graphEdge = this.RULE('graphEdge', (): GraphEdgeSyntax => {
    const first = this.LA(1)
    const left = this.OPTION({
      GATE: () => this.LA(1).image === '<',
      DEF: () => this.CONSUME(InfixSymbol),
    })
    this.CONSUME(Minus)
    const inner = this.OPTION2(() => this.SUBRULE(this.graphEdgeName))
    this.CONSUME2(Minus)
    const right = this.OPTION3({
      GATE: () => left === undefined && this.LA(1).image === '>',
      DEF: () => this.CONSUME2(InfixSymbol),
    })
    const direction = left ? 'left' : right ? 'right' : 'any'
    return { direction, ...inner, span: this.spanFrom(first) }
  })

  private readonly graphEdgeName = this.RULE(
    'graphEdgeName',
    (): Pick<GraphEdgeSyntax, 'name' | 'range'> => {
      this.CONSUME(LeftBracket)
      const name = this.OPTION(() => this.SUBRULE(this.freeName))
      const range = this.OPTION2(() => {
        const star = this.CONSUME(Star)
        const min = this.SUBRULE(this.graphLength)
        this.CONSUME(DotDot)
        const max = this.SUBRULE2(this.graphLength)
        return { min, max, span: this.spanFrom(star) }
      })
      this.CONSUME(RightBracket)
      return { ...(name && { name }), ...(range && { range }) }
    },
  )

  /** A number of edges, or the name of one. */
  private readonly graphLength = this.RULE('graphLength', (): LiteralSyntax | NameSyntax => {
    return this.OR({
      DEF: [
        {
          ALT: () => {
            const token = this.CONSUME(LongLiteral)
            return this.ACTION(() =>
              longLiteral(token.image, false, tokenSpan(token), this.diagnostics),
            )
          },
        },
        { ALT: () => this.SUBRULE(this.name) },
      ],
      ERR_MSG: 'A number is missing',
    })
  })

  protected readonly graphMarkComponents = this.RULE(
    'graphMarkComponents',
    (): GraphMarkComponentsSyntax => {
      const first = this.CONSUME(GraphMarkComponents)
      const token = this.SUBRULE(this.choice, { ARGS: ['kind'] })
      const components = this.chosen(token, ['weak', 'strong'])
      const componentId = this.SUBRULE(this.optionalName, { ARGS: ['with_component_id'] })
      return {
        kind: 'graph-mark-components',
        ...(components && { components }),
        ...(componentId && { componentId }),
        span: this.spanFrom(first),
      }
    },
  )

  protected readonly graphToTable = this.RULE('graphToTable', (): GraphToTableSyntax => {
    const first = this.CONSUME(GraphToTable)
    const tables: GraphTableSyntax[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => tables.push(this.SUBRULE(this.graphTable)),
      ERR_MSG: 'nodes or edges is missing',
    })
    return { kind: 'graph-to-table', tables, span: this.spanFrom(first) }
  })

  private readonly graphTable = this.RULE('graphTable', (): GraphTableSyntax => {
    const first = this.CONSUME(Word)
    const what = this.chosen(first, ['nodes', 'edges']) ?? 'nodes'
    const name = this.OPTION(() => {
      this.CONSUME(As)
      return this.SUBRULE(this.freeName)
    })
    const nodeId = this.SUBRULE(this.optionalName, { ARGS: ['with_node_id'] })
    const sourceId = this.SUBRULE2(this.optionalName, { ARGS: ['with_source_id'] })
    const targetId = this.SUBRULE3(this.optionalName, { ARGS: ['with_target_id'] })
    return {
      what,
      ...(name && { name }),
      ...(nodeId && { nodeId }),
      ...(sourceId && { sourceId }),
      ...(targetId && { targetId }),
      span: this.spanFrom(first),
    }
  })
}
