import { DataFileError } from '../formats/data-file.ts'

/** The fault of a Parquet file that is damaged, cut off, or not written as it says. */
export function parquetFault(what: string): DataFileError {
  return new DataFileError(`Its Parquet data cannot be read: ${what}.`)
}
