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
        'time',
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
    const source = await page(['ann'])
    const [, target = ''] = /<a href="#(alert-[0-9a-f-]+)">1<\/a>/.exec(source) ?? []
    expect(source).toContain(`id="${target}"`)
  })

  it('is the same for the same replay', async () => {
    expect(await page(HOSTILE)).toBe(await page(HOSTILE))
  })
})
