import { openDataFile } from '#platform'
import { bytesFile } from '../tables/external/archive.ts'
import type { ExternalContent, ExternalResolver } from '../tables/external/external-data.ts'
import { plainAddress } from '../tables/external/external-data.ts'
import type { TableRow } from './table-input.ts'

/**
 * What stands for the data at an address that `externaldata` names: the path of a file, the bytes or
 * the text of one, or rows by the names of the columns that the query declares.
 */
export type ExternalInput =
  | string
  | Uint8Array
  | Iterable<TableRow>
  | AsyncIterable<TableRow>
  | { readonly text: string }

/** The data by address, or what gives them for an address; undefined where there are none. */
export type ExternalData =
  | Readonly<Record<string, ExternalInput>>
  | ((address: string) => ExternalInput | undefined | Promise<ExternalInput | undefined>)

/**
 * What the engine asks for external data. An address is looked for as it is, then without what
 * follows a semicolon, where storage addresses have their credentials.
 */
export function externalResolver(data: ExternalData): ExternalResolver {
  const inputAt =
    typeof data === 'function'
      ? data
      : (address: string) => (Object.hasOwn(data, address) ? data[address] : undefined)
  return async address => {
    const plain = plainAddress(address)
    const found = await inputAt(address)
    const input = found === undefined && plain !== address ? await inputAt(plain) : found
    return input === undefined ? undefined : contentOf(address, input)
  }
}

async function contentOf(address: string, input: ExternalInput): Promise<ExternalContent> {
  if (typeof input === 'string') return { kind: 'file', file: await openDataFile(input) }
  if (input instanceof Uint8Array) return { kind: 'file', file: bytesFile(address, input) }
  if ('text' in input) {
    return { kind: 'file', file: bytesFile(address, new TextEncoder().encode(input.text)) }
  }
  return { kind: 'rows', rows: input }
}
