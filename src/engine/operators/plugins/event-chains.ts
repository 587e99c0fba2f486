/** The position of the first number that is not less, in numbers that go up. */
export function firstNotBefore(times: readonly bigint[], time: bigint): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! < time) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * How many steps in a row, from the first on, are reached within so long of the first. `steps` has the
 * times of each step's events, in order; steps of the same events have the same array. Each step takes
 * another event, at the time of the one before or later.
 */
export function longestChain(steps: readonly (readonly bigint[])[], within: bigint): number {
  const [first = []] = steps
  let longest = 0
  for (let index = 0; index < first.length && longest < steps.length; index++) {
    if (index > 0 && first[index] === first[index - 1]) continue
    longest = Math.max(longest, chainFrom(steps, index, within))
  }
  return longest
}

/** The earliest event for each step leaves the most for those after it. */
function chainFrom(steps: readonly (readonly bigint[])[], start: number, within: bigint): number {
  const begin = steps[0]![start]!
  const used = new Map<readonly bigint[], number>([[steps[0]!, start]])
  let time = begin
  for (const [step, times] of steps.entries()) {
    const next = Math.max(used.get(times) ?? 0, firstNotBefore(times, time))
    if (next >= times.length || times[next]! - begin > within) return step
    used.set(times, next + 1)
    time = times[next]!
  }
  return steps.length
}

/** What happens at one time: for each event, the steps that it can be, as bits. */
export interface Moment {
  readonly time: bigint
  readonly events: number[]
}

/** How far the steps of a chain may be apart. */
export interface ChainLimits {
  readonly steps: number
  /** From a step to the next. */
  readonly gap: bigint
  /** From the first step to the last. */
  readonly span: bigint
}

/**
 * Each series of moments, as their positions, at which an event for each step can be found. A step takes
 * another event than the others, at the time of the one before or later. Also gives undefined for
 * what was looked at in vain, so that the caller can pause.
 */
export function* chains(
  moments: readonly Moment[],
  limits: ChainLimits,
): Generator<readonly number[] | undefined> {
  const canBe = momentsOfSteps(moments, limits)
  const chain: number[] = []
  function* extend(): Generator<readonly number[] | undefined> {
    const step = chain.length
    const candidates = canBe[step]
    if (candidates === undefined) {
      yield [...chain]
      return
    }
    for (let k = firstFrom(candidates, chain.at(-1) ?? 0); k < candidates.length; k++) {
      const index = candidates[k]!
      const { time } = moments[index]!
      if (step > 0) {
        if (time - moments[chain.at(-1)!]!.time > limits.gap) break
        if (time - moments[chain[0]!]!.time > limits.span) break
      }
      chain.push(index)
      if (isServed(moments[index]!, chain)) yield* extend()
      else yield undefined
      chain.pop()
    }
    yield undefined
  }
  yield* extend()
}

/** The moments that each step can be at, of those that some moment of the next step is near enough to. */
function momentsOfSteps(moments: readonly Moment[], { steps, gap }: ChainLimits): number[][] {
  const canBe: number[][] = []
  for (let step = steps - 1; step >= 0; step--) {
    const next = canBe[0]
    const own = moments.flatMap(({ time, events }, index) => {
      if (!events.some(event => event & (1 << step))) return []
      if (next === undefined) return [index]
      const after = next[firstFrom(next, index)]
      return after !== undefined && moments[after]!.time - time <= gap ? [index] : []
    })
    canBe.unshift(own)
  }
  return canBe
}

/** The first position from which the numbers, which go up, are not less. */
function firstFrom(numbers: readonly number[], least: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (numbers[middle]! < least) low = middle + 1
    else high = middle
  }
  return low
}

/** Whether the last steps, those at the last moment, can each have an event of their own. */
function isServed({ events }: Moment, chain: readonly number[]): boolean {
  const last = chain.at(-1)
  let first = chain.length
  while (first > 0 && chain[first - 1] === last) first--
  if (first === chain.length - 1) return true
  const takenBy = new Map<number, number>()
  const serve = (step: number, tried: Set<number>): boolean =>
    events.some((event, index) => {
      if (!(event & (1 << step)) || tried.has(index)) return false
      tried.add(index)
      const other = takenBy.get(index)
      if (other !== undefined && !serve(other, tried)) return false
      takenBy.set(index, step)
      return true
    })
  for (let step = first; step < chain.length; step++) if (!serve(step, new Set())) return false
  return true
}
