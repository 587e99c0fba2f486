import type { BinarySyntax } from '../../parser/syntax.ts'

/** An operator with a text that stands for a search term. */
export interface SearchTerm {
  readonly operator: BinarySyntax['operator']
  readonly text: string
}

/**
 * What a term asks of a text: `a` a word, `a*` and `*a` the start or end of one, `*a*` a part of the
 * text, `a*b` a word that begins and ends like this.
 */
export function searchTerm(term: string, caseSensitive: boolean): SearchTerm {
  const inner = term.replace(/^\*|\*$/g, '')
  const [open, end] = [term.startsWith('*'), term.length > 1 && term.endsWith('*')]
  if (inner.includes('*')) {
    const parts = inner.split('*').map(part => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    const pattern = `${open ? '' : '\\b'}${parts.join('.*')}${end ? '' : '\\b'}`
    return { operator: 'matches regex', text: caseSensitive ? pattern : `(?i)${pattern}` }
  }
  if (inner === '') return { operator: 'contains', text: '' }
  const operator = open && end ? 'contains' : open ? 'hassuffix' : end ? 'hasprefix' : 'has'
  return { operator: caseSensitive ? `${operator}_cs` : operator, text: inner }
}

/** `column:'term'`, as the operator that it stands for. */
export function columnTerm(node: BinarySyntax, caseSensitive: boolean): BinarySyntax {
  const { right } = node
  if (right.kind === 'literal' && right.type === 'string' && typeof right.value === 'string') {
    const { operator, text } = searchTerm(right.value, caseSensitive)
    return { ...node, operator, right: { ...right, value: text } }
  }
  return { ...node, operator: caseSensitive ? 'has_cs' : 'has' }
}
