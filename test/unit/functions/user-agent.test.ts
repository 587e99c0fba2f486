import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  browserOf,
  deviceOf,
  operatingSystemOf,
} from '../../../src/engine/functions/scalar/shared-user-agent.ts'
import { compileTest, rowsOf } from '../engine/run-query.ts'

describe('a user agent', () => {
  // The first two are examples of the documentation.
  it.each([
    [
      'Mozilla/5.0 (Windows; U; en-US) AppleWebKit/531.9 (KHTML, like Gecko) AdobeAIR/2.5.1',
      'AdobeAIR 2 5 1',
      'Windows',
      'Other',
    ],
    [
      'Mozilla/5.0 (SymbianOS/9.2; U; Series60/3.1 NokiaN81-3/10.0.032 Profile/MIDP-2.0 Configuration/CLDC-1.1 ) AppleWebKit/413 (KHTML, like Gecko) Safari/4',
      'Nokia OSS Browser 3 1',
      'Symbian OS 9 2',
      'Nokia N81 Nokia N81-3',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91',
      'Edge 120 0 2210',
      'Windows 10',
      'Other',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_1_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1.2 Mobile/15E148 Safari/604.1',
      'Mobile Safari 17 1 2',
      'iOS 17 1 2',
      'iPhone Apple iPhone',
    ],
    ['python-requests/2.31.0', 'Python Requests 2 31', 'Other', 'Other'],
    ['', 'Other', 'Other', 'Other'],
    ['azsdk-net-Identity/1.2.3', 'Other', 'Other', 'Other'],
  ])('%s is of %s, %s, %s', (text, browser, system, device) => {
    const parts = [browserOf(text), operatingSystemOf(text), deviceOf(text)]
    expect(parts.map(part => part.join(' ').trim())).toEqual([browser, system, device])
  })

  it('is read in bounded time, however it is made', () => {
    const start = performance.now()
    for (const text of ['Mozilla '.repeat(100_000), '; '.repeat(100_000), '('.repeat(100_000)]) {
      expect(browserOf(text)).toHaveLength(4)
      expect(deviceOf(text)).toHaveLength(3)
    }
    expect(performance.now() - start).toBeLessThan(30_000)
  }, 60_000)
})

describe('parse_user_agent', () => {
  it('has the parts that are asked for', async () => {
    const text = 'print r = tostring(parse_user_agent("curl/7.1", dynamic(["os", "browser"])))'
    expect(await rowsOf(text)).toEqual([
      [
        '{"OperatingSystem":{"Family":"Other","MajorVersion":"","MinorVersion":"","Patch":"","PatchMinor":""},"Browser":{"Family":"curl","MajorVersion":"7","MinorVersion":"1","Patch":""}}',
      ],
    ])
  })

  it('may look for something else in each row', async () => {
    const text =
      'datatable(p:string)["os", "device"] | project k = bag_keys(parse_user_agent("x", p))'
    expect(await rowsOf(text)).toEqual([[['OperatingSystem']], [['Device']]])
    await expect(
      rowsOf('datatable(p:string)["x"] | project parse_user_agent("x", p)'),
    ).rejects.toThrow('Looked for are')
  })

  it.each([
    ['print parse_user_agent("x", "cpu")', 'KS128'],
    ['print parse_user_agent("x", dynamic(["os", 1]))', 'KS128'],
    ['print parse_user_agent("x")', 'KS119'],
  ])('%s is %s', (text, code) => {
    expect(compileTest(text).diagnostics.map(diagnostic => diagnostic.code)).toEqual([code])
  })
})

describe('the patterns', () => {
  it('are those of the package', () => {
    const script = fileURLToPath(new URL('../../../scripts/make-user-agents.ts', import.meta.url))
    execFileSync(process.execPath, [script, '--check'])
  })
})
