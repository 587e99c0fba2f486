import { sha256 } from '@noble/hashes/sha2.js'
import type { Alert, Incident } from '../replay/records.ts'
import type { ReplayOutcome, RuleReplay } from '../replay/replay.ts'
import { encodeBase64 } from '../types/base64.ts'
import { formatDatetime } from '../types/datetime.ts'
import { formatTimespan } from '../types/timespan.ts'
import { Html, html } from './html.ts'
import { PAGE_STYLE } from './page-style.ts'

/** What is wrong with a rule, with its place. */
export interface PageFinding {
  readonly ruleId: string
  readonly severity: string
  readonly code: string
  readonly message: string
  readonly place: string
  readonly hint?: string
}

/** Rows of an alert, and values of them, that are shown. */
const SHOWN_ROWS = 20
const SHOWN_CHARACTERS = 300

/**
 * A page about a replay that needs nothing beside it: no script, no request. Everything that comes
 * from rules and logs is text in it.
 */
export function replayPage(outcome: ReplayOutcome, findings: readonly PageFinding[]): string {
  const { rules, alerts, incidents } = outcome
  const policy = `default-src 'none'; style-src 'sha256-${hashOf(PAGE_STYLE)}'`
  const title = 'Replay'
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Html(PAGE_STYLE)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${count(rules.length, 'rule')}, ${count(alerts.length, 'alert')}, ${count(incidents.length, 'incident')}, ${count(findings.length, 'finding')}</p>
<nav aria-label="Parts of the page"><a href="#timeline">Timeline</a> <a href="#rules">Rules</a> <a href="#incidents">Incidents</a> <a href="#alerts">Alerts</a></nav>
</header>
<main>
<section id="timeline" aria-labelledby="timeline-title"><h2 id="timeline-title">Timeline</h2>${timeline(outcome)}</section>
<section id="rules" aria-labelledby="rules-title"><h2 id="rules-title">Rules</h2>${rules.map(rule => ruleSection(rule, incidents, findings))}</section>
<section id="incidents" aria-labelledby="incidents-title"><h2 id="incidents-title">Incidents</h2>${incidentTable(incidents)}</section>
<section id="alerts" aria-labelledby="alerts-title"><h2 id="alerts-title">Alerts</h2>${alerts.map(alertSection)}</section>
</main>
</body>
</html>
`
  return page.source
}

const encoder = new TextEncoder()

function hashOf(text: string): string {
  return encodeBase64(sha256(encoder.encode(text)))
}

function count(number: number, one: string): string {
  return `${number} ${number === 1 ? one : `${one}s`}`
}

const WIDTH = 1000
const LANE = 26
const SLOTS = 250
const MARK = 5

/** A lane a rule, with a mark for each stretch of time in which it raised alerts. */
function timeline({ rules, alerts }: ReplayOutcome): Html {
  const first = alerts[0]?.time
  const last = alerts.at(-1)?.time
  if (first === undefined || last === undefined) return html`<p>No alerts.</p>`
  const span = Number(last - first)
  const slotOf = (alert: Alert) =>
    span === 0 ? 0 : Math.min(SLOTS - 1, Math.floor((Number(alert.time - first) / span) * SLOTS))
  const lanes = rules.map(({ rule, alerts: own }, lane) => {
    const slots = new Map<number, Alert[]>()
    for (const alert of own) {
      const slot = slotOf(alert)
      slots.set(slot, [...(slots.get(slot) ?? []), alert])
    }
    const y = lane * LANE
    const marks = [...slots].map(([slot, marked]) => {
      const height = Math.min(LANE - 6, 6 + 4 * Math.log2(marked.length))
      const time = formatDatetime((marked[0] as Alert).time).slice(0, 19)
      const label = `${rule.rule.name}: ${count(marked.length, 'alert')} at ${time}Z`
      return html`<rect class="${`mark ${(marked[0] as Alert).severity}`}" x="${((slot * (WIDTH - MARK)) / (SLOTS - 1)).toFixed(1)}" y="${(y + LANE - 2 - height).toFixed(1)}" width="${MARK}" height="${height.toFixed(1)}"><title>${label}</title></rect>`
    })
    return html`<line class="lane" x1="0" x2="${WIDTH}" y1="${y + LANE - 1}" y2="${y + LANE - 1}"/>${marks}`
  })
  const names = rules.map(({ rule }) => html`<li>${rule.rule.name}</li>`)
  const label = `Alerts of ${count(rules.length, 'rule')} over time; the table below has them all`
  return html`<div class="timeline"><ol class="lanes">${names}</ol><svg role="img" aria-label="${label}" viewBox="0 0 ${WIDTH} ${rules.length * LANE}" preserveAspectRatio="none">${lanes}</svg></div>
<p class="range"><span>${formatDatetime(first).slice(0, 19)}Z</span><span>${formatDatetime(last).slice(0, 19)}Z</span></p>`
}

function ruleSection(
  { rule, runs, alerts }: RuleReplay,
  incidents: readonly Incident[],
  findings: readonly PageFinding[],
): Html {
  const own = incidents.filter(({ ruleId }) => ruleId === rule.id)
  const told = findings.filter(({ ruleId }) => ruleId === rule.id)
  const schedule =
    rule.rule.kind === 'Hunting' && rule.period === undefined
      ? 'run once'
      : `every ${formatTimespan(rule.frequency)}${rule.period === undefined ? '' : ` over ${formatTimespan(rule.period)}`}`
  const failed = runs.filter(({ status }) => status === 'failed').length
  const items = told.map(
    ({ severity, code, message, place, hint }) =>
      html`<li class="${severity}"><strong>${code}</strong> ${message} <span class="place">${place}</span>${hint === undefined ? undefined : html`<br><em>${hint}</em>`}</li>`,
  )
  return html`<article class="rule"><h3>${rule.rule.name}</h3>
<p><span class="${`badge ${rule.rule.severity ?? ''}`}">${rule.rule.severity ?? rule.rule.kind}</span> ${rule.rule.kind}, ${schedule}: ${count(runs.length, 'run')}${failed > 0 ? `, ${failed} failed` : ''}, ${count(alerts.length, 'alert')}, ${count(own.length, 'incident')}</p>
${items.length === 0 ? undefined : html`<ul class="findings">${items}</ul>`}</article>`
}

function incidentTable(incidents: readonly Incident[]): Html {
  if (incidents.length === 0) return html`<p>No incidents.</p>`
  const rows = incidents.map(
    incident =>
      html`<tr><td>${incident.number}</td><td>${formatDatetime(incident.createdTime).slice(0, 19)}Z</td><td><span class="${`badge ${incident.severity}`}">${incident.severity}</span></td><td>${incident.title}</td><td>${incident.alertIds.map((id, index) => html`${index === 0 ? '' : ' '}<a href="#${`alert-${id}`}">${index + 1}</a>`)}</td></tr>`,
  )
  return html`<div class="scroll"><table><thead><tr><th scope="col">No.</th><th scope="col">Created</th><th scope="col">Severity</th><th scope="col">Title</th><th scope="col">Alerts</th></tr></thead><tbody>${rows}</tbody></table></div>`
}

function alertSection(alert: Alert): Html {
  const entities = alert.entities.map(({ type, identifiers }) => {
    const texts = Object.entries(identifiers).map(([name, value]) => `${name} ${value}`)
    return html`<li><strong>${type}</strong> ${short(texts.join(', '))}</li>`
  })
  const details = Object.entries(alert.customDetails).map(
    ([key, values]) => html`<li><strong>${key}</strong> ${short(values.join(', '))}</li>`,
  )
  const shown = alert.rows.slice(0, SHOWN_ROWS)
  const more = alert.rows.length - shown.length
  const head = alert.columns.map(({ name }) => html`<th scope="col">${name}</th>`)
  const rows = shown.map(
    row => html`<tr>${row.map(value => html`<td>${short(textOf(value))}</td>`)}</tr>`,
  )
  return html`<details class="alert" id="${`alert-${alert.id}`}"><summary><time>${formatDatetime(alert.time).slice(0, 19)}Z</time> <span class="${`badge ${alert.severity}`}">${alert.severity}</span> ${alert.name} <span class="rows">${count(alert.rows.length, 'row')}</span></summary>
<p>${alert.description}</p>
<p>Rule ${alert.ruleName}; run at ${formatDatetime(alert.runTime)}; events from ${formatDatetime(alert.startTime)} to ${formatDatetime(alert.endTime)}.</p>
${entities.length === 0 ? undefined : html`<h4>Entities</h4><ul>${entities}</ul>`}
${details.length === 0 ? undefined : html`<h4>Custom details</h4><ul>${details}</ul>`}
<h4>Rows</h4><div class="scroll" tabindex="0" role="region" aria-label="Rows of the alert"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>${more > 0 ? html`<p>… and ${count(more, 'row')} more</p>` : undefined}</details>
`
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function short(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
}
