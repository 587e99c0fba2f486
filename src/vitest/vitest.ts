import { describe, expect, it } from 'vitest'
import { matchers, type RuleMatchers } from '../matchers/matchers.ts'
import { type RuleTesterOptions, registerTests } from './register-tests.ts'

export { type RuleFile, readRule } from './read-rule.ts'
export type { RuleTesterOptions } from './register-tests.ts'
export { matchers, type RuleMatchers }

expect.extend(matchers)

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown>
    extends RuleMatchers<R> {}
}

/**
 * Registers a test of Vitest for each test of a file of tests, under the name of the rule.
 * @throws Error where a file cannot be read or has errors, with their places.
 */
export function ruleTester(options: RuleTesterOptions): void {
  registerTests({ describe, it }, options)
}
