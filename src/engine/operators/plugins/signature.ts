/** An argument of a plugin. */
export interface PluginParameter {
  readonly name: string
  /** What it takes, for the reader: `column`, `constant datetime`, `table`. */
  readonly takes: string
  /** One clause on what it does. */
  readonly doc: string
  readonly optional?: true
  /** Any number of arguments, from here on. */
  readonly repeated?: true
}

/** How a plugin is called. */
export interface PluginSignature {
  readonly name: string
  readonly parameters: readonly PluginParameter[]
  /** Arguments may have names of their own, which are no parameters. */
  readonly namesArguments?: true
}
