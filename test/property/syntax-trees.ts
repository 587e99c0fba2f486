import fc from 'fast-check'
import type {
  ColumnDeclarationSyntax,
  ExpressionSyntax,
  FindColumnSyntax,
  FindSyntax,
  GraphEdgeSyntax,
  GraphPatternSyntax,
  LiteralSyntax,
  NamedExpressionSyntax,
  NameSyntax,
  OperatorParameterSyntax,
  OperatorSyntax,
  OrderedExpressionSyntax,
  ParameterSyntax,
  ParsePatternSyntax,
  PatternMatchSyntax,
  QuerySyntax,
  SearchSyntax,
  StarSyntax,
  StatementSyntax,
  TopNestedClauseSyntax,
  WildcardSyntax,
} from '../../src/parser/syntax.ts'
import { MAX_DATETIME } from '../../src/types/datetime.ts'
import { type Dynamic, DynamicScalar, WholeReal } from '../../src/types/dynamic.ts'
import { SCALAR_TYPES, type ScalarType } from '../../src/types/scalar-type.ts'

// Random syntax trees, such as the parser can make. Spans do not matter and are all the same.

const span = { start: 0, end: 0 }

const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const ticks = fc.bigInt({ min: 0n, max: MAX_DATETIME })
const text = fc.string({
  unit: fc.constantFrom(...'abc_ 1"\'\\\n\t`~|;()[]{}*é日', '😀', '\ud800'),
})
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 9 }))
  .map(([whole, digit]) => (digit === 0 ? String(whole) : `${whole}.${digit}`))
const guid = fc.uuid().map(value => value.toLowerCase())
const type: fc.Arbitrary<ScalarType> = fc.constantFrom(...SCALAR_TYPES)

const name: fc.Arbitrary<NameSyntax> = fc
  .oneof(
    { weight: 6, arbitrary: fc.constantFrom('a', 'B', 'x_1', '$left', 'TimeGenerated', '_id') },
    {
      weight: 2,
      arbitrary: fc.constantFrom('count', 'kind', 'title', 'last', 'let', 'true', '1d'),
    },
    { weight: 1, arbitrary: text },
  )
  .map(value => ({ kind: 'name', name: value, span }))

const dynamic = fc.letrec<{ value: Dynamic }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Dynamic>(null, true, false, 1, -2, 9007199254740993n),
    text,
    fc
      .double({ noNaN: true })
      .map<Dynamic>(value =>
        Number.isInteger(value) || !Number.isFinite(value) ? new WholeReal(value) : value,
      ),
    fc.oneof(
      ticks.map(value => new DynamicScalar('datetime', value)),
      long.map(value => new DynamicScalar('timespan', value)),
      guid.map(value => new DynamicScalar('guid', value)),
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(text, tie('value')), { maxLength: 3 }).map(slots => new Map(slots)),
  ),
})).value

const literal: fc.Arbitrary<LiteralSyntax> = fc
  .oneof(
    long.map(value => ({ type: 'long', value }) as const),
    fc.double().map(value => ({ type: 'real', value }) as const),
    fc.integer().map(value => ({ type: 'int', value }) as const),
    fc.boolean().map(value => ({ type: 'bool', value }) as const),
    text.map(value => ({ type: 'string', value }) as const),
    text.map(value => ({ type: 'string', value, obfuscated: true }) as const),
    decimal.map(value => ({ type: 'decimal', value }) as const),
    ticks.map(value => ({ type: 'datetime', value }) as const),
    long.map(value => ({ type: 'timespan', value }) as const),
    guid.map(value => ({ type: 'guid', value }) as const),
    dynamic.map(value => ({ type: 'dynamic', value }) as const),
    type.filter(value => value !== 'string').map(value => ({ type: value, value: null }) as const),
  )
  .map(value => ({ kind: 'literal', ...value, span }))

const column: fc.Arbitrary<ColumnDeclarationSyntax> = fc
  .tuple(name, type)
  .map(([columnName, columnType]) => ({ name: columnName, type: columnType, span }))

const star: StarSyntax = { kind: 'star', span }
const wildcard: fc.Arbitrary<WildcardSyntax> = fc
  .constantFrom('a*', '*b', 'Device*', '*1', '**', 'a*b*c')
  .map(pattern => ({ kind: 'wildcard', pattern, span }))
const columnPattern = fc.oneof(name, wildcard, fc.constant(star))

const binaryOperator = fc.constantFrom(
  ...(['or', 'and', '==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%'] as const),
  ...(['=~', '!~', 'has', '!has', 'has_cs', '!has_cs', 'contains', '!contains_cs'] as const),
  ...(['startswith', '!endswith_cs', 'matches regex', 'hasprefix', '!hassuffix'] as const),
  ...(['like', '!like', 'like_cs', '!like_cs', ':'] as const),
)

const parameter: fc.Arbitrary<OperatorParameterSyntax> = fc
  .tuple(
    fc.constantFrom('kind', 'hint.strategy', 'withsource', 'isfuzzy', 'bagexpansion'),
    fc.oneof(
      fc.constantFrom('inner', 'a').map(value => ({ kind: 'name', name: value, span }) as const),
      literal,
    ),
  )
  .map(([parameterName, value]) => ({ name: parameterName, value, span }))
const parameters = fc.array(parameter, { maxLength: 2 })

const patternText: fc.Arbitrary<ParsePatternSyntax> = fc
  .record({ value: text, obfuscated: fc.boolean() })
  .map(({ value, obfuscated }) => ({
    kind: 'literal',
    type: 'string',
    value,
    ...(obfuscated && { obfuscated }),
    span,
  }))
const patternColumn: fc.Arbitrary<ParsePatternSyntax> = fc
  .tuple(name, maybe({ type }))
  .map(([columnName, rest]) => ({ kind: 'parse-column', name: columnName, ...rest, span }))
/** Texts next to each other are one. */
const pattern: fc.Arbitrary<ParsePatternSyntax[]> = fc
  .array(fc.oneof(patternText, patternColumn, fc.constant(star)), { minLength: 1, maxLength: 4 })
  .map(parts =>
    parts.filter(
      (part, index) =>
        index === 0 || part.kind !== 'literal' || parts[index - 1]?.kind !== 'literal',
    ),
  )

const kvProperty = fc
  .oneof(
    fc
      .tuple(fc.constantFrom('pair_delimiter', 'kv_delimiter', 'quote', 'escape', 'regex'), text)
      .map(([property, value]) => ({ name: property, value: { type: 'string' as const, value } })),
    fc.boolean().map(value => ({ name: 'greedy', value: { type: 'bool' as const, value } })),
  )
  .map(property => ({
    name: property.name,
    value: { kind: 'literal' as const, ...property.value, span },
    span,
  }))

const pathLength = fc.oneof(
  fc
    .bigInt(0n, 9n)
    .map(value => ({ kind: 'literal' as const, type: 'long' as const, value, span })),
  name,
)
const graphEdge: fc.Arbitrary<GraphEdgeSyntax> = fc
  .tuple(
    fc.constantFrom('left' as const, 'right' as const, 'any' as const),
    maybe({
      name,
      range: fc.record({ min: pathLength, max: pathLength, span: fc.constant(span) }),
    }),
  )
  .map(([direction, rest]) => ({ direction, ...rest, span }))
const graphPattern: fc.Arbitrary<GraphPatternSyntax> = fc
  .array(graphEdge, { maxLength: 2 })
  .chain(edges =>
    fc
      .array(
        maybe({ name }).map(rest => ({ ...rest, span })),
        { minLength: edges.length + 1, maxLength: edges.length + 1 },
      )
      .map(nodes => ({ nodes, edges, span })),
  )

interface Trees {
  expression: ExpressionSyntax
  argument: ExpressionSyntax
  item: ExpressionSyntax
  tabular: ExpressionSyntax
  operand: ExpressionSyntax
  named: NamedExpressionSyntax
  ordered: OrderedExpressionSyntax
  operator: OperatorSyntax
  query: QuerySyntax
  statement: StatementSyntax
  functionParameter: ParameterSyntax
  patternMatch: PatternMatchSyntax
}

function some<T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(item, { minLength: 1, maxLength: 3 })
}

/** A node of the kind with those members. */
function node<K extends string, T extends object>(
  kind: K,
  members: { [N in keyof T]: fc.Arbitrary<T[N]> },
) {
  return fc
    .record(members)
    .map(value => ({ kind, ...value, span }) as { kind: K; span: typeof span } & T)
}

/** Members that are left out half of the time. */
function maybe<T extends object>(members: { [N in keyof T]: fc.Arbitrary<T[N]> }) {
  return fc.record(members, { requiredKeys: [] })
}

function searchNode(tie: fc.LetrecTypedTie<Trees>): fc.Arbitrary<SearchSyntax> {
  const predicate = fc.oneof(tie('expression'), fc.constant(star))
  return fc
    .tuple(parameters, maybe({ tables: some(tie('operand')) }), predicate)
    .map(([own, rest, value]) => ({
      kind: 'search',
      parameters: own,
      ...rest,
      predicate: value,
      span,
    }))
}

function findNode(tie: fc.LetrecTypedTie<Trees>): fc.Arbitrary<FindSyntax> {
  const projected = fc.oneof<fc.Arbitrary<FindColumnSyntax>[]>(
    fc
      .tuple(name, maybe({ type }))
      .map(([columnName, rest]) => ({ kind: 'column', name: columnName, ...rest, span })),
    fc.constant({ kind: 'pack', span }),
  )
  return fc
    .tuple(
      parameters,
      maybe({ tables: some(tie('operand')) }),
      tie('expression'),
      maybe({ project: some(projected) }),
    )
    .map(([own, rest, predicate, columns]) => ({
      kind: 'find',
      parameters: own,
      ...rest,
      predicate,
      ...columns,
      span,
    }))
}

function topNestedClause(tie: fc.LetrecTypedTie<Trees>): fc.Arbitrary<TopNestedClauseSyntax> {
  return fc
    .tuple(
      maybe({ count: tie('expression'), others: tie('expression') }),
      tie('named'),
      tie('named'),
      maybe({
        direction: fc.constantFrom('asc' as const, 'desc' as const),
        nulls: fc.constantFrom('first' as const, 'last' as const),
      }),
    )
    .map(([rest, of, by, order]) => ({ ...rest, of, by, ...order, span }))
}

const trees = fc.letrec<Trees>((tie: fc.LetrecTypedTie<Trees>): fc.LetrecValue<Trees> => {
  const expression = tie('expression')
  const leaf = fc.oneof(name, literal)
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      node('binary', {
        operator: binaryOperator,
        operatorSpan: fc.constant(span),
        left: expression,
        right: expression,
      }),
      node('unary', { operator: fc.constantFrom('-' as const, '+' as const), operand: expression }),
      node('member', { target: expression, member: name }),
      node('index', { target: expression, index: expression }),
      fc
        .tuple(maybe({ target: expression }), name, fc.array(tie('argument'), { maxLength: 3 }))
        .filter(([, callee]) => callee.name !== 'typeof')
        .map(([rest, callee, items]) => ({
          kind: 'call' as const,
          ...rest,
          callee,
          arguments: items,
          span,
        })),
      node('call', {
        callee: fc.constant<NameSyntax>({ kind: 'name', name: 'toscalar', span }),
        arguments: fc.tuple(tie('tabular')),
      }),
      node('in', {
        operator: fc.constantFrom(...(['in', '!in', 'in~', '!in~', 'has_any', 'has_all'] as const)),
        operatorSpan: fc.constant(span),
        operand: expression,
        items: fc.oneof(fc.tuple(tie('tabular')), some(expression)),
      }),
      node('between', {
        negated: fc.boolean(),
        operand: expression,
        low: expression,
        high: expression,
      }),
      node('typeof', { type: fc.oneof(type, some(column)) }),
      tie('tabular'),
    ),
    argument: fc.oneof(
      { weight: 8, arbitrary: expression },
      { weight: 1, arbitrary: fc.constant(star) },
      { weight: 1, arbitrary: node('named-argument', { name, value: expression }) },
    ),
    item: expression,
    tabular: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      node('print', { columns: some(tie('named')) }),
      node('range', { column: name, from: expression, to: expression, step: expression }),
      node('datatable', { columns: fc.array(column, { maxLength: 3 }), values: fc.array(literal) }),
      node('externaldata', {
        columns: fc.array(column, { maxLength: 3 }),
        sources: fc.array(expression, { maxLength: 2 }),
        properties: parameters,
      }),
      node('union', { parameters, sources: some(tie('operand')) }),
      searchNode(tie),
      findNode(tie),
      node('pipe', { source: expression, operators: some(tie('operator')) }),
    ),
    operand: fc.oneof(name, wildcard, tie('tabular'), tie('expression')),
    named: fc
      .tuple(fc.array(name, { maxLength: 2 }), expression)
      .map(([names, value]) => ({ names, expression: value, span })),
    ordered: fc
      .tuple(
        expression,
        maybe({
          direction: fc.constantFrom('asc' as const, 'desc' as const),
          nulls: fc.constantFrom('first' as const, 'last' as const),
        }),
      )
      .map(([value, rest]) => ({ expression: value, ...rest, span })),
    operator: fc.oneof(
      { depthSize: 'small' },
      node('count', {}),
      node('where', { names: fc.array(name, { maxLength: 2 }), predicate: expression }),
      node('extend', { columns: some(tie('named')) }),
      node('project', { columns: fc.array(tie('named'), { maxLength: 3 }) }),
      node('project-away', { columns: some(columnPattern) }),
      node('project-keep', { columns: some(columnPattern) }),
      node('project-rename', { columns: some(fc.record({ name, from: name })) }),
      node('project-reorder', {
        columns: some(
          fc
            .tuple(
              columnPattern,
              maybe({
                order: fc.constantFrom('asc' as const, 'desc' as const, 'granny-asc' as const),
              }),
            )
            .map(([pattern, rest]) => ({ column: pattern, ...rest })),
        ),
      }),
      node('summarize', {
        parameters,
        aggregates: fc.array(tie('named'), { maxLength: 3 }),
        by: fc.array(tie('named'), { maxLength: 2 }),
      }),
      node('join', {
        parameters,
        right: tie('operand'),
        on: fc.array(expression, { maxLength: 2 }),
      }),
      node('lookup', { parameters, right: tie('operand'), on: some(expression) }),
      fc
        .tuple(
          parameters,
          some(
            fc
              .tuple(expression, maybe({ name, type }))
              .map(([value, rest]) => ({ expression: value, ...rest, span })),
          ),
          maybe({ limit: expression }),
          maybe({ legacy: fc.constant(true as const) }),
        )
        .map(([own, columns, rest, legacy]) => ({
          kind: 'mv-expand' as const,
          parameters: own,
          columns,
          ...rest,
          ...legacy,
          span,
        })),
      fc
        .tuple(
          parameters,
          some(
            fc
              .tuple(expression, maybe({ name, type }))
              .map(([value, rest]) => ({ expression: value, ...rest, span })),
          ),
          maybe({ limit: expression }),
          some(tie('operator')),
        )
        .map(([own, columns, rest, operators]) => ({
          kind: 'mv-apply' as const,
          parameters: own,
          columns,
          ...rest,
          operators,
          span,
        })),
      fc
        .tuple(
          fc.constantFrom('parse' as const, 'parse-where' as const),
          maybe({
            parseKind: fc.constantFrom('simple' as const, 'regex' as const, 'relaxed' as const),
            flags: fc.constantFrom('i', 's', 'Ui', 'flags'),
          }),
          expression,
          pattern,
        )
        .map(([kind, rest, value, parts]) => ({
          kind,
          ...rest,
          expression: value,
          pattern: parts,
          span,
        })),
      node('parse-kv', {
        expression,
        columns: fc.array(column, { maxLength: 2 }),
        properties: fc.array(kvProperty, { maxLength: 2 }),
      }),
      fc
        .tuple(
          maybe({ matchId: name }),
          fc.array(
            fc
              .tuple(column, maybe({ default: literal }))
              .map(([own, rest]) => ({ ...own, ...rest })),
            { maxLength: 2 },
          ),
          some(
            fc
              .tuple(
                name,
                maybe({
                  output: fc.constantFrom('all' as const, 'last' as const, 'none' as const),
                }),
                expression,
                fc.array(fc.record({ column: name, value: expression }), { maxLength: 2 }),
              )
              .map(([step, rest, condition, assignments]) => ({
                name: step,
                ...rest,
                condition,
                assignments,
                span,
              })),
          ),
        )
        .map(([rest, columns, steps]) => ({
          kind: 'scan' as const,
          ...rest,
          columns,
          steps,
          span,
        })),
      fc
        .tuple(
          parameters,
          name,
          fc.oneof(
            fc.record({ operators: some(tie('operator')) }),
            fc.record({ query: tie('tabular') }),
          ),
        )
        .map(([own, key, body]) => ({
          kind: 'partition' as const,
          parameters: own,
          column: key,
          ...body,
          span,
        })),
      node('fork', {
        branches: some(
          fc
            .tuple(maybe({ name }), some(tie('operator')))
            .map(([rest, operators]) => ({ ...rest, operators, span })),
        ),
      }),
      fc
        .tuple(some(name), maybe({ operators: some(tie('operator')) }))
        .map(([columns, rest]) => ({ kind: 'facet' as const, columns, ...rest, span })),
      fc
        .tuple(
          name,
          name,
          fc.oneof(
            fc.record({
              nodes: fc.array(fc.record({ table: tie('operand'), id: name }), { maxLength: 2 }),
            }),
            fc.record({ nodes: fc.constant([]), nodeId: name }),
          ),
          maybe({ partition: fc.record({ column: name, operators: some(tie('operator')) }) }),
        )
        .map(([source, target, nodes, rest]) => ({
          kind: 'make-graph' as const,
          source,
          target,
          ...nodes,
          ...rest,
          span,
        })),
      fc
        .tuple(
          maybe({
            cycles: fc.constantFrom('all' as const, 'none' as const, 'unique_edges' as const),
          }),
          some(graphPattern),
          maybe({ where: expression }),
          some(tie('named')),
        )
        .map(([cycles, patterns, rest, columns]) => ({
          kind: 'graph-match' as const,
          ...cycles,
          patterns,
          ...rest,
          columns,
          span,
        })),
      fc
        .tuple(
          maybe({
            output: fc.constantFrom('any' as const, 'all' as const),
            cycles: fc.constantFrom('all' as const, 'none' as const, 'unique_edges' as const),
          }),
          some(graphPattern),
          maybe({ where: expression }),
          some(tie('named')),
        )
        .map(([output, patterns, rest, columns]) => ({
          kind: 'graph-shortest-paths' as const,
          ...output,
          patterns,
          ...rest,
          columns,
          span,
        })),
      maybe({
        components: fc.constantFrom('weak' as const, 'strong' as const),
        componentId: name,
      }).map(rest => ({ kind: 'graph-mark-components' as const, ...rest, span })),
      node('graph-to-table', {
        tables: some(
          fc
            .tuple(
              fc.constantFrom('nodes' as const, 'edges' as const),
              maybe({ name, nodeId: name, sourceId: name, targetId: name }),
            )
            .map(([what, rest]) => ({ what, ...rest, span })),
        ),
      }),
      fc
        .tuple(
          fc.record({
            parameters,
            aggregates: some(
              fc
                .tuple(tie('named'), maybe({ default: expression }))
                .map(([own, rest]) => ({ column: own, ...rest, span })),
            ),
            axis: tie('named'),
            step: expression,
            by: fc.array(tie('named'), { maxLength: 2 }),
          }),
          fc.oneof(
            fc.record({ form: fc.constant('in-range' as const), from: expression, to: expression }),
            fc
              .tuple(fc.constant('from-to' as const), maybe({ from: expression, to: expression }))
              .map(([form, rest]) => ({ form, ...rest })),
          ),
        )
        .map(([own, grid]) => ({ kind: 'make-series' as const, ...own, ...grid, span })),
      node('sort', { by: some(tie('ordered')) }),
      node('top', { count: expression, by: tie('ordered') }),
      node('take', { count: expression }),
      node('count', { name }),
      node('distinct', { columns: some(tie('argument')) }),
      node('as', { name }),
      node('serialize', { columns: fc.array(tie('named'), { maxLength: 2 }) }),
      node('render', {
        chart: fc.constantFrom('timechart', 'table', 'piechart'),
        properties: fc.array(
          fc.record({ name: fc.constantFrom('title', 'kind', 'ycolumns'), value: text }),
          { maxLength: 2 },
        ),
      }),
      node('getschema', {}),
      searchNode(tie),
      findNode(tie),
      node('sample', { count: expression }),
      node('sample-distinct', { count: expression, of: tie('named') }),
      node('top-nested', { clauses: some(topNestedClause(tie)) }),
      fc
        .tuple(expression, tie('named'), maybe({ by: tie('named') }))
        .map(([count, of, rest]) => ({ kind: 'top-hitters' as const, count, of, ...rest, span })),
      node('reduce', { parameters, by: tie('named'), options: parameters }),
      node('project-by-names', { names: some(expression) }),
      node('assert-schema', { columns: fc.array(column, { maxLength: 2 }) }),
      node('consume', { parameters }),
      node('union', { parameters, sources: some(tie('operand')) }),
      fc
        .tuple(
          parameters,
          name,
          fc.array(tie('argument'), { maxLength: 2 }),
          maybe({
            schema: fc.record({
              star: fc.boolean(),
              columns: fc.array(column, { maxLength: 2 }),
              span: fc.constant(span),
            }),
          }),
        )
        .map(([own, callee, items, rest]) => ({
          kind: 'evaluate' as const,
          parameters: own,
          call: { kind: 'call' as const, callee, arguments: items, span },
          ...rest,
          span,
        })),
      fc.tuple(name, fc.array(tie('argument'), { maxLength: 2 })).map(([callee, items]) => ({
        kind: 'invoke' as const,
        call: { kind: 'call' as const, callee, arguments: items, span },
        span,
      })),
    ),
    query: fc
      .tuple(fc.array(tie('statement'), { maxLength: 3 }), tie('tabular'), fc.boolean())
      .map(([statements, value, isEmpty]) => ({
        kind: 'query' as const,
        statements: isEmpty ? statements.filter(({ kind }) => kind !== 'result') : statements,
        ...(!isEmpty && { expression: value }),
        span,
      })),
    statement: fc.oneof(
      { depthSize: 'small' },
      node('set', { name: fc.constant<NameSyntax>({ kind: 'name', name: 'querytrace', span }) }),
      node('set', {
        name: fc.constant<NameSyntax>({ kind: 'name', name: 'a', span }),
        value: expression,
      }),
      node('let', { name, value: tie('tabular') }),
      node('result', { expression: tie('tabular') }),
      node('declare', { parameters: some(tie('functionParameter')) }),
      node('pattern', {
        name,
        parameters: fc.constant<readonly ColumnDeclarationSyntax[]>([]),
        matches: fc.constant<readonly PatternMatchSyntax[]>([]),
      }),
      fc
        .tuple(
          node('pattern', { name, parameters: some(column), matches: some(tie('patternMatch')) }),
          maybe({ path: column }),
        )
        .map(([pattern, path]) => ({ ...pattern, ...path })),
      node('let', {
        name,
        value: node('function', {
          view: fc.boolean(),
          parameters: fc.array(tie('functionParameter'), { maxLength: 2 }),
          body: tie('query'),
        }),
      }),
      node('let', {
        name,
        value: node('call', {
          callee: fc.constant<NameSyntax>({ kind: 'name', name: 'materialize', span }),
          arguments: fc.tuple(tie('tabular')),
        }),
      }),
    ),
    patternMatch: fc
      .tuple(some(literal), tie('query'), maybe({ path: literal }))
      .map(([values, body, path]) => ({ values, body, ...path, span })),
    functionParameter: fc
      .tuple(
        name,
        fc.oneof<fc.Arbitrary<ParameterSyntax['type']>[]>(
          type,
          fc.record({ columns: fc.constant('*' as const) }),
          fc.record({ columns: fc.array(column, { maxLength: 2 }) }),
        ),
        maybe({ default: literal }),
      )
      .map(([parameterName, parameterType, rest]) => ({
        name: parameterName,
        type: parameterType,
        ...rest,
        span,
      })),
  }
})

/** A whole query. */
export const querySyntax: fc.Arbitrary<QuerySyntax> = trees.query
