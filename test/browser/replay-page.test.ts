import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { replayPage } from '../../src/report/replay-page.ts'
import { type Event, replayOf, scheduled } from '../unit/replay/replay-of.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = CHROMIUM.find(path => existsSync(path))
if (executablePath === undefined) console.log('skipped: there is no Chromium on this machine')

const HOSTILE = [
  '<script>document.title = "changed"</script>',
  '"><img src="https://example.invalid/x" onerror="document.title = \'changed\'">',
  '<svg onload="document.title = \'changed\'">',
  '</style><style>body { display: none }</style>',
]

const RULE = scheduled(
  'T',
  [
    'alertDetailsOverride: { alertDisplayNameFormat: "{{user}}", alertDescriptionFormat: "{{user}}" }',
    'eventGroupingSettings: { aggregationKind: AlertPerResult }',
    'customDetails: { Who: user }',
  ].join('\n'),
)

/** A guard against a hang: a browser starts in seconds. */
const TIMEOUT = 120_000

describe.skipIf(executablePath === undefined)('the page of a replay, in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kqlab-page-'))
  let browser: Browser

  beforeAll(async () => {
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
    })
  }, TIMEOUT)

  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })

  /** The page opened, and what it asked for besides itself. */
  async function opened(name: string, events: readonly Event[]) {
    const outcome = await replayOf(RULE, events)
    const file = join(folder, `${name}.html`)
    writeFileSync(file, replayPage(outcome, []))
    const page = await browser.newPage()
    const requests: string[] = []
    page.on('request', request => requests.push(request.url()))
    const url = pathToFileURL(file).href
    const started = performance.now()
    await page.goto(url, { waitUntil: 'load' })
    const milliseconds = performance.now() - started
    return {
      page,
      milliseconds,
      alerts: outcome.alerts.length,
      others: requests.filter(r => r !== url),
    }
  }

  const isOpen = (page: Page) => page.evaluate<boolean>('document.querySelector("details").open')

  it('shows hostile texts as they are, runs nothing and asks for nothing', {
    timeout: TIMEOUT,
  }, async () => {
    const events = HOSTILE.map((user, index) => ({
      TimeGenerated: `10:1${index}`,
      user,
      what: 'x',
    }))
    const { page, others } = await opened('hostile', events)
    expect(await page.title()).toBe('Replay')
    expect(others).toEqual([])
    const names = await page.locator('summary').allInnerTexts()
    for (const [index, text] of HOSTILE.entries()) expect(names[index]).toContain(text)
    expect(await page.locator('script, img, main svg svg').count()).toBe(0)
    expect(await page.evaluate('getComputedStyle(document.body).display')).toBe('block')
    await page.close()
  })

  it('is used with a keyboard alone', { timeout: TIMEOUT }, async () => {
    const { page } = await opened('keyboard', [{ TimeGenerated: '10:10', user: 'ann' }])
    expect(await isOpen(page)).toBe(false)
    for (let step = 0; step < 20; step++) {
      await page.keyboard.press('Tab')
      if (await page.evaluate('document.activeElement.tagName === "SUMMARY"')) break
    }
    await page.keyboard.press('Enter')
    expect(await isOpen(page)).toBe(true)
    expect(await page.locator('details pre').last().innerText()).toContain('ann')
    await page.close()
  })

  it('is legible in light and dark, and on a narrow screen', { timeout: TIMEOUT }, async () => {
    const { page } = await opened('colours', [{ TimeGenerated: '10:10', user: 'ann' }])
    const contrast = async () => {
      const colours =
        '[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]'
      const luminances = (await page.evaluate<string[]>(colours)).map(luminanceOf)
      return (Math.max(...luminances) + 0.05) / (Math.min(...luminances) + 0.05)
    }
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await contrast()).toBeGreaterThan(7)
    }
    await page.setViewportSize({ width: 360, height: 700 })
    const overflow = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(overflow).toBeLessThanOrEqual(0)
    await page.close()
  })

  it('opens with ten thousand alerts', { timeout: TIMEOUT }, async () => {
    // 70 hours of 149 rows: each a run with an alert a row.
    const events = Array.from({ length: 70 * 149 }, (_, index): Event => {
      const minute = Math.floor(index / 149) * 20
      const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
      return { TimeGenerated: time, user: `user${index}`, what: 'x' }
    })
    const outcome = RULE.replace('queryFrequency: 1h', 'queryFrequency: 20m').replace(
      'queryPeriod: 1h',
      'queryPeriod: 20m',
    )
    const replayed = await replayOf(outcome, events, { anchor: '00:10' })
    expect(replayed.alerts.length).toBe(70 * 149)
    const file = join(folder, 'many.html')
    writeFileSync(file, replayPage(replayed, []))
    const page = await browser.newPage()
    const started = performance.now()
    await page.goto(pathToFileURL(file).href, { waitUntil: 'load' })
    console.log(`10,430 alerts open in ${(performance.now() - started).toFixed(0)} ms`)
    // What takes the time is the elements: an alert and its incident have nine, opened or not.
    expect(await page.locator('*').count()).toBeLessThan(10 * 70 * 149)
    expect(await page.locator('details').count()).toBe(70 * 149)
    await page.close()
  })
})

/** The relative luminance of a colour as WCAG defines it. */
function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).slice(0, 3).map(part => {
    const share = Number(part) / 255
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
