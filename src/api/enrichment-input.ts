import { Catalog } from '../tables/catalog.ts'
import type { TableSource } from '../tables/source.ts'
import { KqlError } from '../text/kql-error.ts'
import type { ScalarType } from '../types/scalar-type.ts'
import { describeInput, openTable, type TableDescription, type TableInput } from './table-input.ts'

/** A table of what an enrichment function adds. */
export interface EnrichmentDescription extends TableDescription {
  /** The columns by which rows are looked up; the first one where missing. */
  readonly keys?: readonly string[]
}

/** What an enrichment function adds: rows, a path, or either with its keys. */
export type EnrichmentInput = TableInput | EnrichmentDescription

/** A table of an enrichment function, opened. */
export interface Enrichment {
  readonly source: TableSource
  readonly keys: readonly string[]
}

/** The functions of Microsoft Defender XDR whose columns are documented. */
const DOCUMENTED: Readonly<
  Record<string, { keys: readonly string[]; schema: Readonly<Record<string, ScalarType>> }>
> = {
  // https://learn.microsoft.com/defender-xdr/advanced-hunting-fileprofile-function
  FileProfile: {
    keys: ['SHA1', 'SHA256', 'MD5'],
    schema: {
      SHA1: 'string',
      SHA256: 'string',
      MD5: 'string',
      FileSize: 'int',
      GlobalPrevalence: 'int',
      GlobalFirstSeen: 'datetime',
      GlobalLastSeen: 'datetime',
      Signer: 'string',
      Issuer: 'string',
      SignerHash: 'string',
      IsCertificateValid: 'bool',
      IsRootSignerMicrosoft: 'bool',
      SignatureState: 'string',
      IsExecutable: 'bool',
      ThreatName: 'string',
      Publisher: 'string',
      SoftwareName: 'string',
      ProfileAvailability: 'string',
    },
  },
}

/**
 * The table that an enrichment function adds the columns of. `FileProfile` has its documented columns
 * and keys, unless others are given.
 * @throws KqlError where a key is none of its columns.
 */
export async function openEnrichment(name: string, input: EnrichmentInput): Promise<Enrichment> {
  const documented = Object.hasOwn(DOCUMENTED, name) ? DOCUMENTED[name] : undefined
  const description: EnrichmentDescription = describeInput(name, input)
  const schema = description.schema ?? documented?.schema
  const table = { ...description, ...(schema === undefined ? {} : { schema }) }
  const source = await openTable(name, table, Catalog.empty(), false)
  const names = source.schema.map(column => column.name)
  const keys = description.keys ?? documented?.keys ?? names.slice(0, 1)
  const wrong = keys.find(key => !names.includes(key))
  if (wrong === undefined && keys.length > 0) return { source, keys }
  const message =
    wrong === undefined
      ? `The table of \`${name}\` has no columns.`
      : `The table of \`${name}\` has no column \`${wrong}\`, only ${names.join(', ')}.`
  throw new KqlError([{ code: 'KQL120', severity: 'error', message, span: { start: 0, end: 0 } }])
}
