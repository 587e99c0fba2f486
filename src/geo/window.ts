import { reference } from './crossing.ts'
import { cross, dot, length, normalize, subtract, type Vector3 } from './vector.ts'

const TURN = 2 * Math.PI

/** The angle within half a turn of zero. */
function wrapped(angle: number): number {
  return angle - TURN * Math.round(angle / TURN)
}

interface Range {
  readonly low: number
  readonly high: number
}

interface Avoided extends Range {
  readonly onLeft: boolean
}

/**
 * The directions in which one edge from a point may stand for a chain: it has to meet some discs, and
 * to pass others on a side. As the simplifier of polylines of the S2 library documents it.
 */
export class Window {
  readonly #source: Vector3
  readonly #ahead: Vector3
  readonly #side: Vector3
  /** The direction that the window is measured from: that of the first disc to meet. */
  #base = 0
  /** Undefined until there is a disc to meet, null where no direction is left. */
  #window: Range | null | undefined
  #pending: Avoided[] = []

  constructor(source: Vector3) {
    this.#source = source
    this.#ahead = reference(source)
    this.#side = normalize(cross(source, this.#ahead))
  }

  #direction(point: Vector3): number {
    return Math.atan2(dot(point, this.#side), dot(point, this.#ahead))
  }

  /** Half of the angle that a disc is seen under; undefined where the source is in it. */
  #halfWidth(point: Vector3, radius: number): number | undefined {
    const chord = length(subtract(point, this.#source))
    const reach = 2 * Math.sin(radius / 2)
    if (chord <= reach) return undefined
    const sine = (side: number) => side * Math.sqrt(Math.max(0, 1 - (side * side) / 4))
    return Math.asin(Math.min(1, sine(reach) / sine(chord)))
  }

  /** Leaves the directions that meet a disc; whether there are any. */
  meet(point: Vector3, radius: number): boolean {
    const half = this.#halfWidth(point, radius)
    if (half === undefined) return true
    const direction = this.#direction(point)
    if (this.#window === undefined) {
      this.#base = direction
      this.#window = { low: -half, high: half }
    } else if (this.#window !== null) {
      const center = wrapped(direction - this.#base)
      const low = Math.max(this.#window.low, center - half)
      const high = Math.min(this.#window.high, center + half)
      this.#window = low <= high ? { low, high } : null
    }
    for (const range of this.#pending) this.#leaveOut(range)
    this.#pending = []
    return this.#window !== null
  }

  /** Leaves the directions that pass a disc such that it is on their left, or right; whether any. */
  avoid(point: Vector3, radius: number, onLeft: boolean): boolean {
    const half = this.#halfWidth(point, radius)
    if (half === undefined) {
      this.#window = null
      return false
    }
    const center = this.#direction(point)
    const range = {
      low: center - (onLeft ? half : Math.PI / 2),
      high: center + (onLeft ? Math.PI / 2 : half),
      onLeft,
    }
    if (this.#window === undefined) this.#pending.push(range)
    else this.#leaveOut(range)
    return this.#window !== null
  }

  #leaveOut({ low: from, high: to, onLeft }: Avoided): void {
    if (this.#window === undefined || this.#window === null) return
    const { low, high } = this.#window
    const middle = wrapped((from + to) / 2 - this.#base)
    const [start, end] = [middle - (to - from) / 2, middle + (to - from) / 2]
    if (low <= start && end <= high) {
      this.#window = onLeft ? { low, high: start } : { low: end, high }
      return
    }
    const left = start <= low && low <= end ? end : low
    const right = start <= high && high <= end ? start : high
    this.#window = left <= right ? { low: left, high: right } : null
  }

  /** Whether the edge may end at the point. */
  allows(point: Vector3): boolean {
    if (this.#window === null || dot(point, this.#source) < 0) return false
    const direction = this.#direction(point)
    const isIn = ({ low, high }: Range) =>
      Math.abs(wrapped(direction - (low + high) / 2)) <= (high - low) / 2
    if (this.#window === undefined) return !this.#pending.some(isIn)
    return isIn({ low: this.#window.low + this.#base, high: this.#window.high + this.#base })
  }
}
