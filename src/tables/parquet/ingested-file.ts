import type { FileMetadata, RandomAccess } from './file-metadata.ts'
import type { IngestedForm } from './ingested-form.ts'

/** A file that kqlab ingested, or one of several of a table. */
export interface IngestedFile {
  readonly path: string
  /** In bytes. */
  readonly size: number
  readonly metadata: FileMetadata
  readonly form: IngestedForm
  /** Opens the file for one scan. */
  open(): RandomAccess & { close(): void }
}
