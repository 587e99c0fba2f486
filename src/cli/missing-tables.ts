import { missingTablesOf, type Prepared } from '../api/prepare.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import type { MissingTables } from './choices.ts'
import type { Data } from './data.ts'

/** A diagnostic for each table of the query that there are no data for. */
export function missingTables(
  prepared: Pick<Prepared, 'uses'>,
  { sources }: Data,
  mode: MissingTables,
): Diagnostic[] {
  const { named, meant } = missingTablesOf(prepared.uses, name => sources.has(name))
  const missing = [
    ...named.map(({ name, span }) => ({ what: `the table \`${name}\``, option: name, span })),
    ...meant.map(({ count, span }) => ({
      what: `any of the ${count} tables that are meant`,
      option: 'NAME',
      span,
    })),
  ]
  return missing.map(({ what, option, span }) =>
    mode === 'empty'
      ? {
          code: 'KQL102',
          severity: 'warning',
          message: `No data were given for ${what}: it is empty.`,
          span,
        }
      : {
          code: 'KQL102',
          severity: 'error',
          message: `No data were given for ${what}.${given(sources.keys())}`,
          span,
          hint:
            `Give them with --data PATH or --table ${option}=PATH; ` +
            'with --missing-tables empty it is empty.',
        },
  )
}

function given(names: Iterable<string>): string {
  const list = [...names]
  return list.length === 0 ? '' : ` The data hold ${list.join(', ')}.`
}
