/**
 * For each of so many wanted things the position of one of those that came which fits it, each taken once,
 * so that as many as possible have one: a maximum matching, found by paths that free a thing which is
 * taken. Things at the same place are tried first.
 */
export function mostPairs(
  wanted: number,
  got: number,
  fits: (wanted: number, got: number) => boolean,
): (number | undefined)[] {
  const partners = new Array<number | undefined>(wanted).fill(undefined)
  const owners = new Array<number | undefined>(got).fill(undefined)
  for (let start = 0; start < wanted; start++) {
    const from = new Map<number, number>()
    const queue = [start]
    let free: number | undefined
    for (let at = 0; at < queue.length && free === undefined; at++) {
      const index = queue[at] as number
      // Lists mostly have the order of what came.
      for (let step = 0; step < got; step++) {
        const candidate = (index + step) % got
        if (from.has(candidate) || !fits(index, candidate)) continue
        from.set(candidate, index)
        const owner = owners[candidate]
        if (owner === undefined) {
          free = candidate
          break
        }
        queue.push(owner)
      }
    }
    while (free !== undefined) {
      const index = from.get(free) as number
      const before = partners[index]
      partners[index] = free
      owners[free] = index
      free = before
    }
  }
  return partners
}
