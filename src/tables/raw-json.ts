import type { Dynamic } from '../types/dynamic.ts'
import { parseDynamic } from '../types/dynamic-json.ts'

/**
 * A dynamic value that is still JSON text, as a reader found it; parsed when first asked for.
 * The reader has checked that the text is JSON, and never makes one of `null`.
 */
export class RawJson {
  #text: string | undefined
  #bytes: Uint8Array | undefined
  #value: Dynamic | undefined
  #wasRead = false

  constructor(source: string | Uint8Array) {
    if (typeof source === 'string') this.#text = source
    else this.#bytes = source
  }

  /** The length of the text, in bytes or in code units. */
  get size(): number {
    return this.#text?.length ?? this.#bytes?.length ?? 0
  }

  /** The value, where it was asked for before. */
  get parsed(): Dynamic | undefined {
    return this.#value
  }

  /**
   * The text for who reads a part of it, and builds no value: the first time, and not where the value
   * was built. From the second reader on all have less to do with the value.
   */
  textForPart(): string | undefined {
    if (this.#value !== undefined || this.#wasRead) return undefined
    this.#wasRead = true
    return this.text
  }

  /** The JSON text as it stands in the source. */
  get text(): string {
    if (this.#text === undefined) {
      this.#text = new TextDecoder().decode(this.#bytes)
      this.#bytes = undefined
    }
    return this.#text
  }

  /** The value; text that is not JSON after all is a string, as `parse_json` has it. */
  get value(): Dynamic {
    if (this.#value === undefined) this.#value = parseDynamic(this.text) ?? this.text
    return this.#value
  }
}
