/** A row of a result as text: equal for equal rows. */
export function textOfRow(row: readonly unknown[]): string {
  return JSON.stringify(row, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  )
}
