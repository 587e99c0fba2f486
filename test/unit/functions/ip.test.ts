import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as ip from '../../../src/engine/functions/scalar/ip.ts'
import * as ipv6 from '../../../src/engine/functions/scalar/ipv6.ts'
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from '../../../src/types/ip-address.ts'
import { call, callOne } from './harness.ts'

function text(value: string): readonly ['string', string] {
  return ['string', value]
}

describe('ipv4_is_private', () => {
  it.each([
    ['10.1.2.3', true],
    ['192.168.1.1/24', true],
    ['172.16.0.1', true],
    ['172.32.0.1', false],
    ['127.0.0.1', false],
    ['202.1.2.3', false],
    ['', null],
    ['fe80::1', null],
    ['10.1.2', null],
    ['10.1.2.256', null],
    ['10.1.2.3/33', null],
    ['10.1.2.3/x', null],
    ['0x0a.1.2.3', null],
    [' 10.1.2.3 ', true],
  ])('of %s is %s', (address, expected) => {
    expect(callOne(ip.ipv4_is_private, [text(address)])).toBe(expected)
  })
})

describe('IPv4 ranges', () => {
  it.each([
    ['192.168.1.1', '192.168.1.1', true],
    ['192.168.1.1', '192.168.1.255/24', true],
    ['192.168.2.1', '192.168.1.255/24', false],
    ['1.2.3.4', '0.0.0.0/0', true],
    ['x', '0.0.0.0/0', null],
    ['1.2.3.4', 'x', null],
  ])('%s in %s is %s', (address, range, expected) => {
    expect(callOne(ip.ipv4_is_in_range, [text(address), text(range)])).toBe(expected)
    expect(
      call(ip.ipv4_is_in_range, [
        ['string', [address]],
        ['string', [range]],
      ]),
    ).toEqual([expected])
    const list = [text(address), ['dynamic', [range]] as const]
    expect(callOne(ip.ipv4_is_in_any_range, list)).toBe(expected)
  })

  it('pass over what is no network, unless nothing else is left', () => {
    const inAny = (list: readonly string[]): unknown =>
      callOne(ip.ipv4_is_in_any_range, [text('10.0.0.1'), ['dynamic', list]])
    expect(inAny(['fe80::/64', '10.0.0.0/8'])).toBe(true)
    expect(inAny(['fe80::/64', '11.0.0.0/8'])).toBe(false)
    expect(inAny(['fe80::/64'])).toBeNull()
    expect(inAny([])).toBe(false)
  })

  it('may be arguments, or differ by row', () => {
    const arguments_ = ['192.168.1.6', '10.0.0.1/8', '192.168.1.1/24'].map(text)
    expect(callOne(ip.ipv4_is_in_any_range, arguments_)).toBe(true)
    expect(
      call(ip.ipv4_is_in_any_range, [
        ['string', ['10.0.0.1', '10.0.0.1']],
        ['dynamic', [['10.0.0.0/8'], ['11.0.0.0/8']]],
      ]),
    ).toEqual([true, false])
  })
})

describe('IPv4 comparison', () => {
  it.each([
    ['192.168.1.0', '192.168.1.0', undefined, 0n],
    ['192.168.1.1/24', '192.168.1.255', undefined, 0n],
    ['192.168.1.1', '192.168.1.255/24', undefined, 0n],
    ['192.168.1.1/30', '192.168.1.255/24', undefined, 0n],
    ['192.168.1.1', '192.168.1.0', 31n, 0n],
    ['192.168.1.1/24', '192.168.1.255', 31n, 0n],
    ['192.168.1.1', '192.168.1.255', 24n, 0n],
    ['192.168.1.1', '192.168.1.255', undefined, -1n],
    ['200.0.0.1', '100.0.0.1', 0n, 0n],
    ['200.0.0.1', '100.0.0.1', undefined, 1n],
    ['200.0.0.1', '100.0.0.1', 33n, null],
    ['200.0.0.1', '', undefined, null],
  ])('of %s and %s by %s is %s', (a, b, prefix, expected) => {
    const args = [text(a), text(b), ...(prefix === undefined ? [] : [['long', prefix] as const])]
    expect(callOne(ip.ipv4_compare, args)).toBe(expected)
    expect(callOne(ip.ipv4_is_match, args)).toBe(expected === null ? null : expected === 0n)
  })
})

describe('IPv4 numbers and texts', () => {
  it.each([
    ['192.168.1.1', 3_232_235_777n, 32n],
    ['192.168.1.1/24', 3_232_235_776n, 24n],
    ['255.255.255.255/31', 4_294_967_294n, 31n],
    ['invalid', null, null],
  ])('parse_ipv4 of %s is %s', (address, number, suffix) => {
    expect(callOne(ip.parse_ipv4, [text(address)])).toBe(number)
    expect(callOne(ip.ipv4_netmask_suffix, [text(address)])).toBe(suffix)
  })

  it('parse_ipv4_mask keeps the first bits', () => {
    const args = [text('192.168.1.1'), ['long', 24n] as const]
    expect(callOne(ip.parse_ipv4_mask, args)).toBe(3_232_235_776n)
  })

  it.each([
    ['192.168.1.1', 24n, '192.168.1.0', '192.168.1.0/24'],
    ['192.168.1.1', 32n, '192.168.1.1', '192.168.1.1/32'],
    ['192.168.1.1/24', 32n, '192.168.1.0', '192.168.1.0/24'],
    ['192.168.1.1/24', -1n, '', ''],
    ['x', 24n, '', ''],
    ['192.168.1.1', null, '', ''],
  ])('format_ipv4 of %s and %s is %s', (address, prefix, plain, masked) => {
    const args = [text(address), ['long', prefix] as const]
    expect(callOne(ip.format_ipv4, args)).toBe(plain)
    expect(callOne(ip.format_ipv4_mask, args)).toBe(masked)
  })

  it.each([
    [text('192.168.1.1'), '192.168.1.1/32'],
    [text('192.168.1.1/24'), '192.168.1.0/24'],
    [text('x'), ''],
    [['long', 3_232_235_777n] as const, '192.168.1.1/32'],
    [['real', 3_232_235_777] as const, '192.168.1.1/32'],
    [['long', -1n] as const, ''],
  ])('format_ipv4_mask of %s alone is %s', (address, masked) => {
    expect(callOne(ip.format_ipv4_mask, [address])).toBe(masked)
  })

  it('format_ipv4 of a number', () => {
    expect(callOne(ip.format_ipv4, [['long', 3_232_235_777n]])).toBe('192.168.1.1')
    expect(callOne(ip.format_ipv4, [['long', 4_294_967_296n]])).toBe('')
    expect(callOne(ip.format_ipv4, [['long', -1n]])).toBe('')
    expect(callOne(ip.format_ipv4, [['real', 3_232_235_777]])).toBe('192.168.1.1')
    expect(callOne(ip.format_ipv4, [['real', 0.5]])).toBe('')
  })

  it('reads what it prints', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), address => {
        expect(parseIpv4(formatIpv4(address))).toEqual({ address, prefix: 32 })
      }),
    )
  })

  it.each([
    ['1.1.128.0', '1.1.140.255', ['1.1.128.0/21', '1.1.136.0/22', '1.1.140.0/24']],
    ['10.0.0.1', '10.0.0.4', ['10.0.0.1/32', '10.0.0.2/31', '10.0.0.4/32']],
    ['0.0.0.0', '255.255.255.255', ['0.0.0.0/0']],
    ['10.0.0.2', '10.0.0.1', []],
    ['x', '10.0.0.1', null],
  ])('ipv4_range_to_cidr_list of %s and %s is %s', (first, last, expected) => {
    expect(callOne(ip.ipv4_range_to_cidr_list, [text(first), text(last)])).toEqual(expected)
  })
})

describe('IPv4 addresses in texts', () => {
  it.each([
    ['05:04:54 127.0.0.1 GET /favicon.ico 404', '127.0.0.1', true],
    ['05:04:54 127.0.0.256 GET /favicon.ico 404', '127.0.0.256', false],
    ['05:04:54127.0.0.1 GET /favicon.ico 404', '127.0.0.1', false],
    ['127.0.0.10', '127.0.0.1', false],
    ['(127.0.0.1)', '127.0.0.1', true],
    ['x', '', false],
  ])('has_ipv4 of %s and %s is %s', (source, address, expected) => {
    expect(callOne(ip.has_ipv4, [text(source), text(address)])).toBe(expected)
    const list = ['dynamic', ['9.9.9.9', address]] as const
    expect(callOne(ip.has_any_ipv4, [text(source), list])).toBe(expected)
    expect(callOne(ip.has_any_ipv4, [text(source), text('9.9.9.9'), text(address)])).toBe(expected)
  })

  it.each([
    ['05:04:54 127.0.0.1 GET', '127.0.', true],
    ['05:04:54 127.0.0.1 GET', '127.', true],
    ['05:04:54 127.0.0.1 GET', '127.0.0.', true],
    ['05:04:54 127.0.0.1 GET', '127.0.0.1', true],
    ['05:04:54 127.0.0.1 GET', '127.0', false],
    ['05:04:54 127.0.0.1 GET', '127.0.0.0.', false],
    ['05:04:54 127.0.0.256 GET', '127.0.', false],
    ['05:04:54127.0.0.1 GET', '127.0.', false],
    ['127.0.0.1234', '127.', false],
    ['127.0.x 127.0.0.9', '127.0.', true],
    ['127.0.0.1x', '127.0.', false],
    ['127.0.0', '127.', false],
  ])('has_ipv4_prefix of %s and %s is %s', (source, prefix, expected) => {
    expect(callOne(ip.has_ipv4_prefix, [text(source), text(prefix)])).toBe(expected)
    const list = ['dynamic', ['9.', prefix]] as const
    expect(callOne(ip.has_any_ipv4_prefix, [text(source), list])).toBe(expected)
  })
})

describe('parse_ipv6', () => {
  it.each([
    ['192.168.255.255', '0000:0000:0000:0000:0000:ffff:c0a8:ffff'],
    ['192.168.255.255/24', '0000:0000:0000:0000:0000:ffff:c0a8:ff00'],
    ['fe80::85d:e82c:9446:7994', 'fe80:0000:0000:0000:085d:e82c:9446:7994'],
    ['FE80::', 'fe80:0000:0000:0000:0000:0000:0000:0000'],
    ['::', '0000:0000:0000:0000:0000:0000:0000:0000'],
    ['1:2:3:4:5:6:7:8', '0001:0002:0003:0004:0005:0006:0007:0008'],
    ['::192.168.255.255', '0000:0000:0000:0000:0000:0000:c0a8:ffff'],
    ['ffff::/8', 'ff00:0000:0000:0000:0000:0000:0000:0000'],
    ['invalid', ''],
    ['', ''],
    ['1:2:3:4:5:6:7', ''],
    ['1:2:3:4:5:6:7:8:9', ''],
    ['1::2::3', ''],
    ['1:2:3:4::5:6:7:8', ''],
    ['12345::', ''],
    ['::1.2.3.4:5', ''],
    [':1', ''],
    ['fe80::1/129', ''],
    ['fe80::1%eth0', ''],
  ])('of %s is %s', (address, expected) => {
    expect(callOne(ipv6.parse_ipv6, [text(address)])).toBe(expected)
  })

  it('reads what it prints', () => {
    const word = fc.integer({ min: 0, max: 0xffffffff })
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), words => {
        expect(parseIpv6(formatIpv6(words))).toEqual({ words, prefix: 128 })
      }),
    )
  })

  it.each([
    ['192.168.255.255', 120n, '0000:0000:0000:0000:0000:ffff:c0a8:ff00'],
    ['192.168.255.255/24', 124n, '0000:0000:0000:0000:0000:ffff:c0a8:ff00'],
    ['fe80::85d:e82c:9446:7994/120', 124n, 'fe80:0000:0000:0000:085d:e82c:9446:7900'],
    ['::192.168.255.255', 128n, '0000:0000:0000:0000:0000:0000:c0a8:ffff'],
    ['::192.168.255.255/24', 128n, '0000:0000:0000:0000:0000:0000:c0a8:ff00'],
    ['::1', 129n, ''],
    ['::1', null, ''],
  ])('parse_ipv6_mask of %s and %s is %s', (address, prefix, expected) => {
    expect(callOne(ipv6.parse_ipv6_mask, [text(address), ['long', prefix]])).toBe(expected)
  })
})

describe('IPv6 comparison', () => {
  it.each([
    ['192.168.1.1', '192.168.1.0', 31n, 0n],
    ['192.168.1.1', '192.168.1.1', undefined, 0n],
    ['fe80::85d:e82c:9446:7994/120', 'fe80::85d:e82c:9446:7998', undefined, 0n],
    ['fe80::85d:e82c:9446:7994', 'fe80::85d:e82c:9446:7995', 127n, 0n],
    ['fe80::85d:e82c:9446:7994', 'fe80::85d:e82c:9446:7995', undefined, -1n],
    ['192.168.1.1', '::ffff:c0a8:0101', undefined, 0n],
    ['192.168.1.1/24', '::ffff:c0a8:01ff', 127n, 0n],
    ['::192.168.1.1/30', '192.168.1.255/24', 127n, 0n],
    ['ffff::', '1::', undefined, 1n],
    ['ffff::', 'x', undefined, null],
    ['ffff::', '1::', -1n, null],
  ])('of %s and %s by %s is %s', (a, b, prefix, expected) => {
    const args = [text(a), text(b), ...(prefix === undefined ? [] : [['long', prefix] as const])]
    expect(callOne(ipv6.ipv6_compare, args)).toBe(expected)
    expect(callOne(ipv6.ipv6_is_match, args)).toBe(expected === null ? null : expected === 0n)
  })

  const address = 'a5e:f127:8a9d:146d:e102:b5d3:c755:abcd'
  it.each([
    [address, 'a5e:f127:8a9d:146d:e102:b5d3:c755:0000/112', true],
    [address, address, true],
    [address, '0:0:0:0:0:ffff:c0a8:ac/60', false],
    ['192.168.0.7', '::ffff:c0a8:0/112', true],
    ['x', address, null],
  ])('%s in %s is %s', (candidate, range, expected) => {
    expect(callOne(ipv6.ipv6_is_in_range, [text(candidate), text(range)])).toBe(expected)
    const list = ['dynamic', [range]] as const
    expect(callOne(ipv6.ipv6_is_in_any_range, [text(candidate), list])).toBe(expected)
  })
})
