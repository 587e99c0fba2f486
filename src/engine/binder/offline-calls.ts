import type { CallSyntax } from '../../parser/syntax.ts'

/** Functions that ask a cluster about itself, its users or its storage, with what they ask for. */
const OF_A_SERVICE: ReadonlyMap<string, string> = new Map([
  ['current_cluster_endpoint', 'the address of the cluster'],
  ['current_database', 'the name of the database'],
  ['current_node_id', 'a node of the cluster'],
  ['current_principal', 'the signed-in user'],
  ['current_principal_details', 'the signed-in user'],
  ['current_principal_is_member_of', 'the groups of the signed-in user'],
  ['cursor_after', 'the time at which records were stored'],
  ['cursor_before_or_at', 'the time at which records were stored'],
  ['cursor_current', 'the state of the database'],
  ['current_cursor', 'the state of the database'],
  ['extent_id', 'the storage of the cluster'],
  ['extentid', 'the storage of the cluster'],
  ['extent_tags', 'the storage of the cluster'],
  ['row_id', 'the storage of the cluster'],
  ['rowstore_ordinal_range', 'the storage of the cluster'],
])

/** Why a function cannot be had offline; undefined where it can, or is not known. */
export function offlineReason({ callee }: CallSyntax): string | undefined {
  const asked = OF_A_SERVICE.get(callee.name)
  return asked && `\`${callee.name}\` needs ${asked}, which does not exist offline.`
}
