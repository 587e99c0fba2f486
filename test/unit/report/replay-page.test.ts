import { describe, expect, it } from 'vitest'
import { escapeHtml, html } from '../../../src/report/html.ts'
import { replayPage } from '../../../src/report/replay-page.ts'
import { type Event, replayOf, scheduled } from '../replay/replay-of.ts'

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style></details></table>',
  'a\u202eb\u0000c',
  '&lt;already&gt;',
]

describe('html', () => {
  it('escapes text and not HTML', () => {
    expect(
      html`<p title="${'a"b'}">${'<i>&'}${html`<b>${1}</b>`}${['x', '<']}${undefined}</p>`.source,
    ).toBe('<p title="a&quot;b">&lt;i&gt;&amp;<b>1</b>x&lt;</p>')
  })

  it('shows characters that would hide or turn around others', () => {
    expect(escapeHtml('a\u202eb\u0007')).toBe('a\\u202eb\\u0007')
    expect(html`${'a\tb\nc'}`.source).toBe('a\tb\nc')
  })
})

describe('the page of a replay', () => {
  const page = async (texts: readonly string[]) => {
    const events: Event[] = texts.map((user, index) => ({
      TimeGenerated: `10:${String(index).padStart(2, '0')}`,
      user,
      what: user,
    }))
    const rule = scheduled(
      'T',
      [
        'alertDetailsOverride: { alertDisplayNameFormat: "{{user}}", alertDescriptionFormat: "{{what}}" }',
        'eventGroupingSettings: { aggregationKind: AlertPerResult }',
        'customDetails: { What: what }',
        'entityMappings:',
        '  - entityType: Account',
        '    fieldMappings: [{ identifier: Name, columnName: user }]',
      ].join('\n'),
    ).replace('name: The rule', `name: ${JSON.stringify(texts[0])}`)
    const outcome = await replayOf(rule, events)
    const findings = texts.map(message => ({
      ruleId: '6f1f4c0e-0000-4000-8000-000000000001',
      severity: 'warning',
      code: 'KQL500',
      message,
      place: message,
      hint: message,
    }))
    return replayPage(outcome, findings)
  }

  it('has everything that comes from rules and logs as text', async () => {
    const source = await page(HOSTILE)
    // Every tag is one that the page itself has, with attributes that the page itself has.
    const tags = new Set([...source.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map(([, name]) => name))
    expect([...tags].sort()).toEqual(
      [
        'a',
        'article',
        'b',
        'body',
        'br',
        'circle',
        'details',
        'div',
        'em',
        'h1',
        'h2',
        'h3',
        'h4',
        'head',
        'header',
        'html',
        'li',
        'line',
        'main',
        'meta',
        'nav',
        'ol',
        'p',
        'pre',
        'rect',
        'section',
        'span',
        'strong',
        'style',
        'summary',
        'svg',
        'table',
        'tbody',
        'td',
        'th',
        'thead',
        'title',
        'tr',
        'ul',
      ].filter(name => tags.has(name)),
    )
    expect(source).not.toMatch(/<script|<img|\son[a-z]+\s*=\s*["']?alert\(1\)(?!.*&)/i)
    expect(source).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(source).toContain('&amp;lt;already&amp;gt;')
    expect(source).toContain('a\\u202eb\\u0000c')
  })

  it('asks for nothing: no script, no request, a policy that forbids both', async () => {
    const source = await page(['plain'])
    expect(source).toMatch(
      /http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-[A-Za-z0-9+/=]{44}&#39;"/,
    )
    expect(source).not.toMatch(/\b(src|srcset|action|formaction)=|url\(|@import|https?:/)
    expect(
      [...source.matchAll(/href="([^"]*)"/g)].every(([, target]) => target?.startsWith('#')),
    ).toBe(true)
  })

  it('leads from an incident to its alerts', async () => {
    const alone = await page(['ann'])
    const [, target = ''] = /<a href="#(alert-[0-9a-f-]+)">ann<\/a>/.exec(alone) ?? []
    expect(alone).toContain(`id="${target}"`)
    const rule = scheduled(
      'T',
      [
        'eventGroupingSettings: { aggregationKind: AlertPerResult }',
        'incidentConfiguration:',
        '  groupingConfiguration: { enabled: true, matchingMethod: AnyAlert, lookbackDuration: 5h }',
      ].join('\n'),
    )
    const events = ['10:10', '10:20', '10:30'].map(TimeGenerated => ({ TimeGenerated }))
    const outcome = await replayOf(rule, events)
    const source = replayPage(outcome, [])
    const [, links = ''] = /The rule <span class="rows">3 alerts: (.*?)<\/span>/.exec(source) ?? []
    expect(
      [...links.matchAll(/#alert-([0-9a-f-]+)">(\d)</g)].map(([, id, text]) => [id, text]),
    ).toEqual(outcome.alerts.map(({ id }, index) => [id, String(index + 1)]))
  })

  it('has the rows of an alert as text, and several of them as a table', async () => {
    const alone = replayPage(
      await replayOf(scheduled('T | project user, what'), [
        { TimeGenerated: '10:10', user: 'ann', what: 'x\ny' },
      ]),
      [],
    )
    expect(alone).toContain('<pre>user  ann\nwhat  x\n      y</pre>')
    const several = replayPage(
      await replayOf(scheduled('T | project user, what'), [
        { TimeGenerated: '10:10', user: 'ann', what: 'x' },
        { TimeGenerated: '10:11', user: 'bob', what: 'y' },
      ]),
      [],
    )
    expect(several).toContain('<tr><td>ann</td><td>x</td></tr><tr><td>bob</td><td>y</td></tr>')
  })

  it('has few tables, however many alerts there are', async () => {
    // 1,440 runs of two rows and eight columns: 24 cells a table with its head.
    const events = Array.from({ length: 2880 }, (_, index): Event => {
      const minute = Math.floor(index / 2)
      const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
      return { TimeGenerated: time, user: `user ${index}` }
    })
    const rule = scheduled(
      'T | where TimeGenerated > ago(59s) | extend a = 1, b = 2, c = 3, d = 4',
      '',
      '1m',
      '5m',
    )
    const outcome = await replayOf(
      rule,
      events.filter(({ TimeGenerated }) => TimeGenerated < '24'),
    )
    expect(outcome.alerts).toHaveLength(1440)
    const source = replayPage(outcome, [])
    // 20,000 cells are 833 such tables; of the other alerts, rows are text.
    expect(source.split('<table>').length - 1).toBe(833)
    expect(source.split('<pre>').length - 1).toBe(1440 - 833)
  })

  it('is the same for the same replay', async () => {
    expect(await page(HOSTILE)).toBe(await page(HOSTILE))
  })
})
