// What options may be. Apart from the modules that act on it: the command line is read before those
// are loaded.

/** Every {@link RowFormat}. */
export const ROW_FORMATS = ['table', 'json', 'ndjson', 'csv'] as const

/** How `kqlab query` prints rows. */
export type RowFormat = (typeof ROW_FORMATS)[number]

/** Every {@link RunFormat}. */
export const RUN_FORMATS = ['table', 'json', 'ndjson'] as const

/** How `kqlab run` prints the rows of rules: CSV has one set of columns, rules have many. */
export type RunFormat = (typeof RUN_FORMATS)[number]

/** Every {@link ReplayFormat}. */
export const REPLAY_FORMATS = ['text', 'json', 'ndjson'] as const

/** How `kqlab replay` prints alerts and incidents. */
export type ReplayFormat = (typeof REPLAY_FORMATS)[number]

/** Every {@link TestFormat}. */
export const TEST_FORMATS = [
  'pretty',
  'json',
  'junit',
  'tap',
  'sarif',
  'github',
  'markdown',
] as const

/** How `kqlab test` reports. */
export type TestFormat = (typeof TEST_FORMATS)[number]

/** Every {@link TextFormat}. */
export const TEXT_FORMATS = ['text', 'json'] as const

/** How plans and diagnostics are printed. */
export type TextFormat = (typeof TEXT_FORMATS)[number]

/** Every {@link MissingTables}. */
export const MISSING_TABLES = ['error', 'empty'] as const

/** What a table is that is known, but for which no data were given. */
export type MissingTables = (typeof MISSING_TABLES)[number]

/** Every {@link FailOn}. */
export const FAIL_ON = ['rows', 'warnings'] as const

/** What makes a command that ran end with exit code 1. */
export type FailOn = (typeof FAIL_ON)[number]
