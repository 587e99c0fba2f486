import { expect, it } from 'vitest'
import { ReadProblems } from '../../../src/cli/read-problems.ts'
import type { Reporter } from '../../../src/cli/reporter.ts'
import type { ReadProblem } from '../../../src/tables/source.ts'

/** What is told of problems. */
async function told(problems: readonly ReadProblem[]): Promise<string[]> {
  const messages: string[] = []
  const inFile: Reporter['inFile'] = async ({ message }) => void messages.push(message)
  const gathered = new ReadProblems(false)
  for (const problem of problems) gathered.add(problem)
  await gathered.report({ inFile } as Reporter)
  return messages
}

it('a file that is read twice has each of its problems once', async () => {
  const once: ReadProblem[] = [
    { file: 'a', line: 3, kind: 'record', message: 'It is incomplete.' },
    { file: 'a', line: 3, kind: 'value', column: 'n', message: '"x" is no long.' },
    { file: 'a', kind: 'record', message: 'The file ends too early.' },
  ]
  const expected = [
    'The file ends too early.',
    'record skipped: It is incomplete.',
    'value of n made null: "x" is no long.',
  ]
  expect((await told([...once, ...once])).sort()).toEqual(expected)
})

it('values without a line are told apart by what is said of them', async () => {
  const value = (message: string): ReadProblem => ({
    file: 'a',
    kind: 'value',
    column: 'n',
    message,
  })
  const [first, other] = [value('Row 1: "x" is no long.'), value('Row 2: "x" is no long.')]
  expect(await told([first, other, first])).toHaveLength(2)
})

it('values that are not told one by one are counted', async () => {
  const all = Array.from({ length: 6 }, (_, line): ReadProblem => {
    return { file: 'a', line, kind: 'value', column: 'n', message: '"x" is no long.' }
  })
  expect((await told(all)).at(-1)).toBe('3 values of n more could not be read.')
  expect((await told(all.slice(2))).at(-1)).toBe('1 value of n more could not be read.')
})

it('of several on one line each counts, read twice or once', async () => {
  const once = Array.from({ length: 6 }, (_, nth): ReadProblem => {
    return { file: 'a', line: 1, nth, kind: 'value', column: 'n', message: '"x" is no long.' }
  })
  const expected = [
    ...Array.from({ length: 3 }, () => 'value of n made null: "x" is no long.'),
    '3 values of n more could not be read.',
  ]
  expect(await told(once)).toEqual(expected)
  expect(await told([...once, ...once])).toEqual(expected)
})
