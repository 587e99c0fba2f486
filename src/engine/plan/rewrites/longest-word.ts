/**
 * The longest run of ASCII letters and digits in a text, in lower case. A short one is in most
 * records, and one of digits, or e, may be written otherwise: 1e3 for 1000.
 */
export function longestWord(text: string): string | undefined {
  return longestOf(text.match(/[A-Za-z0-9]+/g) ?? [])
}

/** The longest of runs that can be looked for. */
export function longestOf(runs: readonly string[]): string | undefined {
  const longest = runs
    .filter(run => run.length >= 4 && /[A-DF-Za-df-z]/.test(run) && !isOfNumber(run))
    .reduce((best, run) => (run.length > best.length ? run : best), '')
  return longest === '' ? undefined : longest.toLowerCase()
}

/** Whether a number beyond all has it in its text, which records write as 1e999. */
function isOfNumber(run: string): boolean {
  return 'infinity'.includes(run.toLowerCase())
}
