import type { Prepared } from '../api/prepare.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import type { MissingTables } from './choices.ts'
import type { Data } from './data.ts'

/** A diagnostic for each table of the query that there are no data for. */
export function missingTables(
  prepared: Pick<Prepared, 'places'>,
  { sources }: Data,
  mode: MissingTables,
): Diagnostic[] {
  return [...prepared.places]
    .filter(([name]) => !sources.has(name))
    .map(([name, span]) =>
      mode === 'empty'
        ? {
            code: 'KQL102',
            severity: 'warning',
            message: `No data were given for the table \`${name}\`: it is empty.`,
            span,
          }
        : {
            code: 'KQL102',
            severity: 'error',
            message: `No data were given for the table \`${name}\`.${given(sources.keys())}`,
            span,
            hint:
              `Give them with --data PATH or --table ${name}=PATH; ` +
              'with --missing-tables empty it is empty.',
          },
    )
}

function given(names: Iterable<string>): string {
  const list = [...names]
  return list.length === 0 ? '' : ` The data hold ${list.join(', ')}.`
}
