import type { CallSyntax, ExpressionSyntax, IndexSyntax } from '../../parser/syntax.ts'
import type { FunctionLibrary } from '../functions/library.ts'
import { isScalarCall } from './overloads.ts'

/**
 * The name of the column that an unnamed expression gives: that of the column or path it reads, or
 * what its function makes of its first argument; undefined where it has none of its own.
 */
export function resultName(syntax: ExpressionSyntax, library: FunctionLibrary): string | undefined {
  switch (syntax.kind) {
    case 'name':
      return syntax.name
    case 'named-argument':
      return syntax.name.name
    case 'member': {
      if (syntax.target.kind === 'name' && syntax.target.name.startsWith('$')) {
        return syntax.member.name
      }
      return joined(resultName(syntax.target, library), syntax.member.name)
    }
    case 'index': {
      const { index } = syntax
      const several = entryName(syntax, library)
      if (several !== undefined) return several
      const step = index.kind === 'literal' ? String(index.value) : ''
      return joined(resultName(syntax.target, library), step)
    }
    case 'call':
      return callName(syntax.callee.name, syntax.arguments, library)
    default:
      return undefined
  }
}

/** The functions that sort arrays by the first of them, where there are several. */
export const SORTS: ReadonlySet<string> = new Set(['array_sort_asc', 'array_sort_desc'])

/** Whether it sorts an array: the column then has a name that takes no other column's place. */
export function isSort(syntax: ExpressionSyntax): boolean {
  return syntax.kind === 'call' && SORTS.has(syntax.callee.name)
}

/** The name of one of the arrays that are sorted together. */
export function sortedName(
  syntax: ExpressionSyntax,
  index: number,
  library: FunctionLibrary,
): string {
  return `${resultName(syntax, library) ?? `array${index}`}_sorted`
}

/** The name of one of the columns of a call that gives several. */
export function severalName(
  { callee, arguments: [first] }: CallSyntax,
  column: string,
  library: FunctionLibrary,
): string {
  const argument = (first && resultName(first, library)) ?? ''
  return `${callee.name}_${argument}_${column}`
}

/** The name of the column that is taken by its position; undefined where the call gives one value. */
function entryName({ target, index }: IndexSyntax, library: FunctionLibrary): string | undefined {
  if (target.kind !== 'call' || index.kind !== 'literal') return undefined
  const position = Number(index.value)
  const column = library.scalar(target.callee.name)?.columns?.[position]
  if (column !== undefined) return severalName(target, column.name, library)
  if (!SORTS.has(target.callee.name)) return undefined
  const last = target.arguments.at(-1)
  const flagged = last?.kind === 'literal' && last.type === 'bool'
  const arrays = flagged ? target.arguments.slice(0, -1) : target.arguments
  const array = arrays[position]
  return array === undefined || arrays.length < 2 ? undefined : sortedName(array, position, library)
}

function joined(prefix: string | undefined, suffix: string): string | undefined {
  return prefix === undefined ? undefined : `${prefix}_${suffix}`
}

function callName(
  name: string,
  args: readonly ExpressionSyntax[],
  library: FunctionLibrary,
): string | undefined {
  const first = args[0]
  const argument = first === undefined || isSort(first) ? undefined : resultName(first, library)
  if (name === 'column_ifexists' || name === 'columnifexists') {
    return first?.kind === 'literal' && typeof first.value === 'string' ? first.value : undefined
  }
  const aggregate = library.aggregate(name)
  if (aggregate !== undefined && !isScalarCall(library, name, args.length)) {
    if (aggregate.naming === 'argument') return argument
    const prefix = aggregate.naming?.prefix ?? aggregate.name
    const nameOrNothing = (item: ExpressionSyntax): string =>
      isSort(item) ? '' : (resultName(item, library) ?? '')
    const named = args.slice(0, aggregate.naming?.arguments ?? 1)
    return [prefix, ...(named.length === 0 ? [''] : named.map(nameOrNothing))].join('_')
  }
  if (name === 'bin_auto') return argument
  if (name === 'ingestion_time') return '$IngestionTime'
  const naming = library.scalar(name)?.naming
  if (naming === undefined || naming === 'argument') return naming && argument
  if (naming === 'only-argument') return args.length === 1 ? argument : undefined
  if (naming === 'name-and-argument') return `${name}_${argument ?? ''}`
  if (naming === 'sorted') return first && sortedName(first, 0, library)
  if ('always' in naming) return naming.always
  return `${naming.prefix}_${argument ?? ''}`
}

/** Gives out column names that are unique within one result. */
export class ColumnNames {
  readonly #taken: Set<string>
  readonly #input: readonly string[]
  readonly #written = new Set<string>()
  #unnamed = 0

  /** `input`: names that Column1, Column2, … keep clear of. */
  constructor(taken: Iterable<string> = [], input: readonly string[] = []) {
    this.#taken = new Set(taken)
    this.#input = input
  }

  has(name: string): boolean {
    return this.#taken.has(name)
  }

  /** Takes the name as it is; false when it is taken already. */
  claim(name: string): boolean {
    if (this.#taken.has(name)) return false
    this.#taken.add(name)
    return true
  }

  /**
   * Takes a name that was written: as it is, or numbered where one that was not written has it;
   * undefined when it was written before.
   */
  declare(name: string): string | undefined {
    if (this.#written.has(name)) return undefined
    this.#written.add(name)
    return this.unique(name)
  }

  /** The name, or with the first number from 1 on that makes it unique. */
  unique(name: string): string {
    let candidate = name
    for (let n = 1; this.#taken.has(candidate); n++) candidate = `${name}${n}`
    this.#taken.add(candidate)
    return candidate
  }

  /** The next of Column1, Column2, … that neither the result nor the input has. */
  unnamed(): string {
    for (;;) {
      this.#unnamed++
      const name = `Column${this.#unnamed}`
      if (!this.#input.includes(name) && this.claim(name)) return name
    }
  }
}
