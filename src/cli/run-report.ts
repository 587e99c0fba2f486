import type { Rule } from '../rules/rule.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import { unreachable } from '../text/internal-error.ts'
import { formatDatetime } from '../types/datetime.ts'
import type { Schema } from '../types/schema.ts'
import type { RunFormat } from './choices.ts'
import type { RowSink } from './execute.ts'
import { columnsJson, rowJson } from './formats/json.ts'
import { objectJson } from './formats/ndjson.ts'
import { countText, TablePrinter, visible } from './formats/table.ts'
import type { QueryFile } from './query-files.ts'
import type { QueryText } from './query-text.ts'
import { LineWriter, type Output } from './terminal.ts'

/** A file with a rule in it. */
export interface RuleFile extends QueryFile {
  readonly rule: Rule
  readonly query: QueryText
}

/** The time at which the rules run, and where it comes from. */
export interface RunTime {
  readonly now: bigint
  readonly from: 'given' | 'data' | 'clock'
}

/** What all rules together gave. */
export interface RunTotals {
  readonly rules: number
  readonly failed: number
  readonly withRows: number
  readonly rows: number
}

/** Prints the results of rules, one after the other. */
export interface RunReport {
  begin(): Promise<void>
  /** Takes the rows of a rule. */
  rows(file: RuleFile, schema: Schema): RowSink
  /** Says that a rule failed; the reason was reported. */
  failed(file: RuleFile): Promise<void>
  end(totals: RunTotals): Promise<void>
}

/** The report in a format. */
export function runReport(format: RunFormat, time: RunTime, out: Output): RunReport {
  switch (format) {
    case 'table':
      return new TextReport(time, out)
    case 'json':
      return new JsonReport(time, out)
    case 'ndjson':
      return new NdjsonReport(out)
    default:
      return unreachable(format)
  }
}

class TextReport implements RunReport {
  readonly #time: RunTime
  readonly #out: Output

  constructor(time: RunTime, out: Output) {
    this.#time = time
    this.#out = out
  }

  async begin(): Promise<void> {
    const now = formatDatetime(this.#time.now)
    switch (this.#time.from) {
      case 'data':
        return this.#out.write(`now is ${now}, the newest TimeGenerated in the data.\n\n`)
      case 'clock':
        return this.#out.write(
          `now is ${now}, by the clock: what the rules read has no TimeGenerated.\n\n`,
        )
      case 'given':
        return this.#out.write(`now is ${now}.\n\n`)
    }
  }

  rows(file: RuleFile, schema: Schema): RowSink {
    const table = new TablePrinter(schema, this.#out)
    let isHeaded = false
    // Of very many rows the first ones are printed before the last have come.
    const head = async (): Promise<void> => {
      if (!isHeaded) await this.#out.write(this.#heading(file))
      isHeaded = true
    }
    return {
      batch: async batch => {
        await head()
        await table.batch(batch)
      },
      end: async () => {
        await head()
        if (table.rowCount === 0) await this.#out.write('0 rows\n')
        else await table.end()
        await this.#out.write('\n')
      },
    }
  }

  failed(file: RuleFile): Promise<void> {
    return this.#out.write(`${this.#heading(file)}failed\n\n`)
  }

  end(totals: RunTotals): Promise<void> {
    const { rules, failed, withRows, rows } = totals
    const failures = failed === 0 ? '' : `, ${failed} failed`
    return this.#out.write(
      `${countText(rules, 'rule')}${failures}, ${withRows} with rows, ${countText(rows, 'row')}.\n`,
    )
  }

  #heading({ rule }: RuleFile): string {
    const kind = [...(rule.severity === undefined ? [] : [rule.severity]), rule.kind].join(', ')
    const name = visible(rule.name)
    return `${this.#out.color ? `\u001b[1m${name}\u001b[0m` : name} [${kind}]\n`
  }
}

/** What a report says of a rule besides its rows. */
function ruleData({ rule, path }: RuleFile): Record<string, unknown> {
  const { id, name, kind, severity } = rule
  return { file: path, id: id ?? null, name, kind, severity: severity ?? null }
}

/** `{"now":…,"rules":[{…,"columns":[…],"rows":[[…]]}]}`; of a rule that failed `"failed":true`. */
class JsonReport implements RunReport {
  readonly #time: RunTime
  readonly #lines: LineWriter
  #count = 0

  constructor(time: RunTime, out: Output) {
    this.#time = time
    this.#lines = new LineWriter(out)
  }

  async begin(): Promise<void> {
    await this.#lines.add(`{"now":${JSON.stringify(formatDatetime(this.#time.now))},"rules":[\n`)
  }

  rows(file: RuleFile, schema: Schema): RowSink {
    const rows: string[] = []
    return {
      batch: async batch => {
        for (const row of batch.rows) rows.push(rowJson(batch, row))
      },
      end: () =>
        this.#rule(file, `"columns":${columnsJson(schema)},"rows":[\n${rows.join(',\n')}\n]`),
    }
  }

  failed(file: RuleFile): Promise<void> {
    return this.#rule(file, '"failed":true')
  }

  async end(): Promise<void> {
    await this.#lines.add('\n]}\n')
    await this.#lines.flush()
  }

  async #rule(file: RuleFile, members: string): Promise<void> {
    const separator = this.#count++ === 0 ? '' : ',\n'
    await this.#lines.add(`${separator}${JSON.stringify(ruleData(file)).slice(0, -1)},${members}}`)
    await this.#lines.flush()
  }
}

/** `{"rule":{…},"row":{…}}`, a row a line. */
class NdjsonReport implements RunReport {
  readonly #lines: LineWriter

  constructor(out: Output) {
    this.#lines = new LineWriter(out)
  }

  async begin(): Promise<void> {
    await this.#lines.flush()
  }

  rows(file: RuleFile, schema: Schema): RowSink {
    const names = schema.map(column => JSON.stringify(column.name))
    const rule = JSON.stringify(ruleData(file))
    return {
      batch: async (batch: ColumnBatch) => {
        for (const row of batch.rows) {
          await this.#lines.add(`{"rule":${rule},"row":${objectJson(names, batch, row)}}\n`)
        }
      },
      end: () => this.#lines.flush(),
    }
  }

  failed(): Promise<void> {
    return this.#lines.flush()
  }

  end(): Promise<void> {
    return this.#lines.flush()
  }
}
