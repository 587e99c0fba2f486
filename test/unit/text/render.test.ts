import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../../src/text/diagnostic.ts'
import { renderDiagnostic } from '../../../src/text/render.ts'
import { SourceText } from '../../../src/text/source-text.ts'

function diagnostic(start: number, end: number, rest: Partial<Diagnostic> = {}): Diagnostic {
  return {
    code: 'KS142',
    severity: 'error',
    message: 'Unknown name.',
    span: { start, end },
    ...rest,
  }
}

function render(
  text: string,
  start: number,
  end: number,
  rest: Partial<Diagnostic> = {},
): string[] {
  return renderDiagnostic(new SourceText(text, 'a.kql'), diagnostic(start, end, rest)).split('\n')
}

describe('renderDiagnostic', () => {
  it('shows what, where, the line, the place and the hint', () => {
    expect(render('T\n| where Foo == 1', 10, 13, { hint: 'Did you mean Food?' })).toEqual([
      'error[KS142]: Unknown name.',
      ' --> a.kql:2:9',
      '2 | | where Foo == 1',
      '  |         ^^^',
      '  = hint: Did you mean Food?',
    ])
  })

  it('names the severity', () => {
    expect(render('T', 0, 1, { severity: 'warning' })[0]).toBe('warning[KS142]: Unknown name.')
  })

  it('an empty place has one caret', () => {
    expect(render('T |', 3, 3).slice(2)).toEqual(['1 | T |', '  |    ^'])
  })

  it('tabs are widened to columns of four', () => {
    expect(render('\ta\tbc', 3, 5).slice(2)).toEqual(['1 |     a   bc', '  |         ^^'])
    expect(render('\ta', 0, 1).slice(2)).toEqual(['1 |     a', '  | ^^^^'])
  })

  it('wide and combining characters keep the caret in place', () => {
    // Each of 日本 takes two cells, the accent takes none.
    expect(render("'日本' x", 5, 6).slice(2)).toEqual(["1 | '日本' x", '  |        ^'])
    expect(render('e\u0301 x', 3, 4).slice(2)).toEqual(['1 | e\u0301 x', '  |   ^'])
    expect(render('😀 x', 3, 4).slice(2)).toEqual(['1 | 😀 x', '  |    ^'])
  })

  it('control characters cannot reach the terminal', () => {
    expect(render('a\u001b[31m b', 7, 8)[2]).toBe('1 | a\ufffd[31m b')
  })

  it('a place over several lines shows its first and its last', () => {
    const text = 'let a = (\n  b\n  c\n  d);'
    expect(render(text, 8, text.length - 1).slice(1)).toEqual([
      ' --> a.kql:1:9',
      '1 | let a = (',
      '  |         ^',
      '  | …',
      '4 |   d);',
      '  |   ^^',
    ])
    expect(render('a (\nb)', 2, 6).slice(2)).toEqual(['1 | a (', '  |   ^', '2 | b)', '  | ^^'])
  })

  it('a place that ends with a line break shows its first line', () => {
    expect(render('ab\ncd', 1, 3).slice(2)).toEqual(['1 | ab', '  |  ^'])
  })

  it('of a long line it shows the part around the place', () => {
    const text = `${'a'.repeat(100)} bad ${'c'.repeat(300)}`
    const lines = render(text, 101, 104)
    expect(lines[1]).toBe(' --> a.kql:1:102')
    expect(lines[2]).toBe(`1 | …${'a'.repeat(39)} bad ${'c'.repeat(76)}…`)
    expect(lines[3]).toBe(`  | ${' '.repeat(41)}^^^`)
  })

  it('the start and the end of a long line are not cut', () => {
    const text = `bad ${'c'.repeat(300)} end`
    expect(render(text, 0, 3).slice(2)).toEqual([`1 | bad ${'c'.repeat(116)}…`, '  | ^^^'])
    expect(render(text, 305, 308).slice(2)).toEqual([
      `1 | …${'c'.repeat(116)} end`,
      `  | ${' '.repeat(118)}^^^`,
    ])
  })

  it('a place that is itself too long is underlined as far as it is shown', () => {
    const lines = render('c'.repeat(500), 10, 490)
    expect(lines[2]).toBe(`1 | ${'c'.repeat(120)}…`)
    expect(lines[3]).toBe(`  | ${' '.repeat(10)}${'^'.repeat(110)}`)
  })

  it('line numbers of all places are aligned', () => {
    const text = `T\n${'\n'.repeat(8)}(x`
    const related = [{ message: 'Opened here.', span: { start: 0, end: 1 } }]
    expect(render(text, 10, 11, { related })).toEqual([
      'error[KS142]: Unknown name.',
      '  --> a.kql:10:1',
      '10 | (x',
      '   | ^',
      'note: Opened here.',
      '  --> a.kql:1:1',
      ' 1 | T',
      '   | ^',
    ])
  })

  it('colours only when asked', () => {
    const source = new SourceText('T', 'a.kql')
    const plain = renderDiagnostic(source, diagnostic(0, 1))
    const colored = renderDiagnostic(source, diagnostic(0, 1), { color: true })
    expect(plain).not.toContain('\u001b')
    expect(colored).toContain('\u001b[1;31merror[KS142]\u001b[0m')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes of colours.
    expect(colored.replace(/\u001b\[[\d;]*m/g, '')).toBe(plain)
  })
})
