import { type CST, isScalar, type Pair, type Scalar, type YAMLMap } from 'yaml'
import type { Span } from '../text/span.ts'
import { type ScalarStyle, scalarOffsets } from './scalar-offsets.ts'

/** The entry of a map by its name. */
export function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && key.value === name)
}

/** A message of the YAML reader with a full stop. */
export function sentence(message: string): string {
  if (message.startsWith('Source contains multiple documents')) {
    return 'A second document begins here; a file has one.'
  }
  return /[.!?]$/.test(message) ? message : `${message}.`
}

/** The function from places in the value of a scalar to places in the file. */
export function scalarPlaces(file: string, node: Scalar<string>): (span: Span) => Span {
  const whole = { start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 }
  const place = placeOf(node.srcToken)
  const offsets = place && scalarOffsets(file, place.start, place.end, place.style, node.value)
  if (offsets === undefined) return () => whole
  const length = node.value.length
  const at = (offset: number) => offsets[Math.max(0, Math.min(offset, length))] as number
  // The end comes from the last character: the one after may be on another line.
  return ({ start, end }) =>
    end > start ? { start: at(start), end: at(end - 1) + 1 } : { start: at(start), end: at(start) }
}

/** Where the text of a scalar stands, without quotes and header. */
function placeOf(
  token: CST.Token | undefined,
): { start: number; end: number; style: ScalarStyle } | undefined {
  switch (token?.type) {
    case 'block-scalar': {
      const header = token.props.map(prop => ('source' in prop ? String(prop.source) : '')).join('')
      const start = token.offset + header.length
      const style = header.startsWith('>') ? 'folded' : 'literal'
      return { start, end: start + token.source.length, style }
    }
    case 'scalar':
      return { start: token.offset, end: token.offset + token.source.length, style: 'plain' }
    case 'single-quoted-scalar':
    case 'double-quoted-scalar': {
      const style = token.type === 'single-quoted-scalar' ? 'single-quoted' : 'double-quoted'
      return { start: token.offset + 1, end: token.offset + token.source.length - 1, style }
    }
    default:
      return undefined
  }
}
