import type { DiagnosticBag } from '../text/diagnostic.ts'
import { parseDuration } from './duration.ts'
import { LIMITS } from './limits.ts'
import type { Rule } from './rule.ts'
import type {
  AlertDetails,
  CustomDetail,
  EntityMapping,
  EventGrouping,
  GroupingDetail,
  IncidentGrouping,
  MatchingMethod,
  RuleSettings,
} from './settings.ts'

type Path = readonly (string | number)[]

const EVENT_GROUPINGS: readonly EventGrouping[] = ['SingleAlert', 'AlertPerResult']
const MATCHING_METHODS: readonly MatchingMethod[] = ['AllEntities', 'AnyAlert', 'Selected']
/** Fields that only hold others. */
const MAPS: readonly Path[] = [
  ['eventGroupingSettings'],
  ['alertDetailsOverride'],
  ['incidentConfiguration'],
  ['incidentConfiguration', 'groupingConfiguration'],
]
const GROUPING_DETAILS: readonly GroupingDetail[] = ['DisplayName', 'Severity']

/**
 * What a rule says of its alerts and incidents, with the defaults of Sentinel. A field with a value
 * that it does not take is reported, at its place in the rule's file, and counts as missing.
 */
export function readSettings(rule: Rule, bag: DiagnosticBag): RuleSettings {
  return new SettingsReader(rule, bag).read()
}

class SettingsReader {
  readonly #rule: Rule
  readonly #bag: DiagnosticBag

  constructor(rule: Rule, bag: DiagnosticBag) {
    this.#rule = rule
    this.#bag = bag
  }

  read(): RuleSettings {
    for (const path of MAPS) {
      const value = this.#at(path)
      if (value !== undefined && !isRecord(value)) this.#refuse(path, 'a map')
    }
    const suppressed = this.#bool(['suppressionEnabled'], false)
    const suppression = this.#duration(['suppressionDuration'])
    const grouping = this.#grouping()
    if (suppressed && this.#at(['suppressionDuration']) === undefined) {
      const message =
        '`suppressionEnabled` needs `suppressionDuration`: without, nothing is suppressed.'
      this.#bag.warning('KQL404', message, this.#rule.place(['suppressionEnabled'], 'key'))
    }
    return {
      enabled: this.#bool(['enabled'], true),
      entityMappings: this.#entityMappings(),
      customDetails: this.#customDetails(),
      alertDetails: this.#alertDetails(),
      eventGrouping: this.#oneOf(
        ['eventGroupingSettings', 'aggregationKind'],
        EVENT_GROUPINGS,
        'SingleAlert',
      ),
      ...(suppressed && suppression !== undefined ? { suppression } : {}),
      createIncident: this.#bool(['incidentConfiguration', 'createIncident'], true),
      ...(grouping === undefined ? {} : { grouping }),
      severity: this.#rule.severity ?? 'Medium',
    }
  }

  #entityMappings(): EntityMapping[] {
    return this.#list(['entityMappings']).map((_, index) => ({
      entityType: this.#text(['entityMappings', index, 'entityType']) ?? '',
      fieldMappings: this.#list(['entityMappings', index, 'fieldMappings']).map((_item, field) => {
        const at = ['entityMappings', index, 'fieldMappings', field]
        return {
          identifier: this.#text([...at, 'identifier']) ?? '',
          columnName: this.#text([...at, 'columnName']) ?? '',
        }
      }),
    }))
  }

  #customDetails(): CustomDetail[] {
    const details = this.#at(['customDetails'])
    if (details === undefined) return []
    if (!isRecord(details)) {
      this.#refuse(['customDetails'], 'a map from keys to columns')
      return []
    }
    return Object.keys(details).flatMap(key => {
      const columnName = this.#text(['customDetails', key])
      return columnName === undefined ? [] : [{ key, columnName }]
    })
  }

  #alertDetails(): AlertDetails {
    const text = (name: string) => {
      // Exports have empty texts where nothing is set.
      const value = this.#text(['alertDetailsOverride', name])
      return value === undefined || value.trim() === '' ? undefined : value
    }
    const details = {
      displayNameFormat: text('alertDisplayNameFormat'),
      descriptionFormat: text('alertDescriptionFormat'),
      severityColumn: text('alertSeverityColumnName'),
      tacticsColumn: text('alertTacticsColumnName'),
    }
    const properties = ['alertDetailsOverride', 'alertDynamicProperties']
    const set = Object.entries(details).filter(([, value]) => value !== undefined)
    return {
      ...Object.fromEntries(set),
      dynamicProperties: this.#list(properties).map((_, index) => ({
        property: this.#text([...properties, index, 'alertProperty']) ?? '',
        columnName: this.#text([...properties, index, 'value']) ?? '',
      })),
    }
  }

  #grouping(): IncidentGrouping | undefined {
    const at = ['incidentConfiguration', 'groupingConfiguration']
    if (!this.#bool([...at, 'enabled'], false)) return undefined
    return {
      lookback: this.#duration([...at, 'lookbackDuration']) ?? LIMITS.lookback,
      reopensClosed: this.#bool([...at, 'reopenClosedIncident'], false),
      matchingMethod: this.#oneOf([...at, 'matchingMethod'], MATCHING_METHODS, 'AllEntities'),
      entities: this.#texts([...at, 'groupByEntities']),
      alertDetails: this.#list([...at, 'groupByAlertDetails']).flatMap(
        (_, index) => this.#known([...at, 'groupByAlertDetails', index], GROUPING_DETAILS) ?? [],
      ),
      customDetails: this.#texts([...at, 'groupByCustomDetails']),
    }
  }

  /** The value at a path; undefined where there is none, or null. */
  #at(path: Path): unknown {
    let value: unknown = this.#rule.fields
    for (const step of path) {
      if (isRecord(value) && typeof step === 'string') {
        value = Object.hasOwn(value, step) ? value[step] : undefined
      } else if (Array.isArray(value) && typeof step === 'number') value = value[step]
      else return undefined
    }
    return value ?? undefined
  }

  #text(path: Path): string | undefined {
    const value = this.#at(path)
    if (value === undefined || typeof value === 'string') return value
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    this.#refuse(path, 'a text')
    return undefined
  }

  #list(path: Path): readonly unknown[] {
    const value = this.#at(path)
    if (value === undefined) return []
    if (Array.isArray(value)) return value
    this.#refuse(path, 'a list')
    return []
  }

  #texts(path: Path): string[] {
    return this.#list(path).flatMap((_, index) => this.#text([...path, index]) ?? [])
  }

  #bool(path: Path, missing: boolean): boolean {
    const value = this.#at(path)
    if (value === undefined) return missing
    if (typeof value === 'boolean') return value
    if (/^(true|false)$/i.test(String(value))) return String(value).toLowerCase() === 'true'
    this.#refuse(path, 'true or false')
    return missing
  }

  #duration(path: Path): bigint | undefined {
    const text = this.#text(path)
    if (text === undefined) return undefined
    const ticks = parseDuration(text)
    if (ticks !== undefined && ticks > 0n) return ticks
    this.#refuse(path, 'a duration such as 5h or PT5H')
    return undefined
  }

  #oneOf<T extends string>(path: Path, values: readonly T[], missing: T): T {
    return this.#known(path, values) ?? missing
  }

  #known<T extends string>(path: Path, values: readonly T[]): T | undefined {
    const text = this.#text(path)
    if (text === undefined) return undefined
    const found = values.find(value => value.toLowerCase() === text.toLowerCase())
    if (found === undefined) this.#refuse(path, `one of ${values.join(', ')}`)
    return found
  }

  #refuse(path: Path, what: string): void {
    const name = path.filter(step => typeof step === 'string').at(-1) ?? ''
    this.#bag.warning('KQL402', `The field \`${name}\` is ${what}.`, this.#rule.place(path))
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
