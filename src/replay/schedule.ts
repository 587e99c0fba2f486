/** A schedule: a run at the anchor, and one each frequency before and after it, for ever. */
export interface Schedule {
  readonly anchor: bigint
  readonly frequency: bigint
}

/** The first run of the schedule not before a time. */
export function firstRunFrom({ anchor, frequency }: Schedule, time: bigint): bigint {
  const steps = (time - anchor) / frequency
  const run = anchor + steps * frequency
  return run < time ? run + frequency : run
}

/** The runs of the schedule from one time to another, both included. */
export function* runsBetween(schedule: Schedule, from: bigint, to: bigint): Generator<bigint> {
  for (let run = firstRunFrom(schedule, from); run <= to; run += schedule.frequency) yield run
}

/** The anchor where none is given: the first full multiple of the frequency after the first row. */
export function defaultAnchor(first: bigint, frequency: bigint): bigint {
  return (first / frequency) * frequency + frequency
}
