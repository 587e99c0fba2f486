import type { ExternalContent } from '../../tables/external/external-data.ts'
import { externalTable } from '../../tables/external/external-table.ts'
import { DataFileError } from '../../tables/formats/data-file.ts'
import type { TableSource } from '../../tables/source.ts'
import type { Span } from '../../text/span.ts'
import { LocatedQueryError } from '../evaluator/evaluator.ts'
import { QueryError } from '../functions/query-error.ts'
import type { Expr, ExternalPlan } from '../plan/nodes.ts'
import type { Executor, Run } from './run.ts'
import { scanContext } from './sources.ts'

/** The rows at each address, in order. */
export const executeExternal: Executor<ExternalPlan> = async function* (plan, run) {
  const sources: TableSource[] = []
  for (const address of plan.addresses) sources.push(await openAddress(address, plan, run))
  const columns = plan.schema.map(({ name, type }) => ({ name, type, column: name }))
  for (const source of sources) {
    for await (const batch of source.scan({ columns }, scanContext(run))) {
      await run.pause(batch.rowCount)
      if (batch.rowCount > 0) yield batch
    }
  }
}

async function openAddress(expr: Expr, plan: ExternalPlan, run: Run): Promise<TableSource> {
  const { span } = expr
  const value = (await run.compile(expr, [])).constant?.value
  if (typeof value !== 'string' || value === '') {
    throw fault('KS107', 'The address of external data is empty.', span)
  }
  try {
    const content = await contentAt(value, span, run)
    return await externalTable(value, content, plan.reading, run.signal)
  } catch (error) {
    if (!(error instanceof DataFileError)) throw error
    throw fault('KQL103', `The external data '${value}' cannot be read: ${error.message}`, span)
  }
}

async function contentAt(address: string, span: Span, run: Run): Promise<ExternalContent> {
  const content = await run.external(address)
  if (content !== undefined) return content
  throw fault(
    'KQL102',
    `No data was given for the external data '${address}': addresses are never opened.`,
    span,
    'Download it, and give the file: option externalData.',
  )
}

function fault(
  code: QueryError['code'],
  message: string,
  span: Span,
  hint?: string,
): LocatedQueryError {
  return new LocatedQueryError(new QueryError(code, message, undefined, hint), span)
}
