import { type TableUse, tablesOf, usesOf } from '../api/prepare.ts'
import type { Workspace } from '../api/workspace.ts'
import type { Plan } from '../engine/plan/nodes.ts'
import { type CompiledQuery, compileQuery } from '../engine/query.ts'
import type { FedPlan } from '../replay/feeds.ts'
import type { ReplayRule } from '../replay/records.ts'
import { splitForRuns } from '../replay/replay.ts'
import { prepareRule } from '../replay/rules.ts'
import type { Rule } from '../rules/rule.ts'
import type { Catalog } from '../tables/catalog.ts'
import { type Diagnostic, hasErrors } from '../text/diagnostic.ts'
import type { Schema } from '../types/schema.ts'

/** A rule that is compiled once, for any number of tests. */
export class CompiledRule {
  readonly rule: ReplayRule
  readonly plan: Plan
  readonly late: CompiledQuery | undefined
  readonly fed: FedPlan
  /** The tables that it reads, those of the workspace apart. */
  readonly tables: ReadonlyMap<string, TableUse>
  #asWritten: CompiledQuery | undefined
  readonly #place: RulePlace

  private constructor(
    rule: ReplayRule,
    plan: Plan,
    late: CompiledQuery | undefined,
    place: RulePlace,
  ) {
    this.rule = rule
    this.plan = plan
    this.late = late
    this.#place = place
    const tables = late === undefined ? tablesOf(plan) : usesOf(late)
    for (const name of place.workspace.sources.keys()) tables.delete(name)
    this.tables = tables
    this.fed = splitForRuns(plan, late, 'feed ', table => this.schemaOf(table))
  }

  /** Compiles a rule; without a result where there are errors. */
  static compile(
    rule: Rule,
    place: RulePlace,
  ): { readonly compiled: CompiledRule | undefined; readonly diagnostics: readonly Diagnostic[] } {
    const known = { arrivalDelay: 0n, ...place }
    const prepared = prepareRule(rule, known)
    const { plan, late, diagnostics } = prepared
    const isSound = plan !== undefined && !hasErrors(diagnostics)
    const compiled = isSound ? new CompiledRule(prepared.rule, plan, late, known) : undefined
    return { compiled, diagnostics }
  }

  /** The columns of the result; undefined where only the data tell them. */
  get schema(): Schema | undefined {
    return this.late === undefined ? this.plan.schema : undefined
  }

  get catalog(): Catalog {
    return this.#place.catalog
  }

  get workspace(): Workspace {
    return this.#place.workspace
  }

  schemaOf(table: string): Schema {
    const own = this.workspace.sources.get(table)?.schema
    return own ?? this.catalog.schemaOf(table) ?? []
  }

  /** The query as written, for what is told of its stages: the plan that runs was rewritten. */
  get asWritten(): CompiledQuery {
    this.#asWritten ??= compileQuery(this.rule.rule.query.text, this.#place)
    return this.#asWritten
  }
}

/** What a rule is compiled against. */
export interface RulePlace {
  readonly catalog: Catalog
  readonly workspace: Workspace
  /** The tables that tests give data of: a wildcard means no others. */
  readonly withData?: ReadonlySet<string>
  /** How many ticks after their times rows arrive that do not say when; none where missing. */
  readonly arrivalDelay?: bigint
}
