/** Entries that a Map takes: one more is a RangeError. */
const MAP_LIMIT = 2 ** 24 - 1

/** A Map from keys to numbers that may have more entries than a Map takes. */
export class IdMap<K> {
  readonly #limit: number
  readonly #first = new Map<K, number>()
  #more: IdMap<K> | undefined

  /** `limit`: entries of one Map. */
  constructor(limit = MAP_LIMIT) {
    this.#limit = limit
  }

  get size(): number {
    return this.#first.size + (this.#more === undefined ? 0 : this.#more.size)
  }

  get(key: K): number | undefined {
    const id = this.#first.get(key)
    return id === undefined && this.#more !== undefined ? this.#more.get(key) : id
  }

  /** Adds a key that is not there yet. */
  add(key: K, id: number): void {
    if (this.#first.size < this.#limit) {
      this.#first.set(key, id)
    } else {
      this.#more ??= new IdMap(this.#limit)
      this.#more.add(key, id)
    }
  }
}
