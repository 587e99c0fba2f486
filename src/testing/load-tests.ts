import { isMap, type Node, parseDocument, type YAMLMap } from 'yaml'
import { resolved, type Shape, spanOf } from '../rules/shape.ts'
import { pairOf, sentence } from '../rules/yaml-places.ts'
import { type Diagnostic, DiagnosticBag, hasErrors } from '../text/diagnostic.ts'
import type { SourceText } from '../text/source-text.ts'
import type { TestFile } from './model.ts'
import { RULE_TESTS_SHAPE, TEST_FILE_SHAPE, type TestContent } from './test-shape.ts'

/** What was found in a file with tests. */
export interface LoadedTests {
  /** undefined where there are errors, or where a rule has no tests in its file. */
  readonly file: TestFile | undefined
  /** Their spans are places in the file. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Errors of YAML that are reported: one mistake makes many. */
const SHOWN_ERRORS = 3

/** How paths of a file are read. */
export type PathReader = (path: string) => string

const AS_IT_IS: PathReader = path => path

/** The tests in the text of a file of tests. Faults are diagnostics; nothing is thrown for them. */
export function loadTests(source: SourceText, path: PathReader = AS_IT_IS): LoadedTests {
  return read(source, path, TEST_FILE_SHAPE, root => root)
}

/** The tests in the text of a rule's file, in its field `tests`; none where it has no such field. */
export function loadRuleTests(source: SourceText, path: PathReader = AS_IT_IS): LoadedTests {
  if (!/\btests["']?\s*:/.test(source.text)) return { file: undefined, diagnostics: [] }
  return read(source, path, RULE_TESTS_SHAPE, root =>
    isMap(root) ? (pairOf(root as YAMLMap, 'tests')?.value as Node | undefined) : undefined,
  )
}

function read(
  source: SourceText,
  path: PathReader,
  shape: Shape<TestContent>,
  partOf: (root: Node) => Node | undefined,
): LoadedTests {
  const { text } = source
  const document = parseDocument(text, {
    prettyErrors: false,
    uniqueKeys: true,
    intAsBigInt: true,
  })
  const bag = new DiagnosticBag()
  for (const { pos, message } of document.errors.slice(0, SHOWN_ERRORS)) {
    const end = Math.max(pos[0], Math.min(pos[1], text.length))
    bag.error('KQL600', sentence(message), { start: pos[0], end })
  }
  if (document.errors.length > 0) return { file: undefined, diagnostics: bag.items }
  const reading = { document, bag, code: 'KQL601', path } as const
  const root = resolved(document.contents, reading)
  const part = root && resolved(partOf(root), reading)
  if (part === undefined) {
    if (shape === RULE_TESTS_SHAPE) return { file: undefined, diagnostics: [] }
    bag.error('KQL601', 'The file is empty.', { start: 0, end: 0 })
    return { file: undefined, diagnostics: bag.items }
  }
  const content = shape.read(part, reading)
  if (content !== undefined) checkNames(content, bag)
  if (content?.tests.length === 0 && shape === TEST_FILE_SHAPE && !hasErrors(bag.items)) {
    bag.error('KQL601', 'There are no tests in the file.', spanOf(part))
  }
  const isSound = content !== undefined && !hasErrors(bag.items)
  return {
    file: isSound ? { ...content, source } : undefined,
    diagnostics: bag.items,
  }
}

/** Tests have names of their own, and start from fixtures that there are. */
function checkNames({ tests, fixtures }: TestContent, bag: DiagnosticBag): void {
  const seen = new Set<string>()
  for (const { name, span, base } of tests) {
    if (seen.has(name)) bag.error('KQL601', `There are two tests \`${name}\`.`, span)
    seen.add(name)
    if (base === undefined || fixtures.has(base.name)) continue
    const names = [...fixtures.keys()]
    const hint = names.length === 0 ? 'There are no fixtures.' : `There are ${names.join(', ')}.`
    bag.error('KQL601', `There is no fixture \`${base.name}\`.`, base.span, hint)
  }
}
