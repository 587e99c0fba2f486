import { expectsNothing, expectsSomething, type RuleTest, type TestFile } from './model.ts'

/** Part `index` of `count` parts, counted from 1. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** Which tests are to run. */
export interface Selection {
  /** Only tests whose name, or the name of whose rule, has one of the texts, in any case. */
  readonly filter?: readonly string[]
  readonly shard?: Shard
}

/** A file of tests with the name of its rule. */
export interface NamedTests {
  readonly rule: string
  readonly file: TestFile
}

/**
 * The tests that are selected. Shards are parts of equal size of all tests in their order, so that the
 * tests of a rule mostly stay together, and none is in two shards.
 */
export function selectTests(
  suites: readonly NamedTests[],
  { filter, shard }: Selection,
): ReadonlySet<RuleTest> {
  const texts = filter?.map(text => text.toLowerCase())
  const isWanted = (name: string) =>
    texts === undefined || texts.some(text => name.toLowerCase().includes(text))
  const wanted = suites.flatMap(({ rule, file }) =>
    file.tests.filter(({ name }) => isWanted(name) || isWanted(rule)),
  )
  if (shard === undefined) return new Set(wanted)
  const { index, count } = shard
  const at = (part: number) => Math.floor((wanted.length * part) / count)
  return new Set(wanted.slice(at(index - 1), at(index)))
}

/** What a rule lacks where it has to have a number of tests; undefined where it lacks nothing. */
export function lackOf(tests: readonly RuleTest[], minimum: number): string | undefined {
  const own = tests.filter(({ skip }) => skip === undefined)
  const firing = own.filter(({ expect }) => expectsSomething(expect)).length
  const quiet = own.filter(({ expect }) => expectsNothing(expect)).length
  const lacks = [
    ...(own.length < minimum ? [`${own.length} of at least ${minimum} tests`] : []),
    ...(firing === 0 ? ['no test in which it fires'] : []),
    ...(quiet === 0 ? ['no test in which it does not fire'] : []),
  ]
  return lacks.length === 0 ? undefined : `The rule has ${lacks.join(', ')}.`
}
