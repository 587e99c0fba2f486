import { codePointLength } from './code-points.ts'

const BASE = 36
const T_MIN = 1
const T_MAX = 26
const SKEW = 38
const DAMP = 700
const INITIAL_BIAS = 72
const INITIAL_CODE = 128
const DIGITS = 'abcdefghijklmnopqrstuvwxyz0123456789'
const MAX_DELTA = 0x7fffffff

/** Longer texts are refused: the algorithm takes time by the square of the length. */
const MAX_LENGTH = 4096

/**
 * The text in Punycode, without a prefix; undefined where it is too long or has half a surrogate pair.
 * @see https://www.rfc-editor.org/rfc/rfc3492
 */
export function encodePunycode(text: string): string | undefined {
  if (text.length > MAX_LENGTH * 2 || codePointLength(text) > MAX_LENGTH) return undefined
  if (/\p{Surrogate}/u.test(text)) return undefined
  const codes = Array.from(text, character => character.codePointAt(0)!)
  const basic = codes.filter(code => code < INITIAL_CODE)
  let result = String.fromCodePoint(...basic)
  if (basic.length > 0) result += '-'
  let code = INITIAL_CODE
  let delta = 0
  let bias = INITIAL_BIAS
  let handled = basic.length
  while (handled < codes.length) {
    const next = Math.min(...codes.filter(item => item >= code))
    delta += (next - code) * (handled + 1)
    if (delta > MAX_DELTA) return undefined
    code = next
    for (const item of codes) {
      if (item < code) delta++
      if (item !== code) continue
      result += variableLength(delta, bias)
      bias = adapt(delta, handled + 1, handled === basic.length)
      delta = 0
      handled++
    }
    delta++
    code++
  }
  return result
}

function variableLength(delta: number, bias: number): string {
  let digits = ''
  let rest = delta
  for (let k = BASE; ; k += BASE) {
    const threshold = thresholdAt(k, bias)
    if (rest < threshold) return digits + DIGITS[rest]!
    digits += DIGITS[threshold + ((rest - threshold) % (BASE - threshold))]!
    rest = Math.floor((rest - threshold) / (BASE - threshold))
  }
}

/** The text that was encoded; undefined where it is no Punycode or too long. */
export function decodePunycode(encoded: string): string | undefined {
  if (encoded.length > MAX_LENGTH) return undefined
  const last = encoded.lastIndexOf('-')
  const codes = Array.from(encoded.slice(0, Math.max(last, 0)), basic => basic.codePointAt(0)!)
  if (codes.some(code => code >= INITIAL_CODE)) return undefined
  let code = INITIAL_CODE
  let bias = INITIAL_BIAS
  let position = 0
  for (let at = last > 0 ? last + 1 : 0; at < encoded.length; ) {
    const before = position
    let weight = 1
    for (let k = BASE; ; k += BASE) {
      const digit = digitAt(encoded, at++)
      if (digit < 0) return undefined
      position += digit * weight
      const threshold = thresholdAt(k, bias)
      if (digit < threshold) break
      weight *= BASE - threshold
      if (position > MAX_DELTA || weight > MAX_DELTA) return undefined
    }
    const length = codes.length + 1
    bias = adapt(position - before, length, before === 0)
    code += Math.floor(position / length)
    position %= length
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined
    codes.splice(position++, 0, code)
  }
  return String.fromCodePoint(...codes)
}

/** The value of a digit in either case; -1 where there is none. */
function digitAt(text: string, at: number): number {
  const digit = text[at]
  return digit === undefined ? -1 : DIGITS.indexOf(digit.toLowerCase())
}

function thresholdAt(k: number, bias: number): number {
  return Math.min(Math.max(k - bias, T_MIN), T_MAX)
}

function adapt(delta: number, length: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? DAMP : 2))
  rest += Math.floor(rest / length)
  let k = 0
  for (; rest > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) rest = Math.floor(rest / (BASE - T_MIN))
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW))
}
