import { compileFunction } from 'node:vm'
import { LOAD_NOW } from './plugins.ts'

const IMPORT = /^import (?:([^"';]+?) from )?"([^"]+)";$/gm
const EXPORT = /^export \{([\s\S]*?)\};$/gm

/** Escapes stand for them everywhere but in the raw text of templates. */
const NOT_ASCII = /[^\0-\x7f]/g
/** But for these: behind a backslash, and in the raw text of templates. */
const NOT_ESCAPED = /\\[^\0-\x7f]|\braw`[^`]*[^\0-\x7f`]/

/** What CommonJS gives to a module and is used here. */
const TAKEN = /^(?:var|let|const|function|class) (exports|require|__filename)\b/m

/**
 * An ES module as esbuild prints it, as a CommonJS one with the same lines. Node loads these without
 * waiting, so that one may be loaded where it is needed, and in less time. It has ASCII alone. What a
 * module exports must not change once it is evaluated. A package that is CommonJS itself, which esbuild
 * gives as a default alone, exports what it has by name too, as where Node imports it.
 */
export function asCommonJs(text: string): string {
  const taken = TAKEN.exec(text)
  if (taken !== null) throw new Error(`a module of the bundle declares ${taken[1]}`)
  const odd = NOT_ESCAPED.exec(text)
  if (odd !== null) throw new Error(`it is not known how to escape ${odd[0]}`)
  const converted = text
    .replace(IMPORT, (_, names: string | undefined, from: string) => {
      const call = `require(${JSON.stringify(commonJsPath(from))})`
      return names === undefined ? `${call};` : `${bindings(names)} = ${call};`
    })
    .replace(EXPORT, (_, names: string) => `Object.assign(exports, {${exported(names)}});`)
    .replace(
      /^export default (require_[\w$]+\(\));$/gm,
      'exports.default = $1; Object.assign(exports, exports.default, { ...exports });',
    )
    .replaceAll(
      new RegExp(`\\b${LOAD_NOW}\\(import\\("([^"]+)"\\)\\)`, 'g'),
      (_, from: string) => `require(${JSON.stringify(commonJsPath(from))})`,
    )
    .replaceAll(
      /\bimport\("(\.[^"]+)"\)/g,
      (_, from: string) => `Promise.resolve().then(() => require("${commonJsPath(from)}"))`,
    )
    .replaceAll('import.meta.url', 'require("node:url").pathToFileURL(__filename).href')
    // So that it can be read byte by byte. What is in comments, too, whose length does not matter.
    .replace(NOT_ASCII, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const map = converted.lastIndexOf('//# sourceMappingURL=')
  // `var module` alone would have what CommonJS gives under that name.
  const result = /^var module\b/m.test(text)
    ? `"use strict";(() => {${converted.slice(0, map)}})();\n${converted.slice(map)}`
    : `"use strict";${converted}`
  // What waits at its top, say, cannot be CommonJS.
  compileFunction(result, ['exports', 'require', 'module', '__filename', '__dirname'])
  return result
}

/** The path of a module of the bundle once it is CommonJS. */
export function commonJsPath(path: string): string {
  return path.startsWith('.') ? path.replace(/\.js$/, '.cjs') : path
}

/** `x`, `* as x` or `{ a, b as c }` as what stands left of `= require(…)`. */
function bindings(names: string): string {
  const whole = /^(?:\* as )?([\w$]+)$/.exec(names)
  if (whole !== null) return `const ${whole[1]}`
  const listed = /^\{([\s\S]*)\}$/.exec(names)
  if (listed === null) throw new Error(`an import that is not understood: ${names}`)
  return `const {${(listed[1] ?? '').replace(/([\w$]+) as ([\w$]+)/g, '$1: $2')}}`
}

/** `a, b as c` as members of an object. */
function exported(names: string): string {
  return names.replace(/([\w$]+) as ([\w$]+)/g, '$2: $1')
}
