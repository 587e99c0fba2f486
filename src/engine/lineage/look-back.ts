import { collectColumns } from '../plan/expression.ts'
import { parsedColumns } from '../plan/parse-method.ts'
import { expressionsOf } from '../plan/rewrites/map-plan.ts'
import type { Drop, DropContext } from './drop.ts'
import { refText } from './drop-join.ts'
import { patternFault } from './drop-parse.ts'
import { groupText, winnersOf } from './group.ts'
import { operatorName } from './place.ts'
import type { Traced } from './traced.ts'
import type { Edge, Trail } from './trail.ts'

/** What came before that explains why a condition is not true: a group, a pattern without a match. */
export async function lookBack(
  { node }: Edge,
  { reason, row }: Drop,
  trail: Trail,
  context: DropContext,
): Promise<string> {
  const [input] = node.inputs
  if (reason !== 'condition' || row === undefined || input === undefined) return ''
  const read = new Set<string>()
  for (const expr of expressionsOf(node.ran)) collectColumns(expr, read)
  const group = await groupBefore(input, row, trail, read, context)
  return group + (await patternsBefore(input, row, trail, read, context))
}

/** The group that the row was folded into, and the row whose values it got. */
async function groupBefore(
  input: Traced,
  row: number,
  { summarized }: Trail,
  read: ReadonlySet<string>,
  { run, places }: DropContext,
): Promise<string> {
  const group = summarized && backTo(input, row, summarized.node)
  if (summarized === undefined || group === undefined) return ''
  const { node, rows } = summarized
  // The rows of a group of distinct have the same values.
  if (node.ran.kind === 'summarize' && node.ran.aggregates.length === 0) return ''
  const winners = await winnersOf(node, group, rows, run, places)
  const texts = winners
    .filter(({ columns }) => columns.some(name => read.has(name)))
    .map(({ call, sources }) => `; ${call} took another row of it${refText(sources)}`)
  return `, in ${groupText(node, group)}${texts.join('')}`
}

/** The patterns that did not match, of which the condition reads columns. */
async function patternsBefore(
  input: Traced,
  row: number,
  { parsed }: Trail,
  read: ReadonlySet<string>,
  { run, places }: DropContext,
): Promise<string> {
  const texts: string[] = []
  for (const node of parsed) {
    if (node.ran.kind !== 'parse') continue
    if (!parsedColumns(node.ran.method).some(({ name }) => read.has(name))) continue
    const at = backTo(input, row, node)
    const before = at === undefined ? undefined : node.links[0]?.inputsOf(at)[0]
    if (before === undefined) continue
    const place = places.of(node.plan.span)
    const operator = operatorName(node.plan, place)
    const fault = await patternFault(node, before, { run, places, operator })
    if (fault === undefined) continue
    texts.push(`; the pattern of ${operator} in line ${place.line} does not match: ${fault.fault}`)
  }
  return texts.join('')
}

/** The row of a node below that a row came from, the first of several. */
function backTo(node: Traced, row: number, target: Traced): number | undefined {
  if (node === target) return row
  for (const [index, input] of node.inputs.entries()) {
    if (!isBelow(input, target)) continue
    for (const origin of node.links[index]?.inputsOf(row) ?? []) {
      const found = backTo(input, origin, target)
      if (found !== undefined) return found
    }
  }
  return undefined
}

function isBelow(node: Traced, target: Traced, seen = new Set<Traced>()): boolean {
  if (node === target) return true
  if (seen.has(node)) return false
  seen.add(node)
  return node.inputs.some(input => isBelow(input, target, seen))
}
