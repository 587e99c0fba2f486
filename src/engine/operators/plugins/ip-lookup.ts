import { type ColumnBatch, NO_ROW } from '../../../tables/batch.ts'
import type { TextVector, Vector } from '../../../tables/vector.ts'
import {
  type Ipv6Words,
  maskIpv4,
  maskIpv6,
  parseIpv4,
  parseIpv6,
} from '../../../types/ip-address.ts'
import { indexOfColumn } from '../../../types/schema.ts'
import { readColumn } from '../../binder/columns.ts'
import { literal } from '../../plan/expression.ts'
import type { EvaluatePlan, NamedExpr, Plan } from '../../plan/nodes.ts'
import { KeyIndex } from '../key-index.ts'
import type { Run } from '../run.ts'
import type { PluginCall } from './call.ts'
import { plugin } from './declare.ts'
import { joined, joinedColumns } from './joined.ts'
import { allRows, inputOf, optionOf } from './running.ts'
import type { PluginParameter } from './signature.ts'

const TABLE: PluginParameter = {
  name: 'LookupTable',
  takes: 'table',
  doc: 'The networks and what is known of them.',
}
const UNMATCHED: PluginParameter = {
  name: 'return_unmatched',
  takes: 'constant bool',
  doc: 'Whether rows that match no network are given too, with nulls; false if missing.',
  optional: true,
}

/** @see https://learn.microsoft.com/kusto/query/ipv4-lookup-plugin */
export const ipv4Lookup = plugin({
  name: 'ipv4_lookup',
  doc:
    'Joins rows with the networks of a table that hold an IPv4 address of theirs: a row for each. ' +
    'Addresses with a prefix are compared by the shorter prefix.',
  parameters: [
    TABLE,
    { name: 'SourceIPv4Key', takes: 'string column', doc: 'The addresses.' },
    {
      name: 'IPv4LookupKey',
      takes: 'string column of the table',
      doc: 'The networks, in prefix notation.',
    },
    {
      name: 'ExtraKey',
      takes: 'column',
      doc: 'Columns of both that have to be equal.',
      optional: true,
      repeated: true,
    },
    UNMATCHED,
  ],
  keepsColumns: true,
  examples: [
    {
      query:
        'let N = datatable(network: string, name: string)["10.0.0.0/8", "ten"]; ' +
        'datatable(ip: string)["10.1.2.3", "192.0.2.1"] | evaluate ipv4_lookup(N, ip, network, true)',
      rows: [
        { ip: '10.1.2.3', network: '10.0.0.0/8', name: 'ten' },
        { ip: '192.0.2.1', network: '', name: '' },
      ],
    },
  ],
  bind: call => bindLookup(call, 'SourceIPv4Key', 'IPv4LookupKey', 'input'),
  execute: (plan, run) => lookup(plan, run, ipv4Key),
})

/** @see https://learn.microsoft.com/kusto/query/ipv6-lookup-plugin */
export const ipv6Lookup = plugin({
  name: 'ipv6_lookup',
  doc:
    'Joins rows with the networks of a table that hold an IPv6 address of theirs: a row for each. ' +
    'The columns of the table come first, as the service has them.',
  parameters: [
    TABLE,
    { name: 'SourceIPv6Key', takes: 'string column', doc: 'The addresses.' },
    {
      name: 'IPv6LookupKey',
      takes: 'string column of the table',
      doc: 'The networks, in prefix notation.',
    },
    UNMATCHED,
  ],
  keepsColumns: true,
  examples: [
    {
      query:
        'let N = datatable(network: string, name: string)["2001:db8::/32", "docs"]; ' +
        'datatable(ip: string)["2001:db8::1", "fe80::1"] | evaluate ipv6_lookup(N, ip, network)',
      rows: [{ network: '2001:db8::/32', name: 'docs', ip: '2001:db8::1' }],
    },
  ],
  bind: call => bindLookup(call, 'SourceIPv6Key', 'IPv6LookupKey', 'table'),
  execute: (plan, run) => lookup(plan, run, ipv6Key),
})

function bindLookup(
  call: PluginCall,
  sourceName: string,
  networkName: string,
  first: 'input' | 'table',
): Plan {
  const { binder, input, span } = call
  const table = call.table('LookupTable')
  const source = call.columnOf(sourceName, ['string'])
  const network = call.syntax(networkName)
  if (table === undefined || network === undefined) return call.failedPlan()
  const networks = call.columnAt(network, table)
  if (networks !== undefined && networks.type !== 'string' && !binder.isFailedColumn(networks)) {
    call.fail('KS141', 'The column must have the type string.', network.span)
  }
  // The last of the further keys may be return_unmatched, which then has no name.
  const extras = [...call.all('ExtraKey')]
  const last = extras.at(-1)
  const flag = last?.kind === 'literal' && last.type === 'bool' ? extras.pop() : undefined
  const unmatched =
    flag === undefined ? call.constant('return_unmatched', 'bool') : binder.constant(flag, 'bool')
  const keys = extras.flatMap(syntax => {
    const [own, other] = [call.columnAt(syntax), call.columnAt(syntax, table)]
    if (own === undefined || other === undefined) return []
    const failed = binder.isFailedColumn(own) || binder.isFailedColumn(other)
    if (!failed && own.type !== other.type) {
      const message = `\`${own.name}\` is ${own.type} here and ${other.type} in the table.`
      call.fail('KS106', message, syntax.span)
    }
    return [own]
  })
  if (call.failed || source === undefined || networks === undefined) return call.failedPlan()
  const shared = new Set(keys.map(({ name }) => name))
  const added = table.schema.filter(({ name }) => !shared.has(name))
  const columns = joinedColumns(call, input.schema, added)
  const options = {
    source: literal('string', source.name, span),
    network: literal('string', networks.name, span),
    keys: literal('dynamic', [...shared], span),
    unmatched,
  }
  const plan = call.evaluate([input, table], columns, options)
  if (first === 'input' || call.failed) return plan
  const width = input.schema.length
  const order = [...columns.slice(width), ...columns.slice(0, width)]
  return call.project(
    plan,
    order.map(
      (column): NamedExpr => ({ name: column.name, expr: readColumn(binder, column, span) }),
    ),
  )
}

/** An address: its bits, how many of them count, and a key of the first of them. */
interface Address {
  readonly prefix: number
  key(prefix: number): string
}

function ipv4Key(text: string): Address | undefined {
  const ip = parseIpv4(text)
  return ip === null
    ? undefined
    : { prefix: ip.prefix, key: prefix => String(maskIpv4(ip.address, prefix)) }
}

function ipv6Key(text: string): Address | undefined {
  const ip = parseIpv6(text)
  return ip === null
    ? undefined
    : { prefix: ip.prefix, key: prefix => wordsKey(maskIpv6(ip.words, prefix)) }
}

function wordsKey(words: Ipv6Words): string {
  return words.join(':')
}

/** Finds the rows of a table whose networks match an address, in their order. */
class Networks {
  readonly #networks: {
    readonly address: Address
    readonly row: number
    readonly group: number
  }[] = []
  /** Rows by group and first bits, for each number of bits that is asked for. */
  readonly #byLength = new Map<string, Map<string, number[]>>()
  readonly #lengths: number[]

  constructor(
    texts: TextVector,
    groups: Uint32Array,
    length: number,
    parse: (text: string) => Address | undefined,
  ) {
    for (let row = 0; row < length; row++) {
      const address = parse(texts.at(row))
      if (address !== undefined) this.#networks.push({ address, row, group: groups[row]! })
    }
    this.#lengths = [...new Set(this.#networks.map(({ address }) => address.prefix))]
  }

  find(address: Address, group: number): number[] {
    const rows: number[] = []
    for (const length of this.#lengths) {
      const bits = Math.min(length, address.prefix)
      const found = this.#index(length, bits).get(`${group} ${address.key(bits)}`)
      // One by one: there may be more than arguments of a call.
      for (const row of found ?? []) rows.push(row)
    }
    return rows.sort((a, b) => a - b)
  }

  /** The networks of that length by their first bits. */
  #index(length: number, bits: number): Map<string, number[]> {
    const name = `${length} ${bits}`
    let index = this.#byLength.get(name)
    if (index === undefined) {
      index = new Map()
      for (const { address, row, group } of this.#networks) {
        if (address.prefix !== length) continue
        const key = `${group} ${address.key(bits)}`
        const rows = index.get(key)
        if (rows === undefined) index.set(key, [row])
        else rows.push(row)
      }
      this.#byLength.set(name, index)
    }
    return index
  }
}

async function* lookup(
  plan: EvaluatePlan,
  run: Run,
  parse: (text: string) => Address | undefined,
): AsyncGenerator<ColumnBatch> {
  const input = inputOf(plan)
  const table = await allRows(plan, run, 1)
  const names = (await optionOf(plan, 'keys', run)) as readonly string[]
  const unmatched = (await optionOf(plan, 'unmatched', run)) === true
  const source = indexOfColumn(input.schema, (await optionOf(plan, 'source', run)) as string)
  const network = indexOfColumn(table.schema, (await optionOf(plan, 'network', run)) as string)
  const keysOf = ({ schema, columns }: ColumnBatch): Vector[] =>
    names.map(name => columns[indexOfColumn(schema, name)]!)
  const index = new KeyIndex(keysOf(table).map(({ type }) => type))
  const groups = new Uint32Array(table.length)
  if (names.length > 0 && table.length > 0) index.assign(keysOf(table), table.rows, groups)
  const texts = table.columns[network] as TextVector
  const networks = new Networks(texts, groups, table.length, parse)
  const added = table.columns.filter((_, position) => !names.includes(table.schema[position]!.name))
  for await (const batch of run.execute(input)) {
    const addresses = batch.columns[source] as TextVector
    const own = new Uint32Array(batch.length)
    if (names.length > 0) index.find(keysOf(batch), batch.rows, own)
    const found = new Map<string, readonly number[]>()
    const left: number[] = []
    const right: number[] = []
    for (const row of batch.rows) {
      const key = `${own[row]} ${addresses.at(row)}`
      let rows = found.get(key)
      if (rows === undefined) {
        const address = own[row] === NO_ROW ? undefined : parse(addresses.at(row))
        rows = address === undefined ? [] : networks.find(address, own[row]!)
        found.set(key, rows)
      }
      for (const other of rows.length === 0 && unmatched ? [NO_ROW] : rows) {
        left.push(row)
        right.push(other)
      }
      if (left.length < run.batchSize) continue
      await run.pause(left.length)
      yield joined(plan.schema, batch.columns, added, left.splice(0), right.splice(0))
    }
    if (left.length > 0) yield joined(plan.schema, batch.columns, added, left, right)
  }
}
