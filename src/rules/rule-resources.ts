import { isMap, isNode, isScalar, isSeq, Pair, Scalar, YAMLMap, type YAMLSeq } from 'yaml'
import { pairOf } from './yaml-places.ts'

/** What properties of Azure Resource Manager are called in rule files. */
const FIELD_NAMES: ReadonlyMap<string, string> = new Map([
  ['displayName', 'name'],
  ['techniques', 'relevantTechniques'],
  ['templateVersion', 'version'],
])

const GUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i

/**
 * The rules in a template (`resources`), in a list of the API (`value`), or in a single resource, each
 * as a map with the names of rule files, whose parts keep their places. None where it is none of these.
 */
export function ruleResources(root: unknown): YAMLMap[] {
  if (isSeq(root)) return root.items.flatMap(ruleResources)
  if (!isMap(root)) return []
  const list = resourcesIn(root)
  if (list !== undefined) return list.items.flatMap(ruleResources)
  const properties = pairOf(root, 'properties')?.value
  if (!isMap(properties) || pairOf(properties, 'query') === undefined) return []
  return [ruleOf(root, properties)]
}

/** Whether it is a template or a list of the API, with rules or without. */
export function isResourceList(root: unknown): boolean {
  return isMap(root) && pairOf(root, 'query') === undefined && resourcesIn(root) !== undefined
}

function resourcesIn(root: YAMLMap): YAMLSeq | undefined {
  const list = (pairOf(root, 'resources') ?? pairOf(root, 'value'))?.value
  return isSeq(list) ? list : undefined
}

function ruleOf(resource: YAMLMap, properties: YAMLMap): YAMLMap {
  const rule = new YAMLMap()
  if (resource.range) rule.range = resource.range
  const id = idOf(resource)
  if (id !== undefined) rule.items.push(new Pair(new Scalar('id'), id))
  const kind = pairOf(resource, 'kind')
  if (kind !== undefined) rule.items.push(kind)
  for (const pair of properties.items) {
    const name = isScalar(pair.key) ? FIELD_NAMES.get(String(pair.key.value)) : undefined
    rule.items.push(name === undefined ? pair : new Pair(renamed(pair.key, name), pair.value))
  }
  return rule
}

/** The same name's place, under another name. */
function renamed(key: unknown, name: string): Scalar {
  const scalar = new Scalar(name)
  if (isNode(key) && key.range) scalar.range = key.range
  return scalar
}

/** The guid in the name of a resource, which may be an expression. */
function idOf(resource: YAMLMap): Scalar | undefined {
  const name = pairOf(resource, 'name')?.value
  const [guid] = (isScalar(name) && GUID.exec(String(name.value))) || []
  if (guid === undefined) return undefined
  const id = new Scalar(guid)
  if (isNode(name) && name.range) id.range = name.range
  return id
}
