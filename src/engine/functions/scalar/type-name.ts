import { type Dynamic, dynamicTag } from '../../../types/dynamic.ts'

/** What `gettype()` says of a dynamic. Measured: a real is a `double` there, a bag a `dictionary`. */
export function typeName(value: Dynamic): string {
  const tag = dynamicTag(value)
  if (tag === 'bag') return 'dictionary'
  return tag === 'real' ? 'double' : tag
}
