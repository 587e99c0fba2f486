import type { RuleReplay } from './replay.ts'

/** How much a rule does in a day, on the average over its runs. */
export interface DailyFigures {
  readonly alerts: number
  readonly incidents: number
}

const DAY = 864_000_000_000n

/**
 * Alerts and incidents a day, over the time that the runs stand for. undefined where that is less than a
 * day: the hours that there are would be taken for all hours.
 */
export function dailyFigures(
  runs: RuleReplay['runs'],
  frequency: bigint,
  alerts: number,
  incidents: number,
): DailyFigures | undefined {
  const [first, last] = [runs[0], runs.at(-1)]
  if (first === undefined || last === undefined || runs.length < 2) return undefined
  const span = last.time - first.time + frequency
  if (span < DAY) return undefined
  const days = Number(span) / Number(DAY)
  return { alerts: alerts / days, incidents: incidents / days }
}

/** A figure for people: with a decimal where it is small, so that a rare thing is not nothing. */
export function figureText(figure: number): string {
  if (figure === 0) return '0'
  if (figure < 0.1) return 'less than 0.1'
  return figure < 10 ? String(Math.round(figure * 10) / 10) : String(Math.round(figure))
}
