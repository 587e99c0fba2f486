import type { PathEnd, Place, RowPath, Stage } from './explanation.ts'
import type { Traced } from './traced.ts'

/** The way so far. */
export interface Trail {
  readonly place: Place
  readonly stages: readonly Stage[]
  /** How often it came by the side of a join that decides about the rows of the other. */
  readonly asides: number
  /** The nodes that it came through which later ones look back at, of a group with its members. */
  readonly summarized?: { readonly node: Traced; readonly rows: ReadonlySet<number> }
  readonly parsed: readonly Traced[]
}

/** A way with what it is put in order by. */
export interface Way extends RowPath {
  readonly asides: number
}

/** A reader of a node: which, and by which of its inputs. */
export interface Edge {
  readonly node: Traced
  readonly input: number
}

/** What reaches a result comes first, then what came by the query's own pipe, then the farthest. */
export function byDistance(a: Way, b: Way): number {
  const isResult = (way: Way) => (way.end.kind === 'result' ? 0 : 1)
  return (
    isResult(a) - isResult(b) ||
    a.asides - b.asides ||
    RANK.indexOf(a.end.kind) - RANK.indexOf(b.end.kind) ||
    b.stages.length - a.stages.length
  )
}

/** A way that ends. */
export function endOf({ place, stages, asides }: Trail, end: PathEnd): Way {
  return { place, stages, end, asides }
}

const RANK: readonly PathEnd['kind'][] = ['result', 'unfollowed', 'used', 'dropped']

/** The stages with one more; several nodes of one operator are one stage. */
export function withStage(stages: readonly Stage[], stage: Stage): readonly Stage[] {
  const last = stages.at(-1)
  const isSame =
    last !== undefined &&
    last.place.source === stage.place.source &&
    last.place.span.start === stage.place.span.start &&
    last.place.span.end === stage.place.span.end
  if (!isSame) return [...stages, stage]
  const notes = [last.note, stage.note].filter(note => note !== undefined)
  const merged = { ...stage, rowsIn: last.rowsIn }
  const noted = notes.length === 0 ? merged : { ...merged, note: notes.join('; ') }
  return [...stages.slice(0, -1), noted]
}
