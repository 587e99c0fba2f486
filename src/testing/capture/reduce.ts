/**
 * The fewest of the items for which the test still holds, as far as leaving out any one of them, or
 * any run of neighbours, tells: Zeller's delta debugging. The test holds for all of them.
 */
export async function reduced<T>(
  items: readonly T[],
  holds: (items: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let kept = items
  let parts = 2
  while (kept.length > 0) {
    const size = Math.max(1, Math.ceil(kept.length / parts))
    const smaller = await smallerOf(kept, size, holds)
    if (smaller !== undefined) {
      parts = smaller.length <= size ? 2 : Math.max(2, parts - 1)
      kept = smaller
    } else if (size === 1) return kept
    else parts = Math.min(kept.length, parts * 2)
  }
  return kept
}

/** A chunk that is enough by itself, or else what is left without a chunk. */
async function smallerOf<T>(
  items: readonly T[],
  size: number,
  holds: (items: readonly T[]) => Promise<boolean>,
): Promise<readonly T[] | undefined> {
  if (items.length > size) {
    for (let at = 0; at < items.length; at += size) {
      const chunk = items.slice(at, at + size)
      if (await holds(chunk)) return chunk
    }
  }
  for (let at = 0; at < items.length; at += size) {
    const rest = [...items.slice(0, at), ...items.slice(at + size)]
    if (await holds(rest)) return rest
  }
  return undefined
}
