/**
 * Which rows of a node came from which rows of one of its inputs: pairs of positions, looked up from
 * either side.
 */
export class Links {
  readonly #ins: Uint32Array
  readonly #outs: Uint32Array
  #byIn: Index | undefined
  #byOut: Index | undefined

  /** The pairs `(ins[k], outs[k])`. */
  constructor(ins: Uint32Array, outs: Uint32Array) {
    this.#ins = ins
    this.#outs = outs
  }

  /** Each row came from the one at its position. */
  static same(rows: number): Links {
    const positions = Uint32Array.from({ length: rows }, (_, row) => row)
    return new Links(positions, positions)
  }

  /** The rows that came from a row of the input, in order. */
  outputsOf(row: number): Uint32Array {
    this.#byIn ??= indexBy(this.#ins, this.#outs)
    return at(this.#byIn, row)
  }

  /** The rows of the input that a row came from, in order. */
  inputsOf(row: number): Uint32Array {
    this.#byOut ??= indexBy(this.#outs, this.#ins)
    return at(this.#byOut, row)
  }
}

/** The values of key `k` are `values[starts[k]]` up to `values[starts[k + 1]]`. */
interface Index {
  readonly starts: Uint32Array
  readonly values: Uint32Array
}

function indexBy(keys: Uint32Array, values: Uint32Array): Index {
  let last = -1
  for (const key of keys) if (key > last) last = key
  const starts = new Uint32Array(last + 2)
  for (const key of keys) starts[key + 1]!++
  for (let key = 0; key <= last; key++) starts[key + 1]! += starts[key]!
  const next = starts.slice()
  const ordered = new Uint32Array(values.length)
  for (let k = 0; k < keys.length; k++) ordered[next[keys[k]!]!++] = values[k]!
  for (let key = 0; key <= last; key++) ordered.subarray(starts[key], starts[key + 1]).sort()
  return { starts, values: ordered }
}

function at({ starts, values }: Index, key: number): Uint32Array {
  return key + 1 < starts.length ? values.subarray(starts[key], starts[key + 1]) : EMPTY
}

const EMPTY = new Uint32Array(0)
