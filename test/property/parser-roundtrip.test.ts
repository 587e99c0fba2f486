import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseQuery } from '../../src/parser/parse.ts'
import { printSyntax } from '../../src/parser/printer.ts'
import { withoutSpans } from '../unit/parser/without-spans.ts'
import { querySyntax } from './syntax-trees.ts'

it('reading a printed tree gives the tree', () => {
  fc.assert(
    fc.property(querySyntax, tree => {
      const text = printSyntax(tree)
      const { syntax, diagnostics } = parseQuery(text)
      expect(diagnostics.filter(({ code }) => code !== 'KQL002')).toEqual([])
      if (diagnostics.length > 0) return
      expect(withoutSpans(syntax)).toEqual(withoutSpans(tree))
      // What is printed is already in its printed form.
      expect(printSyntax(syntax)).toBe(text)
    }),
    { numRuns: 500 },
  )
})
