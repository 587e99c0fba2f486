/**
 * String semantics of the operators. Case folds as .NET's OrdinalIgnoreCase: each character by its
 * simple upper-case mapping, never a character beyond ASCII onto one of ASCII. So `ß` is not `ss`,
 * the Kelvin sign is not `k`, `ı` is not `I`, `ſ` is not `s`, and `ς`, `σ`, `Σ` are one.
 */

/** A predicate on strings with its needle prepared. */
export type StringPredicate = (text: string) => boolean

/**
 * Ordinal order, by code point: -1, 0 or 1. Upper case is before lower case, as in `strcmp` and
 * `sort by`. JavaScript's own order is by UTF-16 unit and puts U+10000 before U+E000.
 * @see https://learn.microsoft.com/kusto/query/strcmp-function
 */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let k = 0; k < length; k++) {
    const left = a.charCodeAt(k)
    const right = b.charCodeAt(k)
    if (left === right) continue
    // Surrogates stand for code points above all of the basic plane.
    if (left >= 0xd800 && right >= 0xd800) {
      const leftHigh = left < 0xe000
      if (leftHigh !== right < 0xe000) return leftHigh ? 1 : -1
    }
    return left < right ? -1 : 1
  }
  return a.length < b.length ? -1 : 1
}

const NON_ASCII = /[\u0080-\uffff]/

const foldedUnits = new Map<number, number>()

/** The simple upper-case mapping of a UTF-16 unit beyond ASCII. */
function foldUnit(unit: number): number {
  let folded = foldedUnits.get(unit)
  if (folded === undefined) {
    folded = simpleUpper(String.fromCharCode(unit)).charCodeAt(0)
    foldedUnits.set(unit, folded)
  }
  return folded
}

/** The simple upper-case mapping of one character beyond ASCII; itself where there is none. */
function simpleUpper(character: string): string {
  const upper = character.toUpperCase()
  if (upper.length === character.length) return NON_ASCII.test(upper) ? upper : character
  // A full mapping of several characters: its simple mapping, for Greek with iota subscript, is
  // the one character whose lower case this is.
  const code = character.charCodeAt(0)
  if (code >= 0x1f80 && code <= 0x1fff) {
    for (const candidate of [code + 8, code + 9]) {
      const other = String.fromCharCode(candidate)
      if (other.toLowerCase() === character) return other
    }
  }
  return character
}

/** Text in the form in which two texts are equal exactly when they are equal but for case. */
export function foldCase(text: string): string {
  if (!NON_ASCII.test(text)) return text.toLowerCase()
  let folded = ''
  for (const character of text) {
    const code = character.charCodeAt(0)
    if (code < 128) folded += character.toLowerCase()
    else if (character.length === 1) folded += String.fromCharCode(foldUnit(code))
    else folded += simpleUpper(character)
  }
  return folded
}

/** Whether `needle` stands at `at` in the text but for case; the needle needs no folding before. */
function regionMatches(text: string, at: number, needle: string): boolean {
  for (let k = 0; k < needle.length; k++) {
    let left = text.charCodeAt(at + k)
    let right = needle.charCodeAt(k)
    if (left === right) continue
    if ((left | right) < 128) {
      left |= 32
      right |= 32
      if (left !== right || left < 97 || left > 122) return false
    } else if (left < 128 || right < 128 || !sameBeyondAscii(text, at + k, needle, k)) {
      return false
    }
  }
  return true
}

function sameBeyondAscii(text: string, at: number, needle: string, k: number): boolean {
  const left = text.charCodeAt(at)
  const right = needle.charCodeAt(k)
  if (left < 0xd800 || left > 0xdfff || right < 0xd800 || right > 0xdfff) {
    return foldUnit(left) === foldUnit(right)
  }
  // Within a pair the low halves differ, or the high ones do not: cased pairs share their high half.
  if (left < 0xdc00 || right < 0xdc00 || at === 0 || k === 0) return false
  return simpleUpper(text.slice(at - 1, at + 1)) === simpleUpper(needle.slice(k - 1, k + 1))
}

/** `text == needle` or, without case, `text =~ needle`. */
export function equalsMatcher(needle: string, caseSensitive: boolean): StringPredicate {
  if (caseSensitive) return text => text === needle
  return text =>
    text === needle || (text.length === needle.length && regionMatches(text, 0, needle))
}

/** `text startswith needle`, `startswith_cs`. */
export function startsWithMatcher(needle: string, caseSensitive: boolean): StringPredicate {
  if (caseSensitive) return text => text.startsWith(needle)
  return text => text.length >= needle.length && regionMatches(text, 0, needle)
}

/** `text endswith needle`, `endswith_cs`. */
export function endsWithMatcher(needle: string, caseSensitive: boolean): StringPredicate {
  if (caseSensitive) return text => text.endsWith(needle)
  return text =>
    text.length >= needle.length && regionMatches(text, text.length - needle.length, needle)
}

/** `text contains needle`, `contains_cs`. */
export function containsMatcher(needle: string, caseSensitive: boolean): StringPredicate {
  if (caseSensitive) return text => text.includes(needle)
  if (!NON_ASCII.test(needle)) {
    const pattern = asciiPattern(needle, 'i')
    return text => pattern.test(text)
  }
  const folded = foldCase(needle)
  return text => foldCase(text).includes(folded)
}

/**
 * An ASCII needle as a regular expression without case: V8 folds exactly as we do there (nothing
 * beyond ASCII equals ASCII), and a third faster than lower-casing the text first.
 */
function asciiPattern(needle: string, flags: 'i' | 'gi'): RegExp {
  return new RegExp(needle.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), flags)
}

/** Where a term that is looked for must begin or end. */
type TermEdges = 'whole' | 'prefix' | 'suffix'

function edgesMatcher(needle: string, caseSensitive: boolean, edges: TermEdges): StringPredicate {
  if (needle === '') return () => true
  // A boundary is needed only where the needle's own edge is alphanumeric: `"a b" has " "` is true.
  const before = edges !== 'suffix' && isAlphanumericAt(needle, 0)
  const after = edges !== 'prefix' && isAlphanumericBefore(needle, needle.length)
  const length = needle.length
  const stands = (text: string, at: number): boolean =>
    !(before && at > 0 && isAlphanumericBefore(text, at)) &&
    !(after && at + length < text.length && isAlphanumericAt(text, at + length))
  if (!caseSensitive && !NON_ASCII.test(needle)) {
    const pattern = asciiPattern(needle, 'gi')
    return text => {
      pattern.lastIndex = 0
      while (pattern.test(text)) {
        const at = pattern.lastIndex - length
        if (stands(text, at)) return true
        pattern.lastIndex = at + 1
      }
      return false
    }
  }
  const sought = caseSensitive ? needle : foldCase(needle)
  return text => {
    const folded = caseSensitive ? text : foldCase(text)
    for (let at = folded.indexOf(sought); at >= 0; at = folded.indexOf(sought, at + 1)) {
      if (stands(folded, at)) return true
    }
    return false
  }
}

/**
 * `text has needle`, `has_cs`: the needle as a whole term, so that no letter or digit touches it. The
 * empty needle is in every text.
 * @see https://learn.microsoft.com/kusto/query/has-operator
 */
export function termMatcher(needle: string, caseSensitive: boolean): StringPredicate {
  return edgesMatcher(needle, caseSensitive, 'whole')
}

/** `text hasprefix needle`, `hasprefix_cs`: some term begins with the needle. */
export function termPrefixMatcher(needle: string, caseSensitive: boolean): StringPredicate {
  return edgesMatcher(needle, caseSensitive, 'prefix')
}

/** `text hassuffix needle`, `hassuffix_cs`: some term ends with the needle. */
export function termSuffixMatcher(needle: string, caseSensitive: boolean): StringPredicate {
  return edgesMatcher(needle, caseSensitive, 'suffix')
}

/** Made when it is first needed: to work out what these sets have takes long. */
let alphanumeric: RegExp | undefined

function isAlphanumeric(character: string): boolean {
  alphanumeric ??= /^[\p{L}\p{Nd}]/u
  return alphanumeric.test(character)
}

/** Whether the character that begins at `at` is a letter or a digit of any script. */
export function isAlphanumericAt(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  if (unit < 128) return isAsciiAlphanumeric(unit)
  return isAlphanumeric(String.fromCodePoint(text.codePointAt(at)!))
}

/** Whether the character that ends before `at` is a letter or a digit of any script. */
export function isAlphanumericBefore(text: string, at: number): boolean {
  const unit = text.charCodeAt(at - 1)
  if (unit < 128) return isAsciiAlphanumeric(unit)
  const low = unit >= 0xdc00 && unit <= 0xdfff && at > 1
  const high = low ? text.charCodeAt(at - 2) : 0
  return isAlphanumericAt(text, high >= 0xd800 && high <= 0xdbff ? at - 2 : at - 1)
}

function isAsciiAlphanumeric(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57)
}
