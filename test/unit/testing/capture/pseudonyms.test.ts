import { describe, expect, it } from 'vitest'
import { Pseudonyms } from '../../../../src/testing/capture/pseudonyms.ts'

const made = (salt = 'salt', keep: string[] = []) => new Pseudonyms({ salt, keep })
const GUID = '0f8fad5b-d9cb-469f-a165-70867728950e'

describe('pseudonyms', () => {
  it.each([
    ['ana@contoso.com', /^user-[0-9a-f]{6}@org-[0-9a-f]{6}\.example$/],
    [
      'ana_fabrikam.com#EXT#@contoso.onmicrosoft.com',
      /^user-[0-9a-f]{6}@org-[0-9a-f]{6}\.example$/,
    ],
    [GUID, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/],
    ['203.0.113.24', /^203\.0\.\d{1,3}\.\d{1,3}$/],
    ['10.1.2.3', /^10\.1\.\d{1,3}\.\d{1,3}$/],
    ['2001:db8:85a3::8a2e:370:7334', /^2001:db8::[0-9a-f]{4}:[0-9a-f]{4}$/],
    ['fe80::1ff:fe23:4567:890a', /^fe80::[0-9a-f]{4}:[0-9a-f]{4}$/],
    ['2001:db8::5', /^2001:db8::[0-9a-f]{4}:[0-9a-f]{4}$/],
    ['2a02::5', /^2a02::[0-9a-f]{4}:[0-9a-f]{4}$/],
    ['2001:db8:1:2:3:4:5:6', /^2001:db8::[0-9a-f]{4}:[0-9a-f]{4}$/],
    ['[fe80::5%12]:443', /^\[fe80::[0-9a-f]{4}:[0-9a-f]{4}%12\]:443$/],
    ['from 2001:db8::5: refused', /^from 2001:db8::[0-9a-f]{4}:[0-9a-f]{4}: refused$/],
    ['00:1a:2b:3c:4d:5e', /^00:1a::[0-9a-f]{4}:[0-9a-f]{4}$/],
    ['ws01.corp.contoso.com', /^host-[0-9a-f]{6}\.org-[0-9a-f]{6}\.example$/],
    ['contoso.com', /^org-[0-9a-f]{6}\.example$/],
  ])('stand for %s', (original, form) => {
    const pseudonym = made().replace(original, ['Any'])
    expect(pseudonym).toMatch(form)
    expect(pseudonym).not.toContain(original)
  })

  it.each(['at 2026-03-17 12:30:45 UTC', '2026-03-17T12:30:45.123Z', '9:05:00', 'std::string'])(
    'leave %s as it is',
    text => {
      expect(made().replace(text, ['Any'])).toBe(text)
    },
  )

  it.each([
    ['of many digits', `1:2:${'a'.repeat(200)}z`],
    ['of pairs of digits', `${'ab:'.repeat(200)}z`],
    ['encoded', 'QUJD'.repeat(100_000)],
  ])('take no time for a long text %s', (_, text) => {
    const start = performance.now()
    expect(made().replace(text, ['Any'])).toBe(text)
    expect(performance.now() - start).toBeLessThan(3000)
  })

  it('are the same for the same, in any case and any field, and tell the domain apart', () => {
    const names = made()
    const one = names.replace('ana@contoso.com', ['UserPrincipalName'])
    expect(names.replace('ANA@CONTOSO.COM', ['InitiatedBy', 'user', 'userPrincipalName'])).toBe(one)
    const other = names.replace('ben@contoso.com', ['UserPrincipalName'])
    expect(other).not.toBe(one)
    expect(other.split('@')[1]).toBe(one.split('@')[1])
    expect(names.replace('contoso.com', ['Domain'])).toBe(one.split('@')[1])
  })

  it('depend on the salt', () => {
    const [one, other] = ['a', 'b'].map(salt => made(salt).replace('ana@contoso.com', ['x']))
    expect(one).not.toBe(other)
  })

  it('stand inside of longer texts', () => {
    const text = made().replace(`["${GUID}", "ana@contoso.com from 198.51.100.7"]`, ['newValue'])
    expect(text).toMatch(
      /^\["[0-9a-f-]{36}", "user-[0-9a-f]{6}@org-[0-9a-f]{6}\.example from 198\.51\.\d+\.\d+"\]$/,
    )
    expect(text).not.toMatch(/0f8fad5b|ana@|198\.51\.100\.7/)
  })

  it.each([
    ['Ana Ortiz', ['UserDisplayName']],
    ['Ana Ortiz', ['InitiatedBy', 'user', 'displayName']],
    ['LAPTOP-7', ['DeviceName']],
    ['LAPTOP-7', ['Computer']],
    ['CONTOSO\\ana', ['AccountName']],
  ])('stand for %s in a field of names', (name, field) => {
    expect(made().replace(name, field)).toMatch(/^Name [0-9a-f]{6}$/)
  })

  it.each([
    ['Azure Portal', ['AppDisplayName']],
    ['Global Administrator', ['RoleName']],
    ['Success', ['Result']],
    ['10.0', ['Version']],
    ['127.0.0.1', ['IPAddress']],
    ['999.1.1.1', ['Version']],
    ['https://graph.microsoft.com/v1.0', ['Resource']],
    ['', ['UserDisplayName']],
  ])('leave %s', (text, field) => {
    expect(made().replace(text, field)).toBe(text)
  })

  it('leave what the query names', () => {
    const names = made('salt', [`Role ${GUID}`, 'ana@contoso.com', 'Temporary'])
    expect(names.replace(GUID, ['RoleId'])).toBe(GUID)
    expect(names.replace('ana@contoso.com', ['User'])).toBe('ana@contoso.com')
    expect(names.replace('Temporary pass', ['displayName'])).toBe('Temporary pass')
    expect(names.replace('ben@contoso.com', ['User'])).not.toContain('ben')
  })
})
