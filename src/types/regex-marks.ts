import type { AssertKind } from './regex-tree.ts'

/*
 * RE2 knows the word boundaries of ASCII only. For those of Unicode a mark is put into the text before
 * each character and at its end, one of sixteen that say whether there is a word on either side, and a
 * boundary becomes a look at the mark behind.
 */

/** Noncharacters of Unicode, which no text has to have; one that has them has another in their place. */
const FIRST_MARK = 0xfdd0
const LAST_MARK = 0xfddf
const MARKS_IN_TEXT = /[\ufdd0-\ufddf]/g
const NO_MARK = '\ufde0'

/** Which sides of a place are of a word, as bits of its mark. */
const BEFORE = 1
const AFTER = 2
/** The shift of the same bits for words of ASCII alone. */
const ASCII_SHIFT = 2

const WORD = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200c\u200d]/u
const ASCII_WORD = /^\w/

/** The class of all marks, in RE2's dialect. */
export const ANY_MARK = `[\\x{${FIRST_MARK.toString(16)}}-\\x{${LAST_MARK.toString(16)}}]`

/** What a boundary asks of the sides of its place. */
const HOLDS: Partial<Record<AssertKind, (before: boolean, after: boolean) => boolean>> = {
  word: (before, after) => before !== after,
  'not-word': (before, after) => before === after,
  'word-start': (before, after) => !before && after,
  'word-end': (before, after) => before && !after,
  'word-start-half': before => !before,
  'word-end-half': (_, after) => !after,
}

/** Whether what it asserts is a word boundary, or that there is none. */
export function isBoundary(at: AssertKind): boolean {
  return HOLDS[at] !== undefined
}

/** The class of the marks where the boundary is, in RE2's dialect; undefined for what is no boundary. */
export function marksOf(at: AssertKind, ascii: boolean): string | undefined {
  const holds = HOLDS[at]
  if (holds === undefined) return undefined
  let marks = ''
  for (let mark = FIRST_MARK; mark <= LAST_MARK; mark++) {
    const sides = (mark - FIRST_MARK) >> (ascii ? ASCII_SHIFT : 0)
    if (holds((sides & BEFORE) !== 0, (sides & AFTER) !== 0)) marks += `\\x{${mark.toString(16)}}`
  }
  return `[${marks}]`
}

/** A text with a mark at each place, and where its places are in the one and in the other. */
export interface MarkedText {
  readonly text: string
  /** By position in the text: the position behind the mark that stands there. */
  readonly toMarked: Uint32Array
  /** By position behind a mark: the position in the text. */
  readonly fromMarked: Uint32Array
}

/** The text with its marks. */
export function markBoundaries(source: string): MarkedText {
  const toMarked = new Uint32Array(source.length + 1)
  const fromMarked = new Uint32Array(source.length * 2 + 2)
  const parts: string[] = []
  let at = 0
  let marked = 0
  let before = 0
  const mark = (after: number) => {
    parts.push(String.fromCharCode(FIRST_MARK + before + after * AFTER))
    before = after
    toMarked[at] = ++marked
    fromMarked[marked] = at
  }
  for (const character of source.replace(MARKS_IN_TEXT, NO_MARK)) {
    mark(wordBits(character))
    parts.push(character)
    at += character.length
    marked += character.length
    if (character.length === 2) toMarked[at - 1] = marked - 1
  }
  mark(0)
  return { text: parts.join(''), toMarked, fromMarked }
}

/** {@link BEFORE} where the character is of a word, and its ASCII bit where it is of one of ASCII. */
function wordBits(character: string): number {
  if (ASCII_WORD.test(character)) return BEFORE | (BEFORE << ASCII_SHIFT)
  return WORD.test(character) ? BEFORE : 0
}
