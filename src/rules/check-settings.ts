import { didYouMean } from '../engine/binder/suggest.ts'
import type { DiagnosticCode } from '../text/codes.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { findColumn, type Schema } from '../types/schema.ts'
import { formatTimespan } from '../types/timespan.ts'
import { IDENTIFIERS, identifiersOf, requiredIdentifiersOf } from './entity-types.ts'
import { LIMITS } from './limits.ts'
import type { Rule } from './rule.ts'
import { ALERT_PROPERTIES, placeholdersOf, type RuleSettings } from './settings.ts'

type Path = readonly (string | number)[]

/**
 * What Sentinel would refuse in a rule, or not do as it looks: limits, identifiers of entities, columns
 * that the result of its query does not have, settings without an effect. Spans are places in the
 * rule's file.
 * @param result the columns of the query's result; undefined where it does not compile
 */
export function checkSettings(
  rule: Rule,
  settings: RuleSettings,
  result: Schema | undefined,
): Diagnostic[] {
  const checker = new SettingsChecker(rule, settings, result)
  checker.check()
  return checker.found
}

class SettingsChecker {
  readonly found: Diagnostic[] = []
  readonly #rule: Rule
  readonly #settings: RuleSettings
  readonly #result: Schema | undefined

  constructor(rule: Rule, settings: RuleSettings, result: Schema | undefined) {
    this.#rule = rule
    this.#settings = settings
    this.#result = result
  }

  check(): void {
    if (!this.#settings.enabled) {
      const span = this.#rule.place(['enabled'])
      const message = 'The rule is disabled: Sentinel does not run it.'
      this.found.push({ code: 'KQL409', severity: 'info', message, span })
    }
    this.#lengths()
    if (this.#rule.kind === 'Scheduled') this.#schedule()
    this.#entities()
    this.#details()
    this.#grouping()
    if (this.#rule.kind !== 'Hunting') this.#resultTime()
  }

  #lengths(): void {
    const { name, description, query, triggerThreshold } = this.#rule
    this.#limit(['name'], 'name', name.length, LIMITS.name, 'characters')
    this.#limit(
      ['description'],
      'description',
      description?.length ?? 0,
      LIMITS.description,
      'characters',
    )
    this.#limit(['query'], 'query', query.text.length, LIMITS.query, 'characters')
    const most = LIMITS.threshold
    this.#limit(['triggerThreshold'], 'triggerThreshold', triggerThreshold ?? 0, most, '')
    const { suppression } = this.#settings
    if (suppression !== undefined && suppression > LIMITS.suppression) {
      this.#limitReport(
        ['suppressionDuration'],
        `suppressionDuration is at most ${formatTimespan(LIMITS.suppression)}.`,
      )
    }
  }

  #schedule(): void {
    const { queryFrequency: frequency, queryPeriod: period } = this.#rule
    for (const [name, ticks] of [
      ['queryFrequency', frequency],
      ['queryPeriod', period],
    ] as const) {
      if (ticks === undefined) {
        this.#report('KQL404', [name], `A scheduled rule needs \`${name}\`.`)
      } else if (ticks < LIMITS.shortestPeriod || ticks > LIMITS.longestPeriod) {
        this.#limitReport([name], `\`${name}\` is from 5 minutes to 14 days.`)
      }
    }
    if (frequency === undefined || period === undefined) return
    if (period < frequency) {
      this.#limitReport(
        ['queryPeriod'],
        'queryPeriod is shorter than queryFrequency: rows between two runs are never looked at.',
      )
    }
    if (period >= LIMITS.longPeriod && frequency < LIMITS.frequencyOfLongPeriod) {
      this.#limitReport(
        ['queryFrequency'],
        'A queryPeriod of 2 days or more needs a queryFrequency of 1 hour or more.',
      )
    }
  }

  #entities(): void {
    const { entityMappings } = this.#settings
    this.#limit(
      ['entityMappings'],
      'entityMappings',
      entityMappings.length,
      LIMITS.entityMappings,
      'mappings',
    )
    for (const [index, { entityType, fieldMappings }] of entityMappings.entries()) {
      const at: Path = ['entityMappings', index]
      const identifiers = identifiersOf(entityType)
      const required = requiredIdentifiersOf(entityType)
      if (identifiers === undefined) {
        const message = `\`${entityType}\` is no type of entities.`
        const hint = didYouMean(entityType, Object.keys(IDENTIFIERS))
        this.#report('KQL405', [...at, 'entityType'], message, 'value', hint)
        continue
      }
      const most = LIMITS.fieldMappings
      this.#limit([...at, 'fieldMappings'], 'fieldMappings', fieldMappings.length, most, 'fields')
      const named = fieldMappings.map(({ identifier }) => identifier)
      for (const [field, { identifier, columnName }] of fieldMappings.entries()) {
        const place: Path = [...at, 'fieldMappings', field]
        if (!identifiers.includes(identifier)) {
          const message = `${entityType} has no identifier \`${identifier}\`.`
          const hint = didYouMean(identifier, identifiers)
          this.#report('KQL405', [...place, 'identifier'], message, 'value', hint)
        } else if (named.indexOf(identifier) < field) {
          const message = `\`${identifier}\` is mapped twice in one entity.`
          this.#report('KQL405', [...place, 'identifier'], message)
        }
        this.#column([...place, 'columnName'], columnName)
      }
      if (!required.some(set => set.every(identifier => named.includes(identifier)))) {
        const sets = required.map(set => set.join(' and ')).join(', or ')
        const message = `${entityType} needs ${sets}: without, it is no entity.`
        this.#report('KQL405', at, message)
      }
    }
  }

  #details(): void {
    const { customDetails, alertDetails } = this.#settings
    const most = LIMITS.customDetails
    this.#limit(['customDetails'], 'customDetails', customDetails.length, most, 'keys')
    for (const { key, columnName } of customDetails) {
      const at: Path = ['customDetails', key]
      if (key.length > LIMITS.customDetailKey) {
        this.#limitReport(
          at,
          `The key \`${key}\` has ${key.length} characters; it may have ${LIMITS.customDetailKey}.`,
          'key',
        )
      } else if (!/^[a-zA-Z]+\w*$/.test(key)) {
        this.#limitReport(
          at,
          `The key \`${key}\` is not a letter followed by letters, digits and _.`,
          'key',
        )
      }
      this.#column(at, columnName)
    }
    const override = 'alertDetailsOverride'
    this.#format(
      [override, 'alertDisplayNameFormat'],
      alertDetails.displayNameFormat,
      LIMITS.displayNameFormat,
    )
    this.#format(
      [override, 'alertDescriptionFormat'],
      alertDetails.descriptionFormat,
      LIMITS.descriptionFormat,
    )
    this.#column([override, 'alertSeverityColumnName'], alertDetails.severityColumn)
    this.#column([override, 'alertTacticsColumnName'], alertDetails.tacticsColumn)
    for (const [index, { property, columnName }] of alertDetails.dynamicProperties.entries()) {
      if (!ALERT_PROPERTIES.includes(property)) {
        const message = `A rule cannot set \`${property}\` of its alerts; it can set ${ALERT_PROPERTIES.join(', ')}.`
        this.#report(
          'KQL405',
          [override, 'alertDynamicProperties', index, 'alertProperty'],
          message,
        )
      }
      this.#column([override, 'alertDynamicProperties', index, 'value'], columnName)
    }
  }

  #format(path: Path, format: string | undefined, most: number): void {
    if (format === undefined) return
    const name = String(path.at(-1))
    this.#limit(path, name, format.length, most, 'characters')
    const columns = placeholdersOf(format)
    this.#limit(path, name, columns.length, LIMITS.placeholders, 'placeholders')
    for (const column of new Set(columns)) this.#column(path, column)
  }

  #grouping(): void {
    const { grouping, createIncident, entityMappings, customDetails } = this.#settings
    if (grouping === undefined) return
    const at = ['incidentConfiguration', 'groupingConfiguration']
    if (!createIncident) {
      this.#report('KQL406', at, 'No incidents are created, so nothing is grouped.')
      return
    }
    const { lookback, matchingMethod } = grouping
    if (lookback < LIMITS.shortestLookback || lookback > LIMITS.longestLookback) {
      this.#limitReport(
        [...at, 'lookbackDuration'],
        'lookbackDuration is from 5 minutes to 7 days.',
      )
    }
    const lists = [
      ['groupByEntities', grouping.entities],
      ['groupByAlertDetails', grouping.alertDetails],
      ['groupByCustomDetails', grouping.customDetails],
    ] as const
    if (matchingMethod !== 'Selected') {
      for (const [name, values] of lists) {
        if (values.length === 0) continue
        const message = `\`${name}\` has no effect: matchingMethod is ${matchingMethod}, not Selected.`
        this.#report('KQL406', [...at, name], message, 'key')
      }
      return
    }
    if (lists.every(([, values]) => values.length === 0)) {
      this.#report('KQL404', at, 'matchingMethod Selected needs something to group by.')
    }
    const types = entityMappings.map(({ entityType }) => entityType)
    const keys = customDetails.map(({ key }) => key)
    const known = { groupByEntities: types, groupByCustomDetails: keys }
    for (const name of ['groupByEntities', 'groupByCustomDetails'] as const) {
      const values = lists.find(([list]) => list === name)?.[1] ?? []
      for (const [index, value] of values.entries()) {
        if (known[name].includes(value)) continue
        const message = `\`${value}\` is not mapped in this rule.`
        this.#report('KQL405', [...at, name, index], message)
      }
    }
  }

  /** Alerts have the times of the rows that they are about, where the result has them. */
  #resultTime(): void {
    if (this.#result === undefined) return
    const type = findColumn(this.#result, 'TimeGenerated')?.type
    if (type === 'datetime') return
    const what =
      type === undefined
        ? 'The result has no TimeGenerated'
        : `TimeGenerated of the result is no datetime, but ${type}`
    const message = `${what}: alerts begin and end with the window of the run.`
    this.#report('KQL407', ['query'], message, 'key')
  }

  #column(path: Path, name: string | undefined): void {
    if (name === undefined || this.#result === undefined) return
    if (findColumn(this.#result, name) !== undefined) return
    const names = this.#result.map(column => column.name)
    const message = `The result of the query has no column \`${name}\`.`
    this.#report('KQL405', path, message, 'value', didYouMean(name, names))
  }

  #limit(path: Path, name: string, size: number, most: number, unit: string): void {
    if (size <= most) return
    const units = unit === '' ? '' : ` ${unit}`
    this.#limitReport(path, `\`${name}\` has ${size}${units}; at most ${most} are allowed.`)
  }

  #limitReport(path: Path, message: string, part?: 'key'): void {
    this.#report('KQL404', path, message, part)
  }

  #report(
    code: DiagnosticCode,
    path: Path,
    message: string,
    part?: 'key' | 'value',
    hint?: string,
  ): void {
    const span = this.#rule.place(path, part)
    const hinted = hint === undefined ? {} : { hint }
    this.found.push({ code, severity: 'warning', message, span, ...hinted })
  }
}
