import type { MutantResult, MutationResult } from '../testing/mutation/mutate.ts'
import { visible } from '../text/visible.ts'
import { type LocatedFinding, sarifLog } from './sarif.ts'

const MOST_TEXT = 100

/** The mutants of rules for people: the survivors, each at its place, and the score of each rule. */
export function mutantsText(results: readonly MutationResult[]): string {
  return results.flatMap(result => [...survivorLines(result), scoreLine(result), '']).join('\n')
}

function survivorLines({ mutants }: MutationResult): string[] {
  return mutants
    .filter(({ status }) => status === 'survived' || status === 'accepted')
    .flatMap(mutant => [
      `${visible(mutant.place.file)}:${mutant.place.line}:${mutant.place.column}: ${survivorText(mutant)}`,
      ...(mutant.reason === undefined ? [] : [`    accepted: ${visible(mutant.reason)}`]),
      ...(mutant.witness === undefined ? [] : [`    ${visible(mutant.witness)}`]),
    ])
}

/** What a survivor is, in one line. */
export function survivorText({ operator, status, text, what }: MutantResult): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const short = line.length > MOST_TEXT ? `${line.slice(0, MOST_TEXT - 1)}…` : line
  return `${status} ${operator}: \`${visible(short)}\` ${visible(what.replace(/\s+/g, ' '))}`
}

function scoreLine({ rule, mutants, score }: MutationResult): string {
  const count = (status: MutantResult['status']) =>
    mutants.filter(mutant => mutant.status === status).length
  const parts = [
    `${count('killed')} killed`,
    `${count('survived')} survived`,
    ...(count('accepted') === 0 ? [] : [`${count('accepted')} accepted`]),
    `${count('equivalent')} equivalent`,
  ]
  // What is not whole is not rounded to it.
  const share = score === undefined || score === 1 ? score : Math.min(0.999, score)
  const percent = share === undefined ? 'no mutants' : `${(100 * share).toFixed(1)} %`
  return `${visible(rule)}: ${percent} (${parts.join(', ')})`
}

/** The mutants of rules as JSON: `{"score": 0..1, "mutants": [{rule, span, operator, status, …}]}`. */
export function mutantsJson(results: readonly MutationResult[]): string {
  const mutants = results.flatMap(({ rule, mutants: own }) =>
    own.map(({ place, end: _, span, text, ...mutant }) => ({
      rule,
      ...mutant,
      file: place.file,
      line: place.line,
      column: place.column,
      span,
      text,
    })),
  )
  return `${JSON.stringify({ score: totalScore(results) ?? null, mutants }, undefined, 2)}\n`
}

/** The survivors as SARIF 2.1.0, each at what was changed; those that are accepted as notes. */
export function mutantsSarif(results: readonly MutationResult[], version: string): string {
  const findings = results
    .flatMap(({ mutants }) => mutants)
    .filter(({ status }) => status === 'survived' || status === 'accepted')
    .map((mutant): LocatedFinding => {
      const { place, end, status, reason, witness } = mutant
      const hint = reason ?? witness
      return {
        ...place,
        endLine: end.line,
        endColumn: end.column,
        code: 'KQL610',
        severity: status === 'survived' ? 'warning' : 'info',
        message: survivorText(mutant),
        ...(hint === undefined ? {} : { hint }),
      }
    })
  return `${JSON.stringify(sarifLog(findings, version), undefined, 2)}\n`
}

/** Of all rules together, the share of mutants that were killed; undefined without any that count. */
export function totalScore(results: readonly MutationResult[]): number | undefined {
  const statuses = results.flatMap(({ mutants }) => mutants.map(({ status }) => status))
  const counted = statuses.filter(status => status !== 'equivalent' && status !== 'invalid')
  if (counted.length === 0) return undefined
  return counted.filter(status => status === 'killed').length / counted.length
}
