import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { projectRoot } from './package-files.ts'

/**
 * What the core must not do and no linter rule forbids: make code from text, and read the wall
 * clock. The text of each fault in `source`, with its line.
 */
function faults(path: string, source: string): string[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const callee = node.expression.getText(file).replace(/^globalThis\./, '')
      const bare = (node.arguments?.length ?? 0) === 0
      const makesCode = callee === 'eval' || callee === 'Function'
      const readsClock =
        /^(Date|performance|DateTime)\.now$/.test(callee) ||
        (callee === 'Date' && (bare || ts.isCallExpression(node))) ||
        (/^DateTime\.(local|utc)$/.test(callee) && bare)
      if (makesCode || readsClock) {
        const { line } = file.getLineAndCharacterOfPosition(node.getStart(file))
        found.push(`${path}:${line + 1}: ${node.getText(file)}`)
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

describe('the sources of the core', () => {
  const core = globSync('src/{text,types,geo,lexer,parser,tables,engine}/**/*.ts', {
    cwd: projectRoot,
  })

  it('are found', () => {
    expect(core.length).toBeGreaterThan(0)
  })

  it('make no code from text and read no wall clock', () => {
    expect(
      core.flatMap(path => faults(path, readFileSync(join(projectRoot, path), 'utf8'))),
    ).toEqual([])
  })

  it.each([
    'eval("1")',
    'new Function("return 1")',
    'Function("return 1")',
    'globalThis.eval("1")',
    'Date.now()',
    'new Date()',
    'Date()',
    'performance.now()',
    'DateTime.now()',
    'DateTime.utc()',
  ])('would be caught with %s', fault => {
    expect(faults('x.ts', `const ok = new Date(0)\nconst x = ${fault}\n`)).toEqual([
      `x.ts:2: ${fault}`,
    ])
  })
})
