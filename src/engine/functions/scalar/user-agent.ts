import type { ScalarValue } from '../../../tables/vector.ts'
import { type Dynamic, isArray } from '../../../types/dynamic.ts'
import { overload, scalar } from '../declare.ts'
import { QueryError } from '../query-error.ts'
import { browserOf, deviceOf, operatingSystemOf, type UserAgentPart } from './shared-user-agent.ts'

interface Described {
  readonly name: string
  readonly fields: readonly string[]
  find(userAgent: string): readonly string[]
}

const PARTS: Readonly<Record<UserAgentPart, Described>> = {
  browser: {
    name: 'Browser',
    fields: ['Family', 'MajorVersion', 'MinorVersion', 'Patch'],
    find: browserOf,
  },
  os: {
    name: 'OperatingSystem',
    fields: ['Family', 'MajorVersion', 'MinorVersion', 'Patch', 'PatchMinor'],
    find: operatingSystemOf,
  },
  device: { name: 'Device', fields: ['Family', 'Brand', 'Model'], find: deviceOf },
}

function isPart(value: Dynamic): value is UserAgentPart {
  return typeof value === 'string' && Object.hasOwn(PARTS, value)
}

/** What the second argument looks for. Throws {@link QueryError} where it is something else. */
function partsIn(argument: ScalarValue): readonly Described[] {
  const asked = isArray(argument as Dynamic) ? argument : [argument]
  const parts = (asked as readonly Dynamic[]).map(value => {
    if (isPart(value)) return PARTS[value]
    throw new QueryError('KS128', 'Looked for are "browser", "os" and "device".', 1)
  })
  return [...new Set(parts)]
}

function parse(userAgent: string, parts: readonly Described[]): Dynamic {
  return new Map(
    parts.map(({ name, fields, find }) => {
      const found = find(userAgent)
      return [name, new Map(fields.map((field, at) => [field, found[at] ?? '']))]
    }),
  )
}

const OPTIONS = {
  returns: 'dynamic',
  nulls: 'propagate',
  prepare([, constant]: readonly (ScalarValue | undefined)[]) {
    const parts = constant === undefined || constant === null ? undefined : partsIn(constant)
    return {
      each: (userAgent: string, asked: ScalarValue) => parse(userAgent, parts ?? partsIn(asked)),
    }
  },
} as const

/** @see https://learn.microsoft.com/kusto/query/parse-user-agent-function */
export const parse_user_agent = scalar({
  name: 'parse_user_agent',
  needsRun: true,
  doc: 'The browser, the operating system and the device of a user agent, as far as the second argument looks for them: "browser", "os", "device", or an array of these. By the patterns of uap-core 0.18.0: those of the service may be older or newer. What no pattern knows is of the family "Other". Of a user agent longer than 4096 characters only the beginning is looked at.',
  examples: [
    {
      query:
        'print r = parse_user_agent("Mozilla/5.0 (Windows; U; en-US) AppleWebKit/531.9 (KHTML, like Gecko) AdobeAIR/2.5.1", "browser")',
      rows: [
        {
          r: {
            Browser: { Family: 'AdobeAIR', MajorVersion: '2', MinorVersion: '5', Patch: '1' },
          },
        },
      ],
    },
  ],
  overloads: [
    overload({ params: ['string', 'string'], ...OPTIONS }),
    overload({ params: ['string', 'dynamic'], ...OPTIONS }),
  ],
})
