import type { Rule } from '../rules/rule.ts'

/** Which rules of those that are named are wanted; all where nothing is said. */
export interface RuleFilterOptions {
  readonly severity?: readonly string[]
  readonly tactic?: readonly string[]
  readonly technique?: readonly string[]
  readonly tag?: readonly string[]
  readonly name?: readonly string[]
  readonly id?: readonly string[]
  /** A revision of git: only rules whose files differ from where the present work left it. */
  readonly changed?: string
}

/**
 * Whether a rule is wanted: each option that is given must fit, by any of its values. Names fit by a
 * part, techniques with their sub-techniques, everything in any case.
 */
export function wantsRule(options: RuleFilterOptions, rule: Rule): boolean {
  const fits = (wanted: readonly string[] | undefined, test: (value: string) => boolean) =>
    wanted === undefined || wanted.some(value => test(value.toLowerCase()))
  const has = (values: readonly string[]) => (value: string) =>
    values.some(own => own.toLowerCase() === value)
  return (
    fits(options.severity, has(rule.severity === undefined ? [] : [rule.severity])) &&
    fits(options.tactic, has(rule.tactics)) &&
    fits(options.technique, value =>
      rule.relevantTechniques.some(own => `${own.toLowerCase()}.`.startsWith(`${value}.`)),
    ) &&
    fits(options.tag, has(tagsOf(rule))) &&
    fits(options.name, value => rule.name.toLowerCase().includes(value)) &&
    fits(options.id, has(rule.id === undefined ? [] : [rule.id]))
  )
}

function tagsOf({ fields: { tags } }: Rule): string[] {
  return Array.isArray(tags) ? tags.map(String) : []
}
