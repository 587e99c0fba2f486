import type { DataFile } from '../formats/data-file.ts'
import type { Row } from '../infer-schema.ts'

/** What stands for the data at an address: a file, or rows by the names of their columns. */
export type ExternalContent =
  | { readonly kind: 'file'; readonly file: DataFile }
  | { readonly kind: 'rows'; readonly rows: Iterable<Row> | AsyncIterable<Row> }

/**
 * What stands for the data at an address; undefined where nothing does.
 * @throws DataFileError where it cannot be read.
 */
export type ExternalResolver = (
  address: string,
) => ExternalContent | undefined | Promise<ExternalContent | undefined>

/** The address without what follows a semicolon: how to be let in. */
export function plainAddress(address: string): string {
  const semicolon = address.indexOf(';')
  return semicolon < 0 ? address : address.slice(0, semicolon)
}
