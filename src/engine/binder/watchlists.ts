import type { CallSyntax, ExpressionSyntax } from '../../parser/syntax.ts'
import type { Span } from '../../text/span.ts'
import type { Plan } from '../plan/nodes.ts'
import type { Binder } from './context.ts'
import { didYouMean } from './suggest.ts'
import type { KnownWatchlist } from './workspace.ts'

const NO_ROWS = { schema: [] }

/** The functions of Microsoft Sentinel that read watchlists. */
const WATCHLIST_FUNCTIONS = new Set(['_GetWatchlist', '_GetWatchlistAlias'])

/** Whether the function reads watchlists, unless the query or the workspace declares it otherwise. */
export function readsWatchlists(binder: Binder, name: string): boolean {
  return WATCHLIST_FUNCTIONS.has(name) && binder.scope.lookup(name) === undefined
}

/**
 * `_GetWatchlist('alias')`: the items of a watchlist; with keys, those whose search key is among them.
 * `_GetWatchlistAlias`: the aliases of the watchlists that were given.
 *
 * @see https://learn.microsoft.com/azure/sentinel/watchlists-queries
 */
export function bindWatchlistCall(
  binder: Binder,
  name: string,
  args: readonly ExpressionSyntax[],
  span: Span,
): Plan {
  if (name === '_GetWatchlistAlias') return bindAliases(binder, args, span)
  const [alias, keys] = args
  if (alias === undefined || args.length > 2) {
    const message = '_GetWatchlist takes the alias of a watchlist, and keys.'
    return binder.failTabular('KS119', message, span)
  }
  const bound = binder.scalarOf(alias, NO_ROWS, 'string')
  if (binder.isFailed(bound)) return binder.failedPlan(span)
  if (bound.kind !== 'literal') {
    return binder.failTabular('KS120', 'The alias of a watchlist must be constant.', alias.span)
  }
  const watchlist = binder.workspace.watchlists.get(String(bound.value))
  if (watchlist === undefined) return notGiven(binder, String(bound.value), alias.span)
  const { table, schema } = watchlist
  const columns = schema.map(({ name: column, type }) => ({ name: column, type, column }))
  const scan: Plan = { kind: 'scan', table, columns, schema, span }
  return keys === undefined ? scan : withKeys(binder, scan, keys)
}

function notGiven(binder: Binder, alias: string, span: Span): Plan {
  const { watchlists } = binder.workspace
  const given =
    watchlists.size === 0 ? '' : ` Those given are ${[...watchlists.keys()].join(', ')}.`
  return binder.failTabular(
    'KS211',
    `The watchlist \`${alias}\` was not given.${given}`,
    span,
    [
      didYouMean(alias, watchlists.keys()),
      `Give it with --watchlist ${quoted(`${alias}=PATH`)}, or as \`watchlists\` of the library.`,
    ]
      .filter(text => text !== undefined)
      .join(' '),
  )
}

/** The text as a shell takes it. */
function quoted(text: string): string {
  return /^[\w.=/-]*$/.test(text) ? text : `'${text}'`
}

function withKeys(binder: Binder, scan: Plan, keys: ExpressionSyntax): Plan {
  const list = binder.constant(keys, 'dynamic')
  if (binder.isFailed(list)) return binder.failedPlan(scan.span)
  const { span } = keys
  const key = { kind: 'column', type: 'string', name: 'SearchKey', span } as const
  const predicate = binder.call('in', [key, list], span)
  return { kind: 'where', input: scan, predicate, schema: scan.schema, span: scan.span }
}

function bindAliases(binder: Binder, args: readonly ExpressionSyntax[], span: Span): Plan {
  if (args.length > 0) {
    return binder.failTabular('KS119', '_GetWatchlistAlias takes no argument.', span)
  }
  const rows = [...binder.workspace.watchlists.keys()].map(alias => [alias])
  return { kind: 'values', schema: [{ name: 'WatchlistAlias', type: 'string' }], rows, span }
}

/** Whether the call is of a function that reads watchlists. */
export function isWatchlistCall(binder: Binder, { target, callee }: CallSyntax): boolean {
  return target === undefined && readsWatchlists(binder, callee.name)
}

/** The watchlist that a scan reads, if it reads one. */
export function watchlistOf(
  watchlists: ReadonlyMap<string, KnownWatchlist>,
  table: string,
): readonly [alias: string, watchlist: KnownWatchlist] | undefined {
  for (const entry of watchlists) if (entry[1].table === table) return entry
  return undefined
}
