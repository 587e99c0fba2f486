import type { MvExpandColumnSyntax } from '../../parser/syntax.ts'
import { ColumnBatch, gather } from '../../tables/batch.ts'
import { followPath } from '../../tables/dynamic-path.ts'
import { type ElementLists, ListedElements } from '../../tables/listed-elements.ts'
import { RawJson } from '../../tables/raw-json.ts'
import type { PathStep } from '../../tables/source.ts'
import { TextBuilder } from '../../tables/text-builder.ts'
import { DynamicVector, type ScalarValue, type Vector } from '../../tables/vector.ts'
import { allocate, store } from '../../tables/vector-builder.ts'
import { InternalError } from '../../text/internal-error.ts'
import { convertScalar } from '../../types/convert.ts'
import { type Dynamic, type DynamicTag, dynamicTag, isArray, isBag } from '../../types/dynamic.ts'
import { readElements } from '../../types/dynamic-json.ts'
import type { Column } from '../../types/schema.ts'
import type { Binder } from '../binder/context.ts'
import { ColumnNames, isSort, resultName } from '../binder/naming.ts'
import { nameBeside } from '../binder/several-columns.ts'
import type { Evaluator } from '../evaluator/contract.ts'
import { literal } from '../plan/expression.ts'
import type { Expr, MvExpandColumn, MvExpandPlan, Plan } from '../plan/nodes.ts'
import { operator } from './declare.ts'
import { type ListedRows, listedRows } from './listed-rows.ts'
import { rowLimit } from './row-limit.ts'
import type { Executor } from './run.ts'

const BAG_KINDS: ReadonlyMap<string, 'bag' | 'array'> = new Map([
  ['bag', 'bag'],
  ['array', 'array'],
])

/** How many rows of each `mvexpand` gives where it says no limit. */
const LEGACY_LIMIT = 128n

/** @see https://learn.microsoft.com/kusto/query/mv-expand-operator */
export const mvExpand = operator('mv-expand', {
  name: 'mv-expand',
  aliases: ['mvexpand'],
  doc: 'Gives a row for each element of an array or bag; several columns expand in lock step. With `to typeof`, an element that is not of that type is null: a text is no number, any number is one; texts are times, timespans and GUIDs too, which JSON has as texts. The legacy `mvexpand` gives at most 128 of a row where it has no limit.',
  examples: [
    {
      query: 'print a = 1, d = dynamic([10, 20]) | mv-expand d to typeof(long)',
      rows: [
        { a: 1, d: 10 },
        { a: 1, d: 20 },
      ],
    },
    {
      query: 'print d = dynamic({"x": 1, "y": 2}) | mv-expand with_itemindex=i d',
      rows: [
        { d: { x: 1 }, i: 0 },
        { d: { y: 2 }, i: 1 },
      ],
    },
  ],
  bind(node, input, binder) {
    const known = ['kind', 'bagexpansion', 'with_itemindex']
    binder.checkParameters(node.parameters, known, 'mv-expand')
    const names = new ColumnNames()
    const columns = node.columns.flatMap(column => bindExpanded(binder, column, input, names))
    const kind =
      binder.parameter(node.parameters, 'kind') ?? binder.parameter(node.parameters, 'bagexpansion')
    const bagKind = BAG_KINDS.get(kind ?? 'bag')
    if (bagKind === undefined) {
      binder.fail('KS125', `\`${kind}\` is neither bag nor array.`, node.span)
      return binder.failedPlan(node.span)
    }
    const standing = node.legacy ? literal('long', LEGACY_LIMIT, node.span) : undefined
    const limit = node.limit === undefined ? standing : binder.constant(node.limit, 'long')
    const schema = expandedSchema(binder, input, columns)
    const index = binder.parameter(node.parameters, 'with_itemindex')
    const itemIndex =
      index === undefined
        ? undefined
        : new ColumnNames(schema.map(column => column.name)).unique(index)
    if (itemIndex !== undefined) schema.push({ name: itemIndex, type: 'long' })
    return {
      kind: 'mv-expand',
      input,
      columns,
      bagKind,
      schema,
      span: node.span,
      ...(itemIndex === undefined ? {} : { itemIndex }),
      ...(limit === undefined ? {} : { limit }),
    }
  },
})

/** Binds a column to expand; one that is no dynamic is reported, and gives none. */
export function bindExpanded(
  binder: Binder,
  column: MvExpandColumnSyntax,
  input: Plan,
  names: ColumnNames,
): MvExpandColumn[] {
  const expr = binder.scalar(column.expression, { schema: input.schema })
  const implied = (): string => {
    const name = resultName(column.expression, binder.library) ?? names.unnamed()
    return isSort(column.expression) ? nameBeside(names, input.schema, name) : name
  }
  const name = column.name?.name ?? implied()
  const own = column.name ?? (column.expression.kind === 'name' ? column.expression : undefined)
  if (own !== undefined && names.declare(own.name) === undefined) {
    const message = `A column with the name \`${own.name}\` is already declared.`
    binder.diagnostics.error('KS171', message, own.span)
  }
  if (!binder.isFailed(expr) && expr.type !== 'dynamic') {
    binder.fail(
      'KS141',
      'The expression must have the type dynamic.',
      column.expression.span,
      expr.type === 'string' ? 'If it holds JSON, use parse_json(…) first.' : undefined,
    )
    return []
  }
  return [{ name, expr, type: column.type ?? 'dynamic' }]
}

/** The input's columns, with the expanded ones in the places of those they are called like. */
export function expandedSchema(
  binder: Binder,
  input: Plan,
  columns: readonly MvExpandColumn[],
): Column[] {
  const schema: Column[] = [...input.schema]
  for (const { name, expr, type } of columns) {
    const unknown = binder.isFailed(expr) && type === 'dynamic'
    const column = unknown ? binder.columnOf(name, expr) : { name, type }
    const index = schema.findIndex(existing => existing.name === name)
    if (index < 0) schema.push(column)
    else schema[index] = column
  }
  return schema
}

/** What a value expands to; null, and a scalar, to itself. */
export function elementsOf(value: Dynamic, bagKind: 'bag' | 'array'): readonly Dynamic[] {
  if (isArray(value)) return value
  if (!isBag(value)) return [value]
  const entries = [...value]
  return bagKind === 'bag'
    ? entries.map(([key, item]) => new Map([[key, item]]))
    : entries.map(([key, item]) => [key, item])
}

export const executeMvExpand: Executor<MvExpandPlan> = async function* (plan, run) {
  const { schema } = plan.input
  const limit = plan.limit === undefined ? Number.MAX_SAFE_INTEGER : await rowLimit(plan.limit, run)
  const values = new Map<Expr, ExpandedValue>()
  for (const [at, { expr }] of plan.columns.entries()) {
    const value = values.get(expr) ?? new ExpandedValue(plan, await run.compile(expr, schema))
    value.columns.push(at)
    values.set(expr, value)
  }
  const paths = plan.columns.map(column => (column.steps === undefined ? undefined : new Strings()))
  for await (const batch of run.execute(plan.input)) {
    run.check()
    for (const part of expand(plan, batch, [...values.values()], limit, run.batchSize, paths)) {
      await run.pause(part.length)
      yield part
    }
  }
}

/** A value that is expanded, once for all columns that it gives. */
class ExpandedValue {
  /** The positions of the columns. */
  readonly columns: number[] = []
  readonly #plan: MvExpandPlan
  readonly #evaluator: Evaluator
  #vector: DynamicVector | undefined
  #names: readonly string[] | undefined

  constructor(plan: MvExpandPlan, evaluator: Evaluator) {
    this.#plan = plan
    this.#evaluator = evaluator
  }

  enter(batch: ColumnBatch): void {
    this.#vector = this.#evaluator.evaluate(batch, batch.rows) as DynamicVector
  }

  /** What is expanded in the batch, where it is dynamic. */
  get vector(): DynamicVector | undefined {
    return this.#vector
  }

  /** Appends what a row gives to the lists of the columns; the number of elements. */
  append(row: number, elements: readonly Dynamic[][]): number {
    const cell = this.#vector?.cellAt(row) ?? null
    const lists = this.columns.map(at => elements[at] as Dynamic[])
    this.#names ??= this.#wantedNames()
    const text = this.#names.length > 0 && cell instanceof RawJson ? cell.textForPart() : undefined
    if (text !== undefined) {
      const before = lists.map(list => list.length)
      const count = readElements(text, this.#names, lists)
      if (count !== undefined) {
        this.#follow(lists, before)
        return count
      }
      lists.forEach((list, k) => {
        list.length = before[k] as number
      })
    }
    if (cell instanceof ListedElements) this.#checkLists(cell.lists)
    const own = elementsOf(cell instanceof RawJson ? cell.value : cell, this.#plan.bagKind)
    lists.forEach((list, k) => {
      const steps = this.#steps(k)
      for (const element of own) list.push(followPath(element, steps))
    })
    return own.length
  }

  /** Elements that were read in part have what is asked of them here. */
  #checkLists(lists: ElementLists): void {
    const isThere = this.columns.every((_, k) => lists.columnOf(this.#steps(k)) !== undefined)
    if (!isThere) throw new InternalError('elements are asked for what was not read of them')
  }

  #steps(k: number): readonly PathStep[] {
    return this.#plan.columns[this.columns[k] as number]?.steps ?? []
  }

  /** The member of an element that each column begins at; none where one needs more than a member. */
  #wantedNames(): readonly string[] {
    const names = this.columns.map((_, k) => this.#steps(k)[0])
    const isEach = names.every(name => typeof name === 'string')
    return isEach && new Set(names).size === names.length ? (names as string[]) : []
  }

  /** Goes on from the members that were read to what is wanted inside of them. */
  #follow(lists: readonly Dynamic[][], before: readonly number[]): void {
    lists.forEach((list, k) => {
      const [, ...rest] = this.#steps(k)
      if (rest.length === 0) return
      for (let at = before[k] as number; at < list.length; at++) {
        list[at] = followPath(list[at] ?? null, rest)
      }
    })
  }
}

/** Rows of the output: the input row of each, and its elements, one list a column. */
class Expansion {
  rows: number[] = []
  indexes: number[] = []
  elements: Dynamic[][]

  constructor(columns: number) {
    this.elements = Array.from({ length: columns }, () => [])
  }

  /** Adds the elements of a row. */
  add(row: number, values: readonly ExpandedValue[], limit: number): void {
    const { rows, indexes, elements } = this
    let most = 0
    for (const value of values) most = Math.max(most, value.append(row, elements))
    const count = Math.min(limit, most)
    const length = rows.length + count
    for (let i = 0; i < count; i++) {
      rows.push(row)
      indexes.push(i)
    }
    for (const list of elements) {
      if (list.length > length) list.length = length
      while (list.length < length) list.push(null)
    }
  }

  /** The rows from `start` to `end`. */
  slice(start: number, end?: number): Expansion {
    const part = new Expansion(0)
    part.rows = this.rows.slice(start, end)
    part.indexes = this.indexes.slice(start, end)
    part.elements = this.elements.map(list => list.slice(start, end))
    return part
  }
}

function* expand(
  plan: MvExpandPlan,
  batch: ColumnBatch,
  values: readonly ExpandedValue[],
  limit: number,
  batchSize: number,
  paths: readonly (Strings | undefined)[],
): Generator<ColumnBatch> {
  for (const value of values) value.enter(batch)
  const [first, ...others] = values
  const only = others.length === 0 ? first?.vector : undefined
  const listed = only && listedRows(plan, batch, only, limit)
  if (listed !== undefined) {
    for (let from = 0; from < listed.rows.length; from += batchSize) {
      yield listedBatch(plan, batch, listed, from, from + batchSize)
    }
    return
  }
  let expansion = new Expansion(plan.columns.length)
  for (const row of batch.rows) {
    expansion.add(row, values, limit)
    let given = 0
    for (; expansion.rows.length - given >= batchSize; given += batchSize) {
      yield expandedBatch(plan, batch, expansion.slice(given, given + batchSize), paths)
    }
    // Once a row: one array may give very many batches.
    if (given > 0) expansion = expansion.slice(given)
  }
  if (expansion.rows.length > 0) yield expandedBatch(plan, batch, expansion, paths)
}

function expandedBatch(
  plan: MvExpandPlan,
  batch: ColumnBatch,
  expansion: Expansion,
  paths: readonly (Strings | undefined)[],
): ColumnBatch {
  const rows = Uint32Array.from(expansion.rows)
  return outputBatch(plan, batch, rows, expansion.indexes, (column, type) => {
    const elements = expansion.elements[column] ?? []
    return paths[column]?.vector(elements) ?? typedVector(type, elements)
  })
}

/** The batch of rows of the input, each with an index and what the expanded columns have of it. */
function outputBatch(
  plan: MvExpandPlan,
  batch: ColumnBatch,
  rows: Uint32Array,
  indexes: readonly number[],
  expanded: (column: number, type: Column['type']) => Vector,
): ColumnBatch {
  const columns = plan.schema.map(({ name, type }): Vector => {
    const column = plan.columns.findLastIndex(item => item.name === name)
    if (column >= 0) return expanded(column, type)
    if (name === plan.itemIndex) return typedVector('long', indexes)
    const index = batch.schema.findIndex(item => item.name === name)
    return gather(batch.columns[index]!, rows)
  })
  return new ColumnBatch(plan.schema, columns, rows.length)
}

function listedBatch(
  plan: MvExpandPlan,
  batch: ColumnBatch,
  { rows, indexes, places, columns }: ListedRows,
  from: number,
  to: number,
): ColumnBatch {
  const own = places.subarray(from, to)
  const ordinals = plan.itemIndex === undefined ? [] : [...indexes.subarray(from, to)]
  return outputBatch(plan, batch, rows.subarray(from, to), ordinals, column =>
    gather(columns[column]!, own),
  )
}

/** Makes the vectors of a column of which most values are strings: by a dictionary while they repeat. */
class Strings {
  #builder: TextBuilder<'string'> | undefined = new TextBuilder('string')

  vector(values: readonly Dynamic[]): DynamicVector | undefined {
    // Looked at first: what is no vector of this must not make the dictionary grow.
    if (this.#builder === undefined || !values.every(isTextOrNull)) return undefined
    let nulls: Uint8Array | undefined
    for (let row = 0; row < values.length; row++) {
      const value = values[row] as string | null
      this.#builder.add(value ?? '')
      if (value !== null) continue
      nulls ??= new Uint8Array(values.length)
      nulls[row] = 1
    }
    const texts = this.#builder.take()
    if (texts.dictionary) return new DynamicVector(texts, nulls)
    this.#builder = undefined
    return undefined
  }
}

function isTextOrNull(value: Dynamic): boolean {
  return typeof value === 'string' || value === null
}

/**
 * The elements as values of the type, null where one is of another kind: any number is a number, and no
 * text is one; a text is read for what JSON has as texts, times and identifiers.
 */
export function typedVector(type: Column['type'], values: readonly Dynamic[]): Vector {
  const out: Vector = allocate(type, values.length)
  values.forEach((value, row) => {
    store(out, row, type === 'dynamic' ? value : typedElement(type, value))
  })
  return out
}

function typedElement(type: Column['type'], value: Dynamic): ScalarValue {
  const kind = kindOf(dynamicTag(value))
  const isRead = kind === 'string' && IN_TEXTS.has(type)
  const isTaken = type === 'string' || isRead || kind === kindOf(type)
  return isTaken ? convertScalar(value, 'dynamic', type) : null
}

/** What all numbers are is one kind. */
function kindOf(type: Column['type'] | DynamicTag): string {
  return NUMBERS.has(type) ? 'number' : type
}

const NUMBERS: ReadonlySet<string> = new Set(['int', 'long', 'real', 'decimal'])
/** The types whose values JSON has as texts. */
const IN_TEXTS: ReadonlySet<string> = new Set(['datetime', 'timespan', 'guid'])
