/** A file of the bundle, by its path from the others (`./shared-….cjs`). */
export interface BundledFile {
  readonly text: string
  /** Its source map, as JSON. */
  readonly map: string
}

const AT_TOP =
  /^(?:"use strict";)?(?:const \{[^}]*\} = |const [\w$]+ = )?require\("(\.\/[^"]+)"\);$/gm
const ANYWHERE = /\brequire\("(\.\/[^"]+)"\)/g

/**
 * Puts what is always loaded together into one file: finding, opening and reading a file takes longer than
 * most of them take to compile. `roots` name packs, each by the files that it begins with: it has what
 * these require at their top, and no other pack before it has. But for the first, it has nothing that another
 * one's files require or may load later, which would come with all of the pack. Entries of the bundle
 * stay files. What was a file is a function in the pack, called when it is first required.
 */
export function packed(
  files: ReadonlyMap<string, BundledFile>,
  roots: Readonly<Record<string, readonly string[]>>,
  isEntry: (path: string) => boolean,
): ReadonlyMap<string, BundledFile> {
  const [[library, first] = ['', []], ...others] = Object.entries(roots)
  const packOf = new Map<string, string>()
  const members = new Map<string, readonly string[]>()
  const fill = (name: string, paths: Iterable<string>): void => {
    const inside = [...paths].filter(path => !isEntry(path) && !packOf.has(path))
    for (const path of inside) packOf.set(path, `./${name}.cjs`)
    members.set(`./${name}.cjs`, inside)
  }
  fill(library, required(files, first, AT_TOP))
  for (const [name, begin] of others) {
    const own = required(files, begin, AT_TOP)
    const rest = others.filter(([other]) => other !== name)
    const foreign = required(
      files,
      rest.flatMap(([, each]) => each),
      AT_TOP,
    )
    const later = required(files, first, ANYWHERE)
    fill(
      name,
      [...own].filter(path => !foreign.has(path) && (begin.includes(path) || !later.has(path))),
    )
  }
  const from = (own: string | undefined, text: string): string =>
    text.replace(ANYWHERE, (_, path: string) => {
      const pack = packOf.get(path)
      if (pack === undefined) return `$require("${path}")`
      return pack === own ? `$load(${JSON.stringify(path)})` : `$require("${pack}")("${path}")`
    })
  const result = new Map<string, BundledFile>()
  for (const [path, { text, map }] of files) {
    if (packOf.has(path)) continue
    // On the line that is there, for the map.
    const converted = from(undefined, text).replace('"use strict";', `"use strict";${REQUIRE}`)
    result.set(path, { text: converted, map })
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

/** The files and what they require, as the pattern finds it, those that are required first. */
function required(
  files: ReadonlyMap<string, BundledFile>,
  from: readonly string[],
  pattern: RegExp,
): ReadonlySet<string> {
  const found = new Set<string>()
  const begun = new Set<string>()
  const visit = (path: string): void => {
    if (begun.has(path)) return
    begun.add(path)
    const file = files.get(path)
    if (file === undefined) throw new Error(`${path} is not in the bundle`)
    for (const [, next = ''] of file.text.matchAll(pattern)) visit(next)
    found.add(path)
  }
  from.forEach(visit)
  return found
}

/** How files load each other: see `src/node/kept-code.ts`. */
const REQUIRE = 'const $require = require("./kept-code.cjs").load;'

const START = `"use strict";${REQUIRE}
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
