import { isMap, isNode, isScalar, isSeq, Pair, Scalar, YAMLMap } from 'yaml'
import { pairOf } from './yaml-places.ts'

/** What properties of Azure Resource Manager are called in rule files. */
const FIELD_NAMES: ReadonlyMap<string, string> = new Map([
  ['displayName', 'name'],
  ['techniques', 'relevantTechniques'],
  ['templateVersion', 'version'],
])

const GUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i

/** Properties that have a template of their own: of a package of the content hub, of a deployment. */
const TEMPLATES = ['mainTemplate', 'template']

/** What properties of a saved search that is a function are called in files of functions. */
const FUNCTION_FIELDS: ReadonlyMap<string, string> = new Map([
  ['functionalias', 'FunctionAlias'],
  ['functionparameters', 'FunctionParams'],
  ['query', 'FunctionQuery'],
])

/**
 * The rules in a template (`resources`, and templates that these have), in a list of the API (`value`), or
 * in a single resource, each as a map with the names of rule files, whose parts keep their places. None
 * where it is none of these.
 */
export function ruleResources(root: unknown): YAMLMap[] {
  return resourcesWith(root)
    .filter(({ properties }) => isRuleLike(properties))
    .map(({ resource, properties }) => ruleOf(resource, properties))
}

/** The functions in the same, each as a map with the names of files of functions. */
export function functionResources(root: unknown): YAMLMap[] {
  return resourcesWith(root)
    .filter(({ properties }) => isFunction(properties))
    .map(({ resource, properties }) => functionOf(resource, properties))
}

interface Resource {
  readonly resource: YAMLMap
  readonly properties: YAMLMap
}

/** All resources that have properties, those in templates that resources have too. */
function resourcesWith(root: unknown): Resource[] {
  if (isSeq(root)) return root.items.flatMap(resourcesWith)
  if (!isMap(root)) return []
  const listed = (resourcesIn(root) ?? []).flatMap(resourcesWith)
  const properties = pairOf(root, 'properties')?.value
  if (!isMap(properties)) return listed
  const nested = TEMPLATES.flatMap(name => resourcesWith(pairOf(properties, name)?.value))
  return [{ resource: root, properties }, ...listed, ...nested]
}

/** A saved search with an alias is a function, such as a parser; others are hunting queries. */
function isRuleLike(properties: YAMLMap): boolean {
  return pairOf(properties, 'query') !== undefined && !isFunction(properties)
}

/** Names of properties are written in any case: `FunctionAlias` is as frequent. An empty alias is none. */
function isFunction(properties: YAMLMap): boolean {
  const alias = properties.items.find(({ key }) => functionField(key) === 'FunctionAlias')?.value
  return alias !== undefined && !(isScalar(alias) && (alias.value === '' || alias.value === null))
}

function functionField(key: unknown): string | undefined {
  return isScalar(key) ? FUNCTION_FIELDS.get(String(key.value).toLowerCase()) : undefined
}

function functionOf(resource: YAMLMap, properties: YAMLMap): YAMLMap {
  const saved = new YAMLMap()
  if (resource.range) saved.range = resource.range
  for (const { key, value } of properties.items) {
    const name = functionField(key)
    if (name !== undefined) saved.items.push(new Pair(renamed(key, name), value))
  }
  return saved
}

/** Whether it is a template or a list of the API, with rules or without. */
export function isResourceList(root: unknown): boolean {
  return isMap(root) && pairOf(root, 'query') === undefined && resourcesIn(root) !== undefined
}

/** What is in a list, or, as newer templates have it, by names of their own. */
function resourcesIn(root: YAMLMap): unknown[] | undefined {
  const resources = pairOf(root, 'resources')?.value
  if (isMap(resources)) return resources.items.map(({ value }) => value)
  const list = resources ?? pairOf(root, 'value')?.value
  return isSeq(list) ? list.items : undefined
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
