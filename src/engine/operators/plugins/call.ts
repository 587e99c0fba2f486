import type {
  EvaluateSyntax,
  ExpressionSyntax,
  OutputSchemaSyntax,
} from '../../../parser/syntax.ts'
import type { ScalarValue } from '../../../tables/vector.ts'
import type { Span } from '../../../text/span.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import type { Column, Schema } from '../../../types/schema.ts'
import { readColumn, unknownColumn } from '../../binder/columns.ts'
import type { Binder } from '../../binder/context.ts'
import { didYouMean } from '../../binder/suggest.ts'
import { isRunConstant } from '../../plan/expression.ts'
import type { Expr, NamedExpr, Plan } from '../../plan/nodes.ts'
import type { PluginParameter, PluginSignature } from './signature.ts'

type Arguments = ReadonlyMap<string, readonly ExpressionSyntax[]>

/** A call of a plugin while it is bound: its arguments, by the names of the parameters. */
export class PluginCall {
  readonly binder: Binder
  readonly node: EvaluateSyntax
  readonly input: Plan
  readonly plugin: PluginSignature
  readonly span: Span
  readonly #arguments: Arguments
  #failed = false

  constructor(
    binder: Binder,
    node: EvaluateSyntax,
    input: Plan,
    plugin: PluginSignature,
    args: Arguments,
  ) {
    this.binder = binder
    this.node = node
    this.input = input
    this.plugin = plugin
    this.span = node.call.span
    this.#arguments = args
  }

  /** Whether an argument was reported. */
  get failed(): boolean {
    return this.#failed
  }

  /** The same call with other arguments for some parameters. */
  with(replaced: Readonly<Record<string, readonly ExpressionSyntax[]>>): PluginCall {
    const args = new Map([...this.#arguments, ...Object.entries(replaced)])
    return new PluginCall(this.binder, this.node, this.input, this.plugin, args)
  }

  /** The schema that was asked for. */
  get schema(): OutputSchemaSyntax | undefined {
    return this.node.schema
  }

  /** Reports an error of the call; a failed plan in its place. */
  fail(...[code, message, span, hint]: Parameters<Binder['failTabular']>): Plan {
    this.#failed = true
    return this.binder.failTabular(code, message, span, hint)
  }

  /** Says that an argument was reported. */
  reported(): void {
    this.#failed = true
  }

  failedPlan(): Plan {
    return this.binder.failedPlan(this.span)
  }

  /** The arguments of a parameter, as written. */
  all(name: string): readonly ExpressionSyntax[] {
    return this.#arguments.get(name) ?? []
  }

  syntax(name: string): ExpressionSyntax | undefined {
    return this.all(name)[0]
  }

  has(name: string): boolean {
    return this.syntax(name) !== undefined
  }

  /** The column of the input that the argument names; one of another kind is reported. */
  column(name: string): Column | undefined {
    return this.columns(name)[0]
  }

  columns(name: string): Column[] {
    return this.all(name).flatMap(syntax => this.columnAt(syntax) ?? [])
  }

  /** The column of the rows that the expression names. */
  columnAt(syntax: ExpressionSyntax, rows: Plan = this.input): Column | undefined {
    if (syntax.kind !== 'name') {
      this.fail(
        'KS109',
        'The name of a column is expected.',
        syntax.span,
        'Compute it with extend.',
      )
      return undefined
    }
    const column = this.binder.columnIn(rows.schema, syntax.name)
    if (column === undefined) {
      this.#failed = true
      unknownColumn(this.binder, syntax.name, syntax.span, rows.schema)
    }
    return column
  }

  /** A column of one of the types; another is reported. */
  columnOf(name: string, types: readonly ScalarType[]): Column | undefined {
    const column = this.column(name)
    if (column === undefined || this.binder.isFailedColumn(column)) return column
    if (types.includes(column.type)) return column
    const wanted = types.length === 1 ? types[0] : `one of ${types.join(', ')}`
    this.fail('KS141', `The column must have the type ${wanted}.`, this.#place(name))
    return undefined
  }

  /** An argument that is the same for all rows of a run, as the type; `or` of that type as it is. */
  constant(name: string, type: ScalarType, or?: ScalarType): Expr | undefined {
    const syntax = this.syntax(name)
    if (syntax === undefined) return undefined
    const expr = this.binder.scalar(syntax, { schema: [] })
    if (this.binder.isFailed(expr)) return this.#faulty()
    if (!isRunConstant(expr)) {
      this.fail('KS120', 'The argument must be constant.', syntax.span)
      return undefined
    }
    if (expr.type === or) return expr
    const converted = this.binder.convertArgument(expr, type)
    return this.binder.isFailed(converted) ? this.#faulty() : converted
  }

  /** The value of an argument that has to be known before the run; null for the null. */
  value(name: string, type: ScalarType): ScalarValue | undefined {
    const expr = this.constant(name, type)
    if (expr === undefined) return undefined
    if (expr.kind === 'literal') return expr.value
    this.fail('KS120', 'The argument must be a literal.', this.#place(name))
    return undefined
  }

  /** The same of a string. */
  text(name: string): string | undefined {
    const value = this.value(name, 'string')
    return typeof value === 'string' ? value : undefined
  }

  /** A scalar over each row. */
  scalar(name: string, type: ScalarType): Expr | undefined {
    const syntax = this.syntax(name)
    if (syntax === undefined) return undefined
    return this.binder.scalarOf(syntax, { schema: this.input.schema }, type)
  }

  /** The table that an argument is. */
  table(name: string): Plan | undefined {
    const syntax = this.syntax(name)
    if (syntax === undefined) return undefined
    const plan = this.binder.tabular(syntax)
    return this.binder.isFailedPlan(plan) ? this.#faulty() : plan
  }

  /** Columns of a plan, each under a name that the plugin reads it by. */
  select(
    columns: readonly { readonly name: string; readonly of: Column }[],
    rows = this.input,
  ): Plan {
    const exprs = columns.map(
      ({ name, of }): NamedExpr => ({ name, expr: readColumn(this.binder, of, this.span) }),
    )
    return this.project(rows, exprs)
  }

  project(input: Plan, columns: readonly NamedExpr[]): Plan {
    const schema = columns.map(({ name, expr }) => this.binder.columnOf(name, expr))
    return { kind: 'project', input, columns, schema, span: this.span }
  }

  /** The node that runs the plugin; a failed plan where an argument was reported. */
  evaluate(
    inputs: readonly Plan[],
    schema: Schema,
    options: Readonly<Record<string, Expr | undefined>> = {},
  ): Plan {
    if (this.#failed) return this.failedPlan()
    const given = Object.entries(options).flatMap(([name, expr]): NamedExpr[] =>
      expr === undefined ? [] : [{ name, expr }],
    )
    return {
      kind: 'evaluate',
      plugin: this.plugin.name,
      inputs,
      options: given,
      schema,
      span: this.span,
    }
  }

  #place(name: string): Span {
    return this.syntax(name)?.span ?? this.span
  }

  #faulty(): undefined {
    this.#failed = true
    return undefined
  }
}

/** The arguments by parameter; undefined, and reported, where they do not fit. */
export function matchArguments(
  binder: Binder,
  node: EvaluateSyntax,
  plugin: PluginSignature,
): Arguments | undefined {
  const matched = new Map<string, ExpressionSyntax[]>()
  const { parameters } = plugin
  let position = 0
  for (const argument of node.call.arguments) {
    const named =
      argument.kind === 'named-argument'
        ? parameters.find(({ name }) => name === argument.name.name)
        : undefined
    if (argument.kind === 'named-argument' && named === undefined && !plugin.namesArguments) {
      const { name, span } = argument.name
      const message = `The plugin \`${plugin.name}\` has no parameter \`${name}\`.`
      binder.fail(
        'KS119',
        message,
        span,
        didYouMean(
          name,
          parameters.map(item => item.name),
        ),
      )
      return undefined
    }
    const parameter = named ?? parameters[position]
    if (parameter === undefined || (named !== undefined && matched.has(named.name))) {
      return reportCount(binder, node, plugin)
    }
    const value =
      named !== undefined && argument.kind === 'named-argument' ? argument.value : argument
    const values = matched.get(parameter.name)
    if (values === undefined) matched.set(parameter.name, [value])
    else values.push(value)
    if (named === undefined && parameter.repeated !== true) position++
    while (matched.has(parameters[position]?.name ?? '') && !parameters[position]?.repeated)
      position++
  }
  const missing = parameters.find(item => item.optional !== true && !matched.has(item.name))
  return missing === undefined ? matched : reportCount(binder, node, plugin)
}

function reportCount(binder: Binder, node: EvaluateSyntax, plugin: PluginSignature): undefined {
  const signature = `${plugin.name}(${plugin.parameters.map(parameterText).join(', ')})`
  const message = `The plugin \`${plugin.name}\` does not take these ${node.call.arguments.length} arguments.`
  binder.fail('KS119', message, node.call.span, `It is called as ${signature}.`)
  return undefined
}

/** A parameter as a signature has it: `[name …]` where it is optional and repeated. */
export function parameterText({ name, optional, repeated }: PluginParameter): string {
  const text = repeated === true ? `${name} …` : name
  return optional === true ? `[${text}]` : text
}
