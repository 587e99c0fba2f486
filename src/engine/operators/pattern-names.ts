import type {
  CallSyntax,
  ExpressionSyntax,
  GraphEdgeSyntax,
  GraphPatternSyntax,
  LiteralSyntax,
  MemberSyntax,
  NameSyntax,
} from '../../parser/syntax.ts'
import type { Span } from '../../text/span.ts'
import { findColumn, type Schema } from '../../types/schema.ts'
import type { Binder } from '../binder/context.ts'
import type { LocalNames } from '../binder/rows.ts'
import type { Expr, GraphPlan, MatchColumn, PatternEdge, PatternElement } from '../plan/nodes.ts'
import {
  DEGREE_IN,
  DEGREE_OUT,
  edgeProperties,
  idTypeOf,
  NODE_ID,
  nodeProperties,
} from './graph-schema.ts'

const MAX_LENGTH = 10_000

const DEGREES: ReadonlyMap<string, string> = new Map([
  ['node_degree_in', DEGREE_IN],
  ['node_degree_out', DEGREE_OUT],
])

const OVER_PATHS: ReadonlySet<string> = new Set(['all', 'any', 'map'])

/** The elements of a pattern, by their names, and what is asked of them. */
export class PatternNames implements LocalNames {
  readonly elements: PatternElement[] = []
  readonly columns: MatchColumn[] = []
  /** A property of a path that may be named: as a column, not inside an expression. */
  whole: ExpressionSyntax | undefined
  readonly #binder: Binder
  readonly #graph: GraphPlan
  readonly #names = new Map<string, number>()

  constructor(binder: Binder, graph: GraphPlan) {
    this.#binder = binder
    this.#graph = graph
  }

  // The pattern

  /** Adds a sequence of nodes and edges; false where it is at fault, which is reported. */
  add({ nodes, edges }: GraphPatternSyntax): boolean {
    const indexes = nodes.map(({ name, span }) => this.#node(name, span))
    return edges.every(({ name, direction, range }, position) => {
      const [from, to] = [indexes[position], indexes[position + 1]]
      if (from === undefined || to === undefined) return false
      if (name !== undefined && this.#names.has(name.name)) {
        const message = `The name \`${name.name}\` is given twice in the pattern.`
        this.#binder.fail('KS201', message, name.span)
        return false
      }
      const lengths = range && this.#lengths(range)
      if (lengths === null) return false
      if (name !== undefined) this.#names.set(name.name, this.elements.length)
      this.elements.push({ kind: 'edge', from, to, direction, ...(lengths && { range: lengths }) })
      return true
    })
  }

  /** How many edges a path may have; null where that is at fault, which is reported. */
  #lengths(range: NonNullable<GraphEdgeSyntax['range']>): PatternEdge['range'] | null {
    const [min, max] = [this.#length(range.min), this.#length(range.max)]
    if (min === undefined || max === undefined) return null
    if (min >= 0 && min <= max && max <= MAX_LENGTH) return { min, max }
    const message = `The length of a path must be a range, up to ${MAX_LENGTH}.`
    this.#binder.fail('KS128', message, range.span)
    return null
  }

  #length(syntax: LiteralSyntax | NameSyntax): number | undefined {
    const length = this.#binder.constant(syntax, 'long')
    if (this.#binder.isFailed(length)) return undefined
    if (length.kind === 'literal' && typeof length.value === 'bigint') return Number(length.value)
    const message = 'The length of a path must be known before the query runs.'
    this.#binder.fail('KQL101', message, syntax.span)
    return undefined
  }

  #node(name: NameSyntax | undefined, span: Span): number | undefined {
    const known = name === undefined ? undefined : this.#names.get(name.name)
    if (known === undefined) {
      if (name !== undefined) this.#names.set(name.name, this.elements.length)
      return this.elements.push({ kind: 'node' }) - 1
    }
    if (this.elements[known]?.kind === 'node') return known
    this.#binder.fail('KS201', `The name \`${name?.name}\` is given twice in the pattern.`, span)
    return undefined
  }

  /** Whether the elements hang together. */
  isConnected(): boolean {
    const reached = new Set([0])
    for (let grown = true; grown; ) {
      grown = false
      for (const element of this.elements) {
        if (element.kind === 'node' || reached.has(element.from) === reached.has(element.to)) {
          continue
        }
        reached.add(element.from).add(element.to)
        grown = true
      }
    }
    return this.elements.every(({ kind }, index) => kind === 'edge' || reached.has(index))
  }

  /** Whether an edge leads back to where others lead. */
  isCyclic(): boolean {
    const nodes = this.elements.filter(({ kind }) => kind === 'node').length
    return this.elements.length - nodes >= nodes
  }

  // What is asked of it

  /** The columns of a match that the expression reads. */
  read(names: ReadonlySet<string>): MatchColumn[] {
    return this.columns.filter(column => names.has(column.name))
  }

  isPath(index: number): boolean {
    return this.#pathAt(index) !== undefined
  }

  #pathAt(index: number | undefined): PatternEdge | undefined {
    const element = index === undefined ? undefined : this.elements[index]
    return element?.kind === 'edge' && element.range !== undefined ? element : undefined
  }

  /** A node or edge as a value is not supported; a path may be read by array_length. */
  name({ name, span }: NameSyntax): Expr | undefined {
    if (!this.#names.has(name)) return undefined
    const message = `A node or edge as a value is not supported: \`${name}\` has properties.`
    return this.#binder.fail('KQL101', message, span, `Name a property: ${name}.….`)
  }

  member(syntax: MemberSyntax, target: NameSyntax): Expr | undefined {
    const index = this.#names.get(target.name)
    if (index === undefined) return undefined
    const { member, span } = syntax
    const property = this.#property(this.#propertiesOf(index), member)
    if (property === undefined) return this.#binder.failed(span)
    if (!this.isPath(index)) return this.#column(index, 'property', property, false, span)
    if (this.whole !== syntax) {
      const message = `\`${target.name}\` stands for several edges, each with a \`${member.name}\`.`
      const hint = `Use all(${target.name}, …), any(${target.name}, …) or map(${target.name}, …).`
      return this.#binder.fail('KQL101', message, span, hint)
    }
    return this.#column(index, 'map', property, false, span)
  }

  call(syntax: CallSyntax): Expr | undefined {
    const { callee, arguments: args, span } = syntax
    const [first, second] = args
    const { name } = callee
    if (OVER_PATHS.has(name)) return this.#overPath(syntax)
    if (name === 'labels') {
      return this.#binder.fail('KQL100', 'Labels of graph models are not supported.', callee.span)
    }
    if (name === 'inner_nodes') {
      const message = 'inner_nodes is the first argument of all, any or map.'
      return this.#binder.fail('KS211', message, span)
    }
    const index = first?.kind === 'name' ? this.#names.get(first.name) : undefined
    if (name === 'array_length' && index !== undefined && second === undefined) {
      if (!this.isPath(index)) return undefined
      const one: Expr = { kind: 'literal', type: 'long', value: null, span }
      return this.#column(index, 'length', one, false, span)
    }
    return this.#ofNode(syntax, index)
  }

  /** `node_degree_in(n)`, `node_id(n)`; undefined for another function. */
  #ofNode(syntax: CallSyntax, index: number | undefined): Expr | undefined {
    const { callee, span } = syntax
    const degree = DEGREES.get(callee.name)
    if (degree === undefined && callee.name !== 'node_id') return undefined
    if (syntax.arguments.length > 1) return this.#countFault(callee.name, 'one argument', span)
    if (index === undefined || this.elements[index]?.kind !== 'node') {
      return this.#binder.fail('KQL101', `${callee.name} needs a node of the pattern here.`, span)
    }
    const expr = nodeValue(this.#binder, this.#graph, degree, span)
    return this.#column(index, 'property', expr, false, span)
  }

  #overPath({ callee, arguments: args, span }: CallSyntax): Expr {
    const [first, second] = args
    const binder = this.#binder
    const value = callee.name as 'all' | 'any' | 'map'
    if (first === undefined || second === undefined || args.length > 2) {
      return this.#countFault(value, 'two arguments', span)
    }
    const inner = first.kind === 'call' && first.callee.name === 'inner_nodes'
    if (inner && first.arguments.length !== 1) {
      return this.#countFault('inner_nodes', 'one argument', first.span)
    }
    const path = inner ? first.arguments[0] : first
    const index = path?.kind === 'name' ? this.#names.get(path.name) : undefined
    if (index === undefined || !this.isPath(index)) {
      const message = `The function '${value}' needs an edge of variable length.`
      return binder.fail('KQL101', message, first.span)
    }
    const schema = inner ? nodeProperties(this.#graph) : edgeProperties(this.#graph)
    const local = inner ? new InnerNames(binder, this.#graph) : {}
    const rows = { schema, local }
    const expr =
      value === 'map' ? binder.scalar(second, rows) : binder.scalarOf(second, rows, 'bool')
    return binder.isFailed(expr) ? expr : this.#column(index, value, expr, inner, span)
  }

  #countFault(name: string, wanted: string, span: Span): Expr {
    return this.#binder.fail('KS119', `The function '${name}' takes ${wanted}.`, span)
  }

  #propertiesOf(index: number): Schema {
    const isNode = this.elements[index]?.kind === 'node'
    return isNode ? nodeProperties(this.#graph) : edgeProperties(this.#graph)
  }

  #property(schema: Schema, { name, span }: NameSyntax): Expr | undefined {
    const column = findColumn(schema, name)
    if (column !== undefined) return { kind: 'column', type: column.type, name, span }
    this.#binder.fail('KS142', `The name \`${name}\` does not refer to any known property.`, span)
    return undefined
  }

  #column(
    element: number,
    value: MatchColumn['value'],
    expr: Expr,
    inner: boolean,
    span: Span,
  ): Expr {
    const known = this.columns.find(
      column =>
        expr.kind === 'column' &&
        column.expr.kind === 'column' &&
        column.expr.name === expr.name &&
        column.element === element &&
        column.value === value &&
        column.inner === inner,
    )
    if (known !== undefined) return { kind: 'column', type: known.type, name: known.name, span }
    const type = typeOf(value, expr)
    const column = { name: `$match${this.columns.length}`, type, element, value, inner, expr }
    this.columns.push(column)
    return { kind: 'column', type, name: column.name, span }
  }
}

function typeOf(value: MatchColumn['value'], expr: Expr): MatchColumn['type'] {
  if (value === 'property') return expr.type
  if (value === 'length') return 'long'
  return value === 'map' ? 'dynamic' : 'bool'
}

function nodeValue(binder: Binder, graph: GraphPlan, degree: string | undefined, span: Span): Expr {
  if (degree !== undefined) return { kind: 'column', type: 'long', name: degree, span }
  const type = idTypeOf(graph)
  return binder.convert({ kind: 'column', type, name: NODE_ID, span }, 'string')
}

/** What can be asked of each inner node without naming it: `node_degree_in()`. */
class InnerNames implements LocalNames {
  readonly #binder: Binder
  readonly #graph: GraphPlan

  constructor(binder: Binder, graph: GraphPlan) {
    this.#binder = binder
    this.#graph = graph
  }

  call({ callee, arguments: args, span }: CallSyntax): Expr | undefined {
    const degree = DEGREES.get(callee.name)
    if ((degree === undefined && callee.name !== 'node_id') || args.length > 0) return undefined
    return nodeValue(this.#binder, this.#graph, degree, span)
  }
}
