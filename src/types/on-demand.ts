import { InternalError } from '../text/internal-error.ts'

/** Something to wait for before a function can be called. */
export interface Loadable {
  load(): Promise<void>
}

/**
 * A package that most queries do not use: it is loaded when the first run calls a function that needs
 * it, so that starting costs nothing for the others.
 */
export class OnDemand<T> implements Loadable {
  readonly #import: () => Promise<T>
  #value: T | undefined

  constructor(load: () => Promise<T>) {
    this.#import = load
  }

  async load(): Promise<void> {
    this.#value ??= await this.#import()
  }

  /** The package. It must have been loaded. */
  get value(): T {
    if (this.#value === undefined) throw new InternalError('a package that was not loaded')
    return this.#value
  }
}
