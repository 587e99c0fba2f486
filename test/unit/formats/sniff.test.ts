import { describe, expect, it } from 'vitest'
import type { Container } from '../../../src/tables/formats/container.ts'
import type { Sniffed } from '../../../src/tables/formats/sniff.ts'
import { sniff } from '../../../src/tables/formats/sniff.ts'

const encoder = new TextEncoder()

function sniffText(text: string, name = 'x.json', whole = true): Sniffed {
  return sniff(encoder.encode(text), whole, name)
}

function container(text: string, name?: string, whole?: boolean): Container {
  const found = sniffText(text, name, whole)
  if (found.kind !== 'container') throw new Error(JSON.stringify(found))
  return found.container
}

describe('sniff', () => {
  it.each([
    ['{"TimeGenerated":"2024-01-01","Type":"AuditLogs"}\n{"TimeGenerated":"2024-01-01"}', 'NDJSON'],
    ['{"time":"2024-01-01","category":"AuditLogs","properties":{}}', 'NDJSON'],
    ['\n\n  {"a":1}\r\n{"a":2}', 'NDJSON'],
    ['{"TimeGenerated":"2024-01-01","records":[{"a":1}]}', 'NDJSON'],
    ['{"a":1}{"a":2}', 'JSON'],
    ['{\n "a": 1\n}', 'JSON'],
    ['[{"a":1},{"a":2}]', 'JSON array'],
    ['[]', 'JSON array'],
    ['[\n]\n', 'JSON array'],
    ['[{"TableName":"PrimaryResult","Computer":"x"}]', 'JSON array'],
    ['{"records":[{"a":1}]}', 'JSON with records'],
    ['{"records":[{"a":1}]}{"records":[]}', 'JSON with records'],
    ['{"records":[]}\n{"records":[]}', 'JSON with records'],
    [
      '{"tables":[{"name":"PrimaryResult","columns":[{"name":"a","type":"long"}],"rows":[[1]]}]}',
      'Log Analytics query response',
    ],
    [
      '{"tables":[{"name":"PrimaryResult","rows":[],"columns":[]}]}',
      'Log Analytics query response',
    ],
    [
      '{"Tables":[{"TableName":"Table_0","Columns":[{"ColumnName":"a"}],"Rows":[]}]}',
      'Kusto v1 response',
    ],
    ['[{"FrameType":"DataSetHeader"},{"FrameType":"DataTable"}]', 'Kusto v2 response'],
    [
      '{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#auditLogs/signIns","value":[{"id":"1"}]}',
      'Microsoft Graph response',
    ],
    ['{"value":[{"id":"1"}],"@odata.nextLink":"x"}', 'JSON with value'],
    [
      '{"schema":[{"name":"Timestamp","type":"DateTime"}],"results":[{}]}',
      'Defender hunting response',
    ],
    [
      '{"Stats":{},"Schema":[{"Name":"Timestamp","Type":"DateTime"}],"Results":[{}]}',
      'Defender hunting response',
    ],
    ['{"Results":[{"a":"1"}],"Render":null}', 'JSON with Results'],
    // A line of it may be a record of its own.
    [
      '{"runs":[\n{"ruleId":"1","time":"2024-01-01","status":"fired"}\n],\n"alerts":[\n{"Type":"SecurityAlert"}\n]}',
      'JSON of a replay',
    ],
    ['{"runs":[\n],\n"alerts":[\n],\n"incidents":[\n]}', 'JSON of a replay'],
  ])('%s is %s', (text, format) => {
    expect(container(text).format).toBe(format)
  })

  it('takes a member for a column where its table is said to have that', () => {
    const lines = encoder.encode('{"value":[]}\n{"value":[{"a":1}]}')
    const format = (...columns: string[]) => {
      const found = sniff(lines, true, 'x.json', new Set(columns))
      return found.kind === 'container' && found.container.format
    }
    expect(format('value')).toBe('NDJSON')
    expect(format('a', 'Value')).toBe('JSON with value')
  })

  it('tells lines from one document where only the beginning is at hand', () => {
    expect(container('{"a":1}\n{"a":', 'x.json', false).format).toBe('NDJSON')
    expect(container(`{"a":"${'x'.repeat(100)}`, 'x.json', false).format).toBe('JSON')
    const response =
      '{"tables":[{"name":"PrimaryResult","columns":[{"name":"a","type":"long"}],"rows":[[1'
    expect(container(response, 'x.json', false).format).toBe('Log Analytics query response')
    expect(container('{"schema":[{"name":"a","type":"x"}', 'x.json', false).format).toBe(
      'Defender hunting response',
    )
    expect(container('{"runs":[\n{"ruleId":"1","status":"quiet"},\n', 'x.json', false).format).toBe(
      'JSON of a replay',
    )
  })

  it('takes lines for lines though the first is damaged', () => {
    expect(container('{"a":1,\n{"a":2}\n{"a":3}\n').format).toBe('NDJSON')
  })

  it.each([
    ['TimeGenerated [UTC],Type\n', 'x.txt', ','],
    ['$table,a\n1,2', 'x', ','],
    ['"TimeGenerated","a"\n', 'x', ','],
    ['TimeGenerated;a\r\n', 'x', ';'],
    ['TimeGenerated\ta\r\n', 'x', '\t'],
    ['Name,Count\na,1\n', 'x.csv', ','],
    ['Name\na\n', 'x.csv.gz', ','],
    ['Name,Count\na,1\n', 'x.csv.zst', ','],
    ['PKey,Value\na,1\n', 'x.csv', ','],
    ['BZhost,Value\na,1\n', 'x.csv', ','],
    ['Bytes %,Src:IP,What?\n1,2,3\n', 'x.csv', ','],
    ['A & B;C, D;E\n1;2;3\n', 'x.csv', ';'],
    ['Src:IP\n10.0.0.1\n', 'x.csv', ','],
    [',a,b\n0,1,2\n', 'x.csv', ','],
    ['a;b;\n1;2;\n', 'x.csv', ';'],
    ['TimeGenerated,Bytes %\n', 'x', ','],
    ['Gerät,Größe\na,1\n', 'x.csv', ','],
    ['Ge\u0308rat;名前\na;1\n', 'x.csv', ';'],
    ['Name\tCount\na\t1\n', 'x.tsv', '\t'],
  ])('%j in %s is CSV', (text, name, delimiter) => {
    expect(container(text, name)).toEqual({ kind: 'csv', format: 'CSV', delimiter })
  })

  it.each([
    ['PAR1\x15\x04', 'It is a Parquet file, which kqlab reads only from disk and not packed.'],
    ['PK\x03\x04', 'It is a ZIP archive: unpack it.'],
    ['[1,2]', 'It is a JSON array whose elements are not objects.'],
    ['\x01\x02\x03', 'It is neither JSON nor CSV text.'],
    [
      'Name,Count\na,1\n',
      'It is not JSON, and CSV is told by a name that ends in .csv, or a column TimeGenerated. It begins with "Name,Count".',
    ],
    [
      'Jan 1 host sshd[1]: x, y',
      'It is neither JSON nor CSV text. It begins with "Jan 1 host sshd[1]: x, y".',
    ],
  ])('%j is refused', (text, message) => {
    expect(sniffText(text, 'x.log')).toEqual({ kind: 'refused', message })
  })

  it.each([
    [0x28, 0xb5, 0x2f, 0xfd, 0],
    [0x1f, 0x8b, 8, 0],
  ])('refuses what is still compressed after it was decompressed', (...magic) => {
    expect(sniff(Uint8Array.from(magic), true, 'x.json.zst')).toMatchObject({
      message: 'It is compressed twice: decompress it once.',
    })
  })

  it.each(['<!DOCTYPE html>\n', '<a>,<b>\n', 'a,"b\n', 'a,b\r1,2\r3,4\r', ',,\n1,2,3\n'])(
    '%j in x.csv is refused',
    text => {
      expect(sniffText(text, 'x.csv').kind).toBe('refused')
    },
  )

  it.each(['', ' \n\n', '\0\0'])('%j is empty', text => {
    expect(sniffText(text)).toEqual({ kind: 'empty' })
  })
})
