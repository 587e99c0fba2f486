/** A file of the bundle, by its path from the others (`./shared-….cjs`). */
export interface BundledFile {
  readonly text: string
  /** Its source map, as JSON. */
  readonly map: string
}

const REQUIRED = /^(?:const \{[^}]*\} = |const [\w$]+ = )?require\("(\.\/[^"]+)"\);$/gm

/**
 * Puts what is always loaded together into one file: finding, opening and reading a file takes longer than
 * most of them take to compile. `roots` name packs, each by the files that it begins with; it has all that
 * these require at their top and no pack before it has. The last has nothing that the first may load later:
 * it would come with all of the last. Entries of the bundle stay files: a root that is one
 * only names what it requires. What was a file is a function in the pack, called
 * when it is first required.
 */
export function packed(
  files: ReadonlyMap<string, BundledFile>,
  roots: Readonly<Record<string, readonly string[]>>,
  isEntry: (path: string) => boolean,
): ReadonlyMap<string, BundledFile> {
  const packOf = new Map<string, string>()
  const shared = reachable(files, Object.values(roots)[0] ?? [])
  const members = new Map<string, string[]>()
  for (const [name, first] of Object.entries(roots)) {
    const pack = `./${name}.cjs`
    const inside: string[] = []
    const isLast = name === Object.keys(roots).at(-1)
    const visit = (path: string): void => {
      if (packOf.has(path) || (isLast && shared.has(path))) return
      const file = files.get(path)
      if (file === undefined) throw new Error(`${path} is not in the bundle`)
      if (!isEntry(path)) packOf.set(path, pack)
      for (const [, required = ''] of file.text.matchAll(REQUIRED)) visit(required)
      if (!isEntry(path)) inside.push(path)
    }
    first.forEach(visit)
    members.set(pack, inside)
  }
  const from = (own: string | undefined, text: string): string =>
    text.replace(/\brequire\("(\.\/[^"]+)"\)/g, (call, path: string) => {
      const pack = packOf.get(path)
      if (pack === undefined) return call
      return pack === own ? `$load(${JSON.stringify(path)})` : `require("${pack}")("${path}")`
    })
  const result = new Map<string, BundledFile>()
  for (const [path, { text, map }] of files) {
    if (!packOf.has(path)) result.set(path, { text: from(undefined, text), map })
  }
  for (const [pack, inside] of members) {
    const parts = inside.map(path => {
      const file = files.get(path) as BundledFile
      return { path, text: from(pack, file.text), map: file.map }
    })
    result.set(pack, joined(parts))
  }
  return result
}

/** All that files may ever load. */
function reachable(
  files: ReadonlyMap<string, BundledFile>,
  from: readonly string[],
): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (path: string): void => {
    if (found.has(path)) return
    found.add(path)
    const required = files.get(path)?.text.matchAll(/\brequire\("(\.\/[^"]+)"\)/g) ?? []
    for (const [, next = ''] of required) visit(next)
  }
  from.forEach(visit)
  return found
}

const START = `"use strict";
const $loaded = new Map();
function $load(path) {
  let exports = $loaded.get(path);
  if (exports === undefined) {
    exports = {};
    $loaded.set(path, exports);
    $modules[path](exports);
  }
  return exports;
}
module.exports = $load;
const $modules = {
`

function joined(parts: readonly { path: string; text: string; map: string }[]): BundledFile {
  let text = START
  const sections: { offset: { line: number; column: number }; map: unknown }[] = []
  for (const { path, text: whole, map } of parts) {
    const own = whole.replace(/^\/\/# sourceMappingURL=.*$/m, '')
    const line = text.split('\n').length
    sections.push({ offset: { line, column: 0 }, map: JSON.parse(map) })
    // In brackets, so that it is compiled at once: it is called right away.
    text += `${JSON.stringify(path)}: (function (exports) {\n${own}\n}),\n`
  }
  return { text: `${text}};\n`, map: JSON.stringify({ version: 3, sections }) }
}
