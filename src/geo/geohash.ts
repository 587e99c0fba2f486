import type { Position } from './vector.ts'

const DIGITS = '0123456789bcdefghjkmnpqrstuvwxyz'
const LONGEST = 18

/** The rectangle of a geohash. */
export interface Rectangle {
  readonly west: number
  readonly south: number
  readonly width: number
  readonly height: number
}

/**
 * The geohash of that many characters, 18 at most, of the rectangle that the position is in. Halving
 * is exact in doubles up to that length.
 * @see https://en.wikipedia.org/wiki/Geohash
 */
export function geohashOf([longitude, latitude]: Position, characters: number): string {
  let { west, south, width, height } = WORLD
  let hash = ''
  let digit = 0
  for (let bit = 0; bit < 5 * characters; bit++) {
    let upper: boolean
    if (bit % 2 === 0) {
      width /= 2
      upper = longitude >= west + width
      if (upper) west += width
    } else {
      height /= 2
      upper = latitude >= south + height
      if (upper) south += height
    }
    digit = digit * 2 + (upper ? 1 : 0)
    if (bit % 5 === 4) {
      hash += DIGITS[digit]
      digit = 0
    }
  }
  return hash
}

const WORLD: Rectangle = { west: -180, south: -90, width: 360, height: 180 }

/** The rectangle of a geohash; undefined for text that is none. */
export function rectangleOf(hash: string): Rectangle | undefined {
  if (hash.length === 0 || hash.length > LONGEST) return undefined
  let { west, south, width, height } = WORLD
  let across = true
  for (const character of hash) {
    const digit = DIGITS.indexOf(character)
    if (digit < 0) return undefined
    for (let mask = 16; mask > 0; mask >>= 1) {
      const upper = (digit & mask) !== 0
      if (across) {
        width /= 2
        if (upper) west += width
      } else {
        height /= 2
        if (upper) south += height
      }
      across = !across
    }
  }
  return { west, south, width, height }
}

/** The neighbours to the east and north, in the order in which the documentation has them. */
const NEIGHBOURS = [
  [-1, -1],
  [-1, 1],
  [1, -1],
  [0, 1],
  [-1, 0],
  [1, 1],
  [1, 0],
  [0, -1],
] as const

/** The geohashes around one, of the same length: eight, or five at a pole; undefined for no geohash. */
export function neighboursOf(hash: string): string[] | undefined {
  const rectangle = rectangleOf(hash)
  if (rectangle === undefined) return undefined
  const { west, south, width, height } = rectangle
  return NEIGHBOURS.flatMap(([east, north]) => {
    const latitude = south + height * (north + 0.5)
    if (Math.abs(latitude) > 90) return []
    const longitude = west + width * (east + 0.5)
    const turned =
      longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude
    return [geohashOf([turned, latitude], hash.length)]
  })
}
