import { type Token, tokenize, tokenSpan } from '../lexer/tokenize.ts'
import { type Diagnostic, DiagnosticBag } from '../text/diagnostic.ts'
import type { Span } from '../text/span.ts'
import { LIMITS } from './limits.ts'
import type { Target } from './targets.ts'

const NAMES: Readonly<Record<Target, string>> = {
  sentinel: 'an analytics rule of Microsoft Sentinel',
  defender: 'Microsoft Defender XDR',
  adx: 'Azure Data Explorer',
}

/** What Azure Data Explorer does not have: functions of Log Analytics, Sentinel and Defender. */
const NOT_IN_ADX = new Set([
  '_GetWatchlist',
  '_GetWatchlistAlias',
  'FileProfile',
  'workspace',
  'app',
  'resource',
  'adx',
  'arg',
])

/**
 * What the service refuses though kqlab runs it: a warning each. Only what the service's documentation
 * says is looked for.
 *
 * @see https://learn.microsoft.com/azure/sentinel/scheduled-rules-overview
 * @see https://learn.microsoft.com/defender-xdr/advanced-hunting-fileprofile-function
 */
export function targetWarnings(text: string, target: Target): Diagnostic[] {
  const { tokens } = tokenize(text, new DiagnosticBag())
  const warnings: Diagnostic[] = []
  const warn = (what: string, span: Span): void => {
    const message = `${what} in ${NAMES[target]}.`
    warnings.push({ code: 'KQL220', severity: 'warning', message, span })
  }
  if (target === 'sentinel' && text.length > LIMITS.query) {
    const what = `A query of ${text.length} characters is refused, more than ${LIMITS.query},`
    warn(what, { start: LIMITS.query, end: text.length })
  }
  tokens.forEach((token, index) => {
    const next = tokens[index + 1]
    const isCall = next?.image === '(' && tokens[index - 1]?.image !== '.'
    if (target === 'sentinel') {
      if ((token.image === 'search' || token.image === 'union') && next?.image === '*') {
        const { start } = tokenSpan(token)
        warn(`\`${token.image} *\` is refused`, { start, end: tokenSpan(next).end })
      }
      if (isCall && token.image === 'adx') warn('adx() is not supported', tokenSpan(token))
    }
    if (target === 'adx' && isCall && NOT_IN_ADX.has(token.image)) {
      warn(`There is no function \`${token.image}\``, tokenSpan(token))
    }
    if (target === 'defender' && isCall && token.image === 'FileProfile') {
      const limit = limitOf(tokens, index + 2)
      if (limit !== undefined && !(Number(limit.image) >= 1 && Number(limit.image) <= 1000)) {
        warn('FileProfile enriches from 1 to 1000 records', tokenSpan(limit))
      }
    }
  })
  return warnings
}

/** The second argument of a call whose first one starts at the position, where it is a number. */
function limitOf(tokens: readonly Token[], first: number): Token | undefined {
  const [, comma, limit, close] = tokens.slice(first, first + 4)
  const isLimit = comma?.image === ',' && close?.image === ')'
  return isLimit && limit !== undefined && /^\d+$/.test(limit.image) ? limit : undefined
}
