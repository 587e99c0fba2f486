import { quoteString } from '../lexer/string-literal.ts'
import { isNonAssociative, PRECEDENCE, precedenceOf } from './binary.ts'
import { isNumberText, printCallee, printLiteral, printName } from './print-literal.ts'
import type {
  BinaryOperator,
  BinarySyntax,
  CallSyntax,
  ColumnDeclarationSyntax,
  ExpressionSyntax,
  FindColumnSyntax,
  FunctionSyntax,
  GraphEdgeSyntax,
  GraphMatchSyntax,
  GraphPatternSyntax,
  GraphShortestPathsSyntax,
  IndexSyntax,
  MakeSeriesSyntax,
  MemberSyntax,
  MvExpandColumnSyntax,
  NamedExpressionSyntax,
  NameSyntax,
  OperatorParameterSyntax,
  OperatorSyntax,
  OrderedExpressionSyntax,
  ParameterSyntax,
  ParsePatternSyntax,
  PatternSyntax,
  QuerySyntax,
  ScanStepSyntax,
  ScanSyntax,
  SearchSyntax,
  StatementSyntax,
  TopNestedClauseSyntax,
  TypeOfSyntax,
} from './syntax.ts'

/** How tightly expressions bind that are no operands: a pipe needs parentheses almost everywhere. */
const TABULAR = 0

/**
 * The text of a syntax tree. Reading it gives the same tree, spans aside.
 * Comments, spelling variants and redundant parentheses of the original are not kept.
 */
export function printSyntax(node: QuerySyntax | ExpressionSyntax): string {
  return node.kind === 'query' ? printQuery(node, '\n') : printExpression(node, TABULAR, '\n')
}

function printQuery(query: QuerySyntax, separator: string): string {
  const parts = query.statements.map(statement => printStatement(statement))
  if (query.expression) parts.push(printExpression(query.expression, TABULAR, separator))
  return parts.join(`;${separator}`)
}

// Statements

function printStatement(statement: StatementSyntax): string {
  switch (statement.kind) {
    case 'let': {
      const { name, value } = statement
      const text = value.kind === 'function' ? printFunction(value) : printTabular(value)
      return `let ${printName(name.name)} = ${text}`
    }
    case 'set': {
      const { name, value } = statement
      return value ? `set ${name.name} = ${print(value, PRECEDENCE.or)}` : `set ${name.name}`
    }
    case 'declare':
      return `declare query_parameters(${statement.parameters.map(printParameter).join(', ')})`
    case 'pattern':
      return printPattern(statement)
    case 'result':
      return printTabular(statement.expression)
    case 'unsupported':
      return statement.text
  }
}

function printPattern({ name, parameters, path, matches }: PatternSyntax): string {
  const declared = `declare pattern ${printName(name.name)}`
  if (parameters.length === 0) return declared
  const pathText = path === undefined ? '' : `[${printDeclarations([path])}]`
  const parts = matches.map(match => {
    const values = match.values.map(value => print(value, PRECEDENCE.or)).join(', ')
    const at = match.path === undefined ? '' : `.[${print(match.path, PRECEDENCE.or)}]`
    return `(${values})${at} = { ${printQuery(match.body, ' ')} };`
  })
  return `${declared} = (${printDeclarations(parameters)})${pathText} { ${parts.join(' ')} }`
}

function printFunction(node: FunctionSyntax): string {
  const parameters = node.parameters.map(printParameter).join(', ')
  return `${node.view ? 'view ' : ''}(${parameters}) { ${printQuery(node.body, ' ')} }`
}

function printParameter(parameter: ParameterSyntax): string {
  const { name, type, default: value } = parameter
  const typeText =
    typeof type === 'string'
      ? type
      : type.columns === '*'
        ? '(*)'
        : `(${printDeclarations(type.columns)})`
  const text = `${printName(name.name)}: ${typeText}`
  return value ? `${text} = ${print(value, PRECEDENCE.or)}` : text
}

function printDeclarations(columns: readonly ColumnDeclarationSyntax[]): string {
  return columns.map(({ name, type }) => `${printName(name.name)}: ${type}`).join(', ')
}

function printSchema(columns: readonly ColumnDeclarationSyntax[], star: boolean): string {
  if (!star) return printDeclarations(columns)
  return columns.length === 0 ? '*' : `*, ${printDeclarations(columns)}`
}

// Expressions

/** The text of a tabular or scalar expression where either may stand. */
function printTabular(node: ExpressionSyntax): string {
  return printExpression(node, TABULAR, ' ')
}

/** The text of an operand that has to bind at least as tightly as the level. */
function print(node: ExpressionSyntax, level: number): string {
  return printExpression(node, level, ' ')
}

function printExpression(node: ExpressionSyntax, level: number, separator: string): string {
  const text = printBare(node, separator)
  return levelOf(node) < level ? `(${text})` : text
}

function levelOf(node: ExpressionSyntax): number {
  switch (node.kind) {
    case 'binary':
      return precedenceOf(node.operator)
    case 'in':
    case 'between':
      return PRECEDENCE.equality
    case 'unary':
      return PRECEDENCE.unary
    case 'literal':
      return isNumberText(node) ? PRECEDENCE.unary : PRECEDENCE.postfix
    case 'pipe':
    case 'print':
    case 'range':
    case 'union':
    case 'search':
    case 'find':
    case 'evaluate':
    case 'unsupported':
      return TABULAR
    default:
      return PRECEDENCE.postfix
  }
}

function printBare(node: ExpressionSyntax, separator: string): string {
  switch (node.kind) {
    case 'name':
      return printName(node.name)
    case 'star':
      return '*'
    case 'wildcard':
      return node.target
        ? `${print(node.target, PRECEDENCE.postfix)}.${node.pattern}`
        : node.pattern
    case 'literal':
      return printLiteral(node)
    case 'typeof':
      return printTypeOf(node)
    case 'member':
    case 'index':
    case 'call':
      return printPostfix(node)
    case 'named-argument':
      return `${printName(node.name.name)} = ${print(node.value, PRECEDENCE.or)}`
    case 'unary':
      return `${node.operator}${print(node.operand, PRECEDENCE.postfix)}`
    case 'binary':
      return printBinary(node)
    case 'in': {
      const operand = print(node.operand, PRECEDENCE.equality + 1)
      return `${operand} ${node.operator} (${printItems(node.items)})`
    }
    case 'between': {
      const operand = print(node.operand, PRECEDENCE.equality + 1)
      const low = print(node.low, PRECEDENCE.or)
      const high = print(node.high, PRECEDENCE.or)
      return `${operand} ${node.negated ? '!' : ''}between (${low} .. ${high})`
    }
    case 'pipe': {
      const source = node.source.kind === 'pipe' ? PRECEDENCE.or : TABULAR
      const operators = node.operators.map(operator => `${separator}| ${printOperator(operator)}`)
      return print(node.source, source) + operators.join('')
    }
    case 'datatable': {
      const values = node.values.map(value => print(value, PRECEDENCE.or)).join(', ')
      return `datatable(${printDeclarations(node.columns)})[${values}]`
    }
    case 'print':
      return `print ${printColumns(node.columns)}`
    case 'range': {
      const bounds = [node.from, node.to, node.step].map(bound => print(bound, PRECEDENCE.or))
      return `range ${printName(node.column.name)} from ${bounds[0]} to ${bounds[1]} step ${bounds[2]}`
    }
    case 'externaldata': {
      const sources = list(node.sources, source => print(source, PRECEDENCE.or))
      const properties = list(node.properties, property => printParameters([property]))
      return words(
        `externaldata(${printDeclarations(node.columns)})[${sources}]`,
        properties && `with (${properties})`,
      )
    }
    case 'union':
    case 'search':
    case 'find':
    case 'evaluate':
      return printOperator(node)
    case 'unsupported':
      return node.text
  }
}

function printItems(items: readonly ExpressionSyntax[]): string {
  const [first, ...rest] = items
  if (first && rest.length === 0) return printTabular(first)
  return items.map(item => print(item, PRECEDENCE.or)).join(', ')
}

function printTypeOf({ type, star }: TypeOfSyntax): string {
  return `typeof(${typeof type === 'string' ? type : printSchema(type, star === true)})`
}

/** Left operands are walked by a loop: chains of thousands of operators are as long as they are deep. */
function printBinary(node: BinarySyntax): string {
  const parts: string[] = []
  let current = node
  for (;;) {
    const level = precedenceOf(current.operator)
    const leftLevel = isNonAssociative(level) ? level + 1 : level
    parts.push(` ${spell(current.operator)} ${print(current.right, level + 1)}`)
    const { left } = current
    if (left.kind !== 'binary' || levelOf(left) < leftLevel) {
      parts.push(print(left, leftLevel))
      return parts.reverse().join('')
    }
    current = left
  }
}

function spell(operator: BinaryOperator): string {
  switch (operator) {
    case 'like_cs':
      return 'likecs'
    case '!like':
      return 'notlike'
    case '!like_cs':
      return 'notlikecs'
    default:
      return operator
  }
}

function printPostfix(node: MemberSyntax | IndexSyntax | CallSyntax): string {
  const parts: string[] = []
  let current: ExpressionSyntax | undefined = node
  while (current) {
    if (current.kind === 'member') {
      parts.push(`.${printName(current.member.name)}`)
      current = current.target
    } else if (current.kind === 'index') {
      parts.push(`[${print(current.index, PRECEDENCE.or)}]`)
      current = current.target
    } else if (current.kind === 'call') {
      parts.push(`${current.target ? '.' : ''}${printCall(current)}`)
      current = current.target
    } else {
      parts.push(print(current, PRECEDENCE.postfix))
      current = undefined
    }
  }
  return parts.reverse().join('')
}

const TABULAR_CALLS: ReadonlySet<string> = new Set(['toscalar', 'totable', 'materialize'])

function printCall({ target, callee, arguments: items }: CallSyntax): string {
  const [first] = items
  if (!target && first && TABULAR_CALLS.has(callee.name)) {
    return `${callee.name}(${printTabular(first)})`
  }
  return `${printCallee(callee.name)}(${items.map(item => print(item, PRECEDENCE.or)).join(', ')})`
}

// Operators

function printOperator(operator: OperatorSyntax): string {
  switch (operator.kind) {
    case 'where':
      return `where ${printColumn(operator, print(operator.predicate, PRECEDENCE.or))}`
    case 'extend':
    case 'project':
    case 'serialize':
      return words(operator.kind, printColumns(operator.columns))
    case 'project-away':
    case 'project-keep':
    case 'distinct':
      return words(
        operator.kind,
        list(operator.columns, column => print(column, PRECEDENCE.or)),
      )
    case 'project-rename':
      return words(
        operator.kind,
        list(
          operator.columns,
          ({ name, from }) => `${printName(name.name)} = ${printName(from.name)}`,
        ),
      )
    case 'project-reorder':
      return words(
        operator.kind,
        list(operator.columns, ({ column, order }) => words(print(column, PRECEDENCE.or), order)),
      )
    case 'summarize': {
      const by = operator.by.length > 0 ? `by ${printColumns(operator.by)}` : undefined
      return words(
        'summarize',
        printParameters(operator.parameters),
        printAfter(operator.parameters, operator.aggregates, printColumn),
        by,
      )
    }
    case 'join':
    case 'lookup': {
      const on = list(operator.on, condition => print(condition, PRECEDENCE.or))
      return words(
        operator.kind,
        printParameters(operator.parameters),
        printOperand(operator.right),
        on && `on ${on}`,
      )
    }
    case 'mv-expand':
      return words(
        operator.legacy ? 'mvexpand' : 'mv-expand',
        printParameters(operator.parameters),
        printAfter(operator.parameters, operator.columns, printExpandedColumn),
        operator.limit && `limit ${print(operator.limit, PRECEDENCE.or)}`,
      )
    case 'mv-apply':
      return words(
        'mv-apply',
        printParameters(operator.parameters),
        printAfter(operator.parameters, operator.columns, printExpandedColumn),
        operator.limit && `limit ${print(operator.limit, PRECEDENCE.or)}`,
        `on ${printBranch(operator.operators)}`,
      )
    case 'parse':
    case 'parse-where':
      return words(
        operator.kind,
        operator.parseKind && `kind=${operator.parseKind}`,
        operator.flags && `flags=${operator.flags}`,
        print(operator.expression, PRECEDENCE.or),
        'with',
        operator.pattern.map(printPatternPart).join(' '),
      )
    case 'parse-kv': {
      const properties = list(
        operator.properties,
        ({ name, value }) => `${name}=${printLiteral(value)}`,
      )
      return words(
        'parse-kv',
        print(operator.expression, PRECEDENCE.or),
        `as (${printDeclarations(operator.columns)})`,
        properties && `with (${properties})`,
      )
    }
    case 'scan':
      return printScan(operator)
    case 'partition':
      return words(
        'partition',
        printParameters(operator.parameters),
        `by ${printName(operator.column.name)}`,
        operator.operators && printBranch(operator.operators),
        operator.query && `{ ${printTabular(operator.query)} }`,
      )
    case 'fork':
      return words(
        'fork',
        ...operator.branches.map(({ name, operators }) =>
          words(name && `${printName(name.name)} =`, printBranch(operators)),
        ),
      )
    case 'facet':
      return words(
        `facet by ${list(operator.columns, ({ name }) => printName(name))}`,
        operator.operators && `with ${printBranch(operator.operators)}`,
      )
    case 'make-graph': {
      const { source, target, nodes, nodeId, partition } = operator
      const tables = list(
        nodes,
        ({ table, id }) => `${printOperand(table)} on ${printName(id.name)}`,
      )
      return words(
        `make-graph ${printName(source.name)} --> ${printName(target.name)}`,
        printOption('with_node_id', nodeId),
        tables && `with ${tables}`,
        partition &&
          `partitioned-by ${printName(partition.column.name)} ${printBranch(partition.operators)}`,
      )
    }
    case 'graph-match':
      return words(
        'graph-match',
        operator.cycles && `cycles=${operator.cycles}`,
        printSearch(operator),
      )
    case 'graph-shortest-paths':
      return words(
        'graph-shortest-paths',
        operator.output && `output=${operator.output}`,
        operator.cycles && `cycles=${operator.cycles}`,
        printSearch(operator),
      )
    case 'graph-mark-components':
      return words(
        'graph-mark-components',
        operator.components && `kind=${operator.components}`,
        printOption('with_component_id', operator.componentId),
      )
    case 'graph-to-table': {
      const tables = list(operator.tables, ({ what, name, nodeId, sourceId, targetId }) =>
        words(
          what,
          name && `as ${printName(name.name)}`,
          printOption('with_node_id', nodeId),
          printOption('with_source_id', sourceId),
          printOption('with_target_id', targetId),
        ),
      )
      return `graph-to-table ${tables}`
    }
    case 'make-series':
      return printMakeSeries(operator)
    case 'sort':
      return `sort by ${list(operator.by, printOrdered)}`
    case 'top':
      return `top ${print(operator.count, PRECEDENCE.or)} by ${printOrdered(operator.by)}`
    case 'take':
      return `take ${print(operator.count, PRECEDENCE.or)}`
    case 'count':
      return words('count', operator.name && `as ${printName(operator.name.name)}`)
    case 'as':
      return `as ${printName(operator.name.name)}`
    case 'render': {
      const properties = list(
        operator.properties,
        ({ name, value }) => `${name}=${quoteString(value)}`,
      )
      return words('render', operator.chart, properties && `with (${properties})`)
    }
    case 'getschema':
      return 'getschema'
    case 'union':
      return words(
        'union',
        printParameters(operator.parameters),
        list(operator.sources, printOperand),
      )
    case 'search':
      return words(
        'search',
        printParameters(operator.parameters),
        printSearched(operator.tables),
        printPredicate(operator.parameters, operator),
      )
    case 'find': {
      const columns = operator.project && list(operator.project, printFindColumn)
      return words(
        'find',
        printParameters(operator.parameters),
        printSearched(operator.tables),
        'where',
        print(operator.predicate, PRECEDENCE.or),
        columns && `project ${columns}`,
      )
    }
    case 'sample':
      return `sample ${print(operator.count, PRECEDENCE.or)}`
    case 'sample-distinct':
      return `sample-distinct ${print(operator.count, PRECEDENCE.or)} of ${printColumns([operator.of])}`
    case 'top-nested':
      return list(operator.clauses, printTopNested)
    case 'reduce': {
      const options = operator.options.map(option => printParameters([option])).join(', ')
      return words(
        'reduce',
        printParameters(operator.parameters),
        `by ${printColumns([operator.by])}`,
        options && `with ${options}`,
      )
    }
    case 'top-hitters':
      return words(
        `top-hitters ${print(operator.count, PRECEDENCE.or)} of ${printColumns([operator.of])}`,
        operator.by && `by ${printColumns([operator.by])}`,
      )
    case 'project-by-names':
      return `project-by-names ${list(operator.names, name => print(name, PRECEDENCE.or))}`
    case 'assert-schema':
      return `assert-schema (${printDeclarations(operator.columns)})`
    case 'consume':
      return words('consume', printParameters(operator.parameters))
    case 'invoke':
      return `invoke ${printPostfix(operator.call)}`
    case 'evaluate': {
      const { schema } = operator
      return words(
        'evaluate',
        printParameters(operator.parameters),
        printPostfix(operator.call),
        schema && `: (${printSchema(schema.columns, schema.star)})`,
      )
    }
    case 'unsupported':
      return operator.text
  }
}

function printBranch(operators: readonly OperatorSyntax[]): string {
  return `(${operators.map(printOperator).join(' | ')})`
}

function printOption(word: string, name: NameSyntax | undefined): string | undefined {
  return name && `${word}=${printName(name.name)}`
}

function printSearch({
  patterns,
  where,
  columns,
}: GraphMatchSyntax | GraphShortestPathsSyntax): string {
  return words(
    list(patterns, printGraphPattern),
    where && `where ${print(where, PRECEDENCE.or)}`,
    `project ${printColumns(columns)}`,
  )
}

function printGraphPattern({ nodes, edges }: GraphPatternSyntax): string {
  return nodes
    .map(({ name }, index) => {
      const edge = edges[index]
      return `(${name ? printName(name.name) : ''})${edge ? printGraphEdge(edge) : ''}`
    })
    .join('')
}

function printGraphEdge({ name, direction, range }: GraphEdgeSyntax): string {
  const length = range && `*${print(range.min, PRECEDENCE.or)}..${print(range.max, PRECEDENCE.or)}`
  const inner = name || length ? `[${name ? printName(name.name) : ''}${length ?? ''}]` : ''
  return `${direction === 'left' ? '<' : ''}-${inner}-${direction === 'right' ? '>' : ''}`
}

function printScan({ matchId, columns, steps }: ScanSyntax): string {
  const declared = list(columns, ({ name, type, default: value }) =>
    words(`${printName(name.name)}: ${type}`, value && `= ${print(value, PRECEDENCE.or)}`),
  )
  return words(
    'scan',
    matchId && `with_match_id=${printName(matchId.name)}`,
    declared && `declare (${declared})`,
    `with (${steps.map(printScanStep).join(' ')})`,
  )
}

function printScanStep({ name, output, condition, assignments }: ScanStepSyntax): string {
  const assigned = list(
    assignments,
    ({ column, value }) => `${printName(column.name)} = ${print(value, PRECEDENCE.or)}`,
  )
  const head = words(`step ${printName(name.name)}`, output && `output=${output}`)
  return `${words(`${head}: ${print(condition, PRECEDENCE.or)}`, assigned && `=> ${assigned}`)};`
}

function printSearched(tables: SearchSyntax['tables']): string | undefined {
  return tables && `in (${list(tables, printOperand)})`
}

/** A text after a parameter that is a text would be read as one with it. */
function printPredicate(
  parameters: readonly OperatorParameterSyntax[],
  { tables, predicate }: SearchSyntax,
): string {
  const column = { names: [], expression: predicate, span: predicate.span }
  return printAfter(tables ? [] : parameters, [column], (_, text) => text)
}

function printFindColumn(column: FindColumnSyntax): string {
  if (column.kind === 'pack') return 'pack(*)'
  const name = printName(column.name.name)
  return column.type === undefined ? name : `${name}: ${column.type}`
}

function printTopNested(clause: TopNestedClauseSyntax): string {
  const { count, of, others, by, direction, nulls } = clause
  return words(
    'top-nested',
    count && print(count, PRECEDENCE.or),
    `of ${printColumns([of])}`,
    others && `with others = ${print(others, PRECEDENCE.or)}`,
    `by ${printColumns([by])}`,
    direction,
    nulls && `nulls ${nulls}`,
  )
}

function printMakeSeries(operator: MakeSeriesSyntax): string {
  const { parameters, aggregates, axis, form, from, to, step } = operator
  const bound = (word: string, value: ExpressionSyntax | undefined) =>
    value && `${word} ${print(value, PRECEDENCE.or)}`
  const grid =
    form === 'in-range'
      ? `in range(${list([from, to, step], part => (part ? print(part, PRECEDENCE.or) : ''))})`
      : words(bound('from', from), bound('to', to), bound('step', step))
  const columns = aggregates.map(({ column, default: value }) => ({
    expression: column.expression,
    print: (text: string) =>
      words(printColumn(column, text), value && `default = ${print(value, PRECEDENCE.or)}`),
  }))
  return words(
    'make-series',
    printParameters(parameters),
    printAfter(parameters, columns, (column, text) => column.print(text)),
    `on ${printColumns([axis])}`,
    grid,
    operator.by.length > 0 ? `by ${printColumns(operator.by)}` : undefined,
  )
}

function printPatternPart(part: ParsePatternSyntax): string {
  switch (part.kind) {
    case 'star':
      return '*'
    case 'literal':
      return printLiteral(part)
    case 'parse-column': {
      const name = printName(part.name.name)
      return part.type === undefined ? name : `${name}: ${part.type}`
    }
  }
}

function words(...parts: (string | undefined)[]): string {
  return parts.filter(part => part !== undefined && part !== '').join(' ')
}

function list<T>(items: readonly T[], printItem: (item: T) => string): string {
  return items.map(printItem).join(', ')
}

/** A table, a call or a path stands as it is, everything else in parentheses. */
function printOperand(node: ExpressionSyntax): string {
  const text = printTabular(node)
  return isPath(node) ? text : `(${text})`
}

function isPath(node: ExpressionSyntax): boolean {
  switch (node.kind) {
    case 'name':
    case 'star':
      return true
    case 'wildcard':
      return node.target === undefined || isPath(node.target)
    case 'call':
      return node.target ? isPath(node.target) : !TABULAR_CALLS.has(node.callee.name)
    case 'member':
      return isPath(node.target)
    default:
      return false
  }
}

function printParameters(parameters: readonly OperatorParameterSyntax[]): string {
  return parameters
    .map(
      ({ name, value }) =>
        `${name}=${value.kind === 'name' ? printName(value.name) : printLiteral(value)}`,
    )
    .join(' ')
}

/**
 * Columns after parameters. A string after a parameter that is a string would be read as one with it:
 * parentheses keep them apart.
 */
function printAfter<T extends { readonly expression: ExpressionSyntax }>(
  parameters: readonly OperatorParameterSyntax[],
  columns: readonly T[],
  printItem: (column: T, expression: string) => string,
): string {
  const last = parameters.at(-1)?.value
  const isAfterString = last?.kind === 'literal' && last.type === 'string'
  return columns
    .map((column, index) => {
      const text = print(column.expression, PRECEDENCE.or)
      const isJoined = index === 0 && isAfterString && /^h?"/.test(text)
      return printItem(column, isJoined ? `(${text})` : text)
    })
    .join(', ')
}

function printColumns(columns: readonly NamedExpressionSyntax[]): string {
  return list(columns, column => printColumn(column, print(column.expression, PRECEDENCE.or)))
}

function printColumn({ names }: Pick<NamedExpressionSyntax, 'names'>, text: string): string {
  const [first] = names
  if (!first) return text
  const declared = list(names, ({ name }) => printName(name))
  return names.length === 1 ? `${declared} = ${text}` : `(${declared}) = ${text}`
}

function printExpandedColumn({ name, type }: MvExpandColumnSyntax, text: string): string {
  return words(name && `${printName(name.name)} =`, text, type && `to typeof(${type})`)
}

function printOrdered({ expression, direction, nulls }: OrderedExpressionSyntax): string {
  return words(print(expression, PRECEDENCE.or), direction, nulls && `nulls ${nulls}`)
}
