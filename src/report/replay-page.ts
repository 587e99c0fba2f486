import { sha256 } from '@noble/hashes/sha2.js'
import { dailyFigures, figureText } from '../replay/figures.ts'
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
<section id="incidents" aria-labelledby="incidents-title"><h2 id="incidents-title">Incidents</h2>${incidentList(incidents)}</section>
<section id="alerts" aria-labelledby="alerts-title"><h2 id="alerts-title">Alerts</h2>${grouped(alertSections(alerts))}</section>
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
  const daily = dailyFigures(runs, rule.frequency, alerts.length, own.length)
  const failed = runs.filter(({ status }) => status === 'failed').length
  const items = told.map(
    ({ severity, code, message, place, hint }) =>
      html`<li class="${severity}"><strong>${code}</strong> ${message} <span class="place">${place}</span>${hint === undefined ? undefined : html`<br><em>${hint}</em>`}</li>`,
  )
  return html`<article class="rule"><h3>${rule.rule.name}</h3>
<p><span class="${`badge ${rule.rule.severity ?? ''}`}">${rule.rule.severity ?? rule.rule.kind}</span> ${rule.rule.kind}, ${schedule}: ${count(runs.length, 'run')}${failed > 0 ? `, ${failed} failed` : ''}, ${count(alerts.length, 'alert')}, ${count(own.length, 'incident')}${daily === undefined ? '' : `; ${figureText(daily.alerts)} alerts and ${figureText(daily.incidents)} incidents a day`}</p>
${items.length === 0 ? undefined : html`<ul class="findings">${items}</ul>`}</article>`
}

/** Lines and alerts of a group: what is out of sight is not laid out, a group at a time. */
const GROUP = 100

/** Items in groups whose height is known well enough before they are laid out. */
function grouped(items: readonly Html[]): Html[] {
  const groups: Html[] = []
  for (let at = 0; at < items.length; at += GROUP) {
    groups.push(html`<div class="group">${items.slice(at, at + GROUP)}</div>\n`)
  }
  return groups
}

function incidentList(incidents: readonly Incident[]): Html {
  if (incidents.length === 0) return html`<p>No incidents.</p>`
  const lines = incidents.map(({ number, createdTime, severity, title, alertIds }) => {
    const link = (id: string, text: string) => html`<a href="#${`alert-${id}`}">${text}</a>`
    const [first = '', ...rest] = alertIds
    const others = rest.map((id, index) => html` ${link(id, String(index + 2))}`)
    const alerts = html` <span class="rows">${count(alertIds.length, 'alert')}: ${link(first, '1')}${others}</span>`
    return html`<p class="line">${number}. ${formatDatetime(createdTime).slice(0, 19)}Z <b class="${severity}">${severity}</b> ${rest.length === 0 ? link(first, title) : [title, alerts]}</p>`
  })
  return html`${grouped(lines)}`
}

/** Cells of tables, of all alerts together: a page with more takes long to open. Then rows are text. */
const MOST_CELLS = 20_000

/** The alerts, the first ones with tables of their rows. */
function alertSections(alerts: readonly Alert[]): Html[] {
  let cells = 0
  return alerts.map(alert => {
    const shown = Math.min(alert.rows.length, SHOWN_ROWS)
    const wanted = (shown + 1) * alert.columns.length
    const isTable = shown > 1 && cells + wanted <= MOST_CELLS
    if (isTable) cells += wanted
    return alertSection(alert, isTable)
  })
}

/** An alert, closed. There may be thousands: what it holds is text in few elements. */
function alertSection(alert: Alert, isTable: boolean): Html {
  const entities = alert.entities.map(({ type, identifiers }) => {
    const texts = Object.entries(identifiers).map(([name, value]) => `${name} ${value}`)
    return `${type}: ${short(texts.join(', '))}`
  })
  const details = Object.entries(alert.customDetails).map(
    ([key, values]) => `${key}: ${short(values.join(', '))}`,
  )
  const shown = alert.rows.slice(0, SHOWN_ROWS)
  const more = alert.rows.length - shown.length
  const rows = isTable ? rowTable(alert, shown) : html`<pre>${rowText(alert, shown)}</pre>`
  return html`<details class="alert" id="${`alert-${alert.id}`}"><summary>${formatDatetime(alert.time).slice(0, 19)}Z <b class="${alert.severity}">${alert.severity}</b> ${alert.name} (${count(alert.rows.length, 'row')})</summary><p>${alert.description}
Rule ${alert.ruleName}; run at ${formatDatetime(alert.runTime)}; events from ${formatDatetime(alert.startTime)} to ${formatDatetime(alert.endTime)}.</p>${textList('Entities', entities)}${textList('Custom details', details)}${rows}${more > 0 ? html`<p>… and ${count(more, 'row')} more: the JSON has them all.</p>` : undefined}</details>
`
}

function textList(title: string, lines: readonly string[]): Html | undefined {
  return lines.length === 0 ? undefined : html`<pre>${[title, ...lines].join('\n  ')}</pre>`
}

function rowTable({ columns }: Alert, rows: Alert['rows']): Html {
  const head = columns.map(({ name }) => html`<th scope="col">${name}</th>`)
  const lines = rows.map(
    row => html`<tr>${row.map(value => html`<td>${short(textOf(value))}</td>`)}</tr>`,
  )
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Rows of the alert"><table><thead><tr>${head}</tr></thead><tbody>${lines}</tbody></table></div>`
}

/** Rows as text: a line a column, and an empty line between two rows. */
function rowText({ columns }: Alert, rows: Alert['rows']): string {
  const width = Math.max(0, ...columns.map(({ name }) => name.length))
  return rows
    .map(row =>
      row
        .map((value, index) => {
          const text = short(textOf(value)).replaceAll('\n', '\n'.padEnd(width + 3))
          return `${(columns[index]?.name ?? '').padEnd(width)}  ${text}`
        })
        .join('\n'),
    )
    .join('\n\n')
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function short(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
}
