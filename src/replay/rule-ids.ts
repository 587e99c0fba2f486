import type { Rule } from '../rules/rule.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { idOf } from './ids.ts'

/** The id of a rule, or one made of its name. */
export function ruleIdOf({ id, name }: Rule): string {
  return id ?? idOf('rule', name)
}

/**
 * Tells rules that are replayed together apart. One that has the id of a rule before it gets one of its
 * own: alerts and incidents are told apart by it.
 */
export class RuleIds {
  readonly #taken = new Map<string, { readonly name: string; rules: number }>()

  /** The rule with an id that no rule before it has, and what is to be said where its own was taken. */
  distinct(rule: Rule): { readonly rule: Rule; readonly diagnostics: readonly Diagnostic[] } {
    const id = ruleIdOf(rule)
    const first = this.#taken.get(id.toLowerCase())
    if (first === undefined) {
      this.#taken.set(id.toLowerCase(), { name: rule.name, rules: 1 })
      return { rule, diagnostics: [] }
    }
    first.rules++
    const diagnostic: Diagnostic = {
      code: 'KQL408',
      severity: 'warning',
      message: `\`${rule.name}\` has the id of \`${first.name}\`, a rule before it: Sentinel has one of them.`,
      span: rule.place([rule.id === undefined ? 'name' : 'id']),
      hint: 'Give it an id of its own; its alerts are told with another one here.',
    }
    return {
      rule: { ...rule, id: idOf('rule', id, String(first.rules)) },
      diagnostics: [diagnostic],
    }
  }
}
