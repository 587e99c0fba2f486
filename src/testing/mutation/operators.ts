import type {
  BinaryOperator,
  BinarySyntax,
  CallSyntax,
  ExpressionSyntax,
  InSyntax,
  JoinSyntax,
  LiteralSyntax,
  NamedExpressionSyntax,
  NameSyntax,
  OperatorSyntax,
  OrderedExpressionSyntax,
  PipeSyntax,
} from '../../parser/syntax.ts'
import type { Span } from '../../text/span.ts'
import { steps } from './steps.ts'
import { chainOf, negation, partsOf, type SyntaxNode } from './syntax-tree.ts'

/** What changes to a query are called. */
export const MUTATION_OPERATORS = [
  'drop-conjunct',
  'drop-disjunct',
  'negate',
  'swap-operator',
  'remove-member',
  'step-threshold',
  'change-join',
  'remove-key',
  'swap-order',
  'remove-stage',
] as const

/** One of {@link MUTATION_OPERATORS}. */
export type MutationOperator = (typeof MUTATION_OPERATORS)[number]

/** One way to change a query: a node of its tree, and what comes in its place. */
export interface Change {
  readonly operator: MutationOperator
  /** What the change is about, in the query. */
  readonly span: Span
  readonly node: SyntaxNode
  readonly replacement: SyntaxNode
  /** What is done, in words that follow the place: "`has` becomes `contains`". */
  readonly what: string
}

/** The changes to a node, given the nodes around it. */
export function changesOf(node: SyntaxNode, around: readonly SyntaxNode[]): Change[] {
  const parent = around.at(-1)
  switch (node.kind) {
    case 'binary':
      return [...droppedParts(node as BinarySyntax, parent), ...swapped(node as BinarySyntax)]
    case 'in':
      return inChanges(node as InSyntax)
    case 'literal':
      return isThreshold(around) ? stepped(node as LiteralSyntax) : []
    case 'where':
      return negated((node as { readonly predicate: ExpressionSyntax } & SyntaxNode).predicate)
    case 'pipe':
      return [...removedStages(node as PipeSyntax), ...swappedOrders(node as PipeSyntax)]
    case 'join':
    case 'lookup':
      return joinChanges(node as JoinSyntax)
    case 'call':
      return swappedAggregate(node as CallSyntax, around)
    default:
      return []
  }
}

/** Each part of a chain left out; said of the whole chain, so not of the chains inside of it. */
function droppedParts(node: BinarySyntax, parent: SyntaxNode | undefined): Change[] {
  const { operator } = node
  if (operator !== 'and' && operator !== 'or') return []
  if (parent?.kind === 'binary' && (parent as BinarySyntax).operator === operator) return []
  const parts = partsOf(node, operator)
  return parts.map((part, at) => {
    const [first, ...rest] = parts.filter((_, other) => other !== at)
    const kept: [ExpressionSyntax, ...ExpressionSyntax[]] = [first ?? part, ...rest]
    return {
      operator: operator === 'and' ? 'drop-conjunct' : 'drop-disjunct',
      span: part.span,
      node,
      replacement: chainOf(kept, operator),
      what: 'left out',
    }
  })
}

/** Each conjunct of a predicate turned round. */
function negated(predicate: ExpressionSyntax): Change[] {
  return partsOf(predicate, 'and').map(part => ({
    operator: 'negate',
    span: part.span,
    node: part,
    replacement: negation(part),
    what: 'negated',
  }))
}

const SWAPPED: Partial<Record<BinaryOperator, BinaryOperator>> = {
  '==': '=~',
  '=~': '==',
  '!=': '!~',
  '!~': '!=',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  has: 'contains',
  '!has': '!contains',
  has_cs: 'has',
  '!has_cs': '!has',
  hasprefix: 'contains',
  hassuffix: 'contains',
  contains: 'has',
  '!contains': '!has',
  contains_cs: 'contains',
  '!contains_cs': '!contains',
  startswith: 'contains',
  '!startswith': '!contains',
  startswith_cs: 'startswith',
  endswith: 'contains',
  '!endswith': '!contains',
  endswith_cs: 'endswith',
}

function swapped(node: BinarySyntax): Change[] {
  const other = SWAPPED[node.operator]
  if (other === undefined) return []
  return [
    {
      operator: 'swap-operator',
      span: node.operatorSpan,
      node,
      replacement: { ...node, operator: other } as BinarySyntax,
      what: `\`${node.operator}\` becomes \`${other}\``,
    },
  ]
}

const SWAPPED_IN: Readonly<Record<InSyntax['operator'], InSyntax['operator']>> = {
  in: 'in~',
  'in~': 'in',
  '!in': '!in~',
  '!in~': '!in',
  has_any: 'has_all',
  has_all: 'has_any',
}

function inChanges(node: InSyntax): Change[] {
  const other = SWAPPED_IN[node.operator]
  const members = node.items.length < 2 ? [] : node.items
  return [
    {
      operator: 'swap-operator',
      span: node.operatorSpan,
      node,
      replacement: { ...node, operator: other } as InSyntax,
      what: `\`${node.operator}\` becomes \`${other}\``,
    },
    ...members.map(
      (member): Change => ({
        operator: 'remove-member',
        span: member.span,
        node,
        replacement: { ...node, items: node.items.filter(item => item !== member) } as InSyntax,
        what: 'left out',
      }),
    ),
  ]
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>='])
const TIME_CALLS: ReadonlySet<string> = new Set(['ago', 'datetime_add', 'now'])

/** Whether a literal stands where it is compared with, how long a window is, or a name for either. */
function isThreshold(around: readonly SyntaxNode[]): boolean {
  const parent = around.at(-1)
  switch (parent?.kind) {
    case 'between':
    case 'let':
      return true
    case 'binary': {
      const { operator } = parent as BinarySyntax
      return (
        COMPARISONS.has(operator) || (/^[-+*/]$/.test(operator) && isThreshold(around.slice(0, -1)))
      )
    }
    case 'call': {
      const { callee } = parent as SyntaxNode & { readonly callee: { readonly name: string } }
      return TIME_CALLS.has(callee.name)
    }
    case 'unary':
      return isThreshold(around.slice(0, -1))
    default:
      return false
  }
}

function stepped(node: LiteralSyntax): Change[] {
  return steps(node).map(({ literal, what }) => ({
    operator: 'step-threshold',
    span: node.span,
    node,
    replacement: literal,
    what,
  }))
}

/** Stages that decide which rows there are; others shape rows, and are needed by what follows. */
const REMOVABLE: ReadonlySet<OperatorSyntax['kind']> = new Set([
  'where',
  'distinct',
  'join',
  'lookup',
  'mv-apply',
  'mv-expand',
  'parse-where',
  'search',
  'summarize',
  'take',
  'top',
  'union',
])

function removedStages(pipe: PipeSyntax): Change[] {
  return pipe.operators.flatMap((stage): Change[] => {
    if (!REMOVABLE.has(stage.kind)) return []
    const operators = pipe.operators.filter(other => other !== stage)
    return [
      {
        operator: 'remove-stage',
        span: stage.span,
        node: pipe,
        replacement: operators.length === 0 ? pipe.source : ({ ...pipe, operators } as PipeSyntax),
        what: 'left out',
      },
    ]
  })
}

/** Orders turned round where they decide which rows are kept. */
function swappedOrders(pipe: PipeSyntax): Change[] {
  return pipe.operators.flatMap((stage, at): Change[] => {
    if (stage.kind === 'top') return [turned(stage.by)]
    const kept = pipe.operators[at + 1]?.kind
    return stage.kind === 'sort' && kept === 'take' ? stage.by.map(turned) : []
  })
}

function turned(by: OrderedExpressionSyntax): Change {
  const from = by.direction ?? 'desc'
  const direction = from === 'asc' ? 'desc' : 'asc'
  return {
    operator: 'swap-order',
    span: by.span,
    node: by,
    replacement: { ...by, direction } as OrderedExpressionSyntax,
    what: `\`${from}\` becomes \`${direction}\``,
  }
}

const SWAPPED_AGGREGATES: Readonly<Record<string, string>> = {
  arg_max: 'arg_min',
  arg_min: 'arg_max',
  max: 'min',
  min: 'max',
}

function swappedAggregate(node: CallSyntax, around: readonly SyntaxNode[]): Change[] {
  const { callee } = node
  const { name } = callee
  const other = Object.hasOwn(SWAPPED_AGGREGATES, name) ? SWAPPED_AGGREGATES[name] : undefined
  if (other === undefined) return []
  const swapped: CallSyntax = { ...node, callee: { ...callee, name: other } }
  return [
    {
      operator: 'swap-order',
      span: callee.span,
      ...(named(node, swapped, around) ?? { node, replacement: swapped }),
      what: `\`${name}\` becomes \`${other}\``,
    },
  ]
}

/** A column of summarize that is called by its aggregate keeps its name: what follows reads that. */
function named(
  { callee, arguments: [argument, second] }: CallSyntax,
  swapped: CallSyntax,
  around: readonly SyntaxNode[],
): Pick<Change, 'node' | 'replacement'> | undefined {
  const [summarize, column] = around.slice(-2)
  if (summarize?.kind !== 'summarize' || column === undefined || !('names' in column))
    return undefined
  const isNamed = (column as NamedExpressionSyntax).names.length > 0
  // `arg_max(a, b)` gives columns that are called as those that it reads.
  if (isNamed || argument?.kind !== 'name' || second !== undefined) return undefined
  const { span } = column
  const name: NameSyntax = { kind: 'name', name: `${callee.name}_${argument.name}`, span }
  const replacement: NamedExpressionSyntax = { names: [name], expression: swapped, span }
  return { node: column, replacement }
}

const OTHER_KINDS: Readonly<Record<string, string>> = {
  inner: 'leftouter',
  innerunique: 'leftouter',
  leftouter: 'inner',
  rightouter: 'inner',
  fullouter: 'inner',
  leftanti: 'leftsemi',
  anti: 'leftsemi',
  leftsemi: 'leftanti',
  rightanti: 'rightsemi',
  rightsemi: 'rightanti',
  leftantisemi: 'leftsemi',
  rightantisemi: 'rightsemi',
}

function joinChanges(node: JoinSyntax): Change[] {
  const written = node.parameters.find(({ name }) => name.toLowerCase() === 'kind')
  const fallback = (node.kind as string) === 'lookup' ? 'leftouter' : 'innerunique'
  const from = written?.value.kind === 'name' ? written.value.name : fallback
  const to = Object.hasOwn(OTHER_KINDS, from) ? OTHER_KINDS[from] : undefined
  const { span } = written ?? node
  const kind = { name: 'kind', value: { kind: 'name', name: to ?? from, span }, span } as const
  const others = node.parameters.filter(parameter => parameter !== written)
  const kinds: Change[] =
    to === undefined
      ? []
      : [
          {
            operator: 'change-join',
            span,
            node,
            replacement: { ...node, parameters: [kind, ...others] } as JoinSyntax,
            what: `\`kind=${from}\` becomes \`kind=${to}\``,
          },
        ]
  const keys = node.on.length < 2 ? [] : node.on
  return [
    ...kinds,
    ...keys.map(
      (key): Change => ({
        operator: 'remove-key',
        span: key.span,
        node,
        replacement: { ...node, on: node.on.filter(other => other !== key) } as JoinSyntax,
        what: 'left out',
      }),
    ),
  ]
}
