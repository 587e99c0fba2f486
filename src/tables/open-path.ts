import type { Schema } from '../types/schema.ts'
import type { Catalog } from './catalog.ts'

/** How a table in files is opened by path. */
export interface OpenPathOptions {
  /** The tables that records may belong to, and their columns. */
  readonly catalog: Catalog
  /** Replaces the catalog's columns exactly. */
  readonly schema?: Schema
  /** Whether the table has just the catalog's columns, whatever others the files have. */
  readonly exact?: boolean
}
