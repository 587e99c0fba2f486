/** A place outside of memory for rows that do not fit: files, where there is a file system. */
export interface SpillStore {
  /** A new, empty file. */
  create(): Promise<SpillFile>
  /** Removes all files; none can be made or read any more. Never fails. */
  close(): Promise<void>
}

/** A file of a {@link SpillStore}: written once, at its end, and read in any order. */
export interface SpillFile {
  /** How many bytes it has. */
  readonly size: number
  append(bytes: Uint8Array): Promise<void>
  read(offset: number, length: number): Promise<Uint8Array>
  /** Removes it before the store is closed. */
  remove(): Promise<void>
}
