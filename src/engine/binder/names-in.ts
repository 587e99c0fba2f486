import type { ExpressionSyntax } from '../../parser/syntax.ts'

/** What an expression reads of its rows, as far as its syntax tells. */
export interface NamesRead {
  /** Names that may be columns, each once, in order. */
  readonly names: ReadonlySet<string>
  /** Whether it reads every column: `* has 'x'`. */
  readonly all: boolean
  /** How many literals of type string there are. */
  readonly texts: number
}

/** The names in an expression, without those in subqueries. */
export function namesIn(syntax: ExpressionSyntax): NamesRead {
  const names = new Set<string>()
  let all = false
  let texts = 0
  const left: ExpressionSyntax[] = [syntax]
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    switch (node.kind) {
      case 'name':
        names.add(node.name)
        break
      case 'literal':
        if (node.type === 'string') texts++
        break
      case 'star':
        all = true
        break
      default:
        left.push(...partsOf(node).toReversed())
    }
  }
  return { names, all, texts }
}

function partsOf(node: ExpressionSyntax): readonly ExpressionSyntax[] {
  switch (node.kind) {
    case 'member':
      return [node.target]
    case 'index':
      return [node.target, node.index]
    case 'call':
      return node.arguments
    case 'named-argument':
      return [node.value]
    case 'unary':
      return [node.operand]
    case 'binary':
      return [node.left, node.right]
    case 'in':
      return [node.operand, ...node.items]
    case 'between':
      return [node.operand, node.low, node.high]
    default:
      return []
  }
}
