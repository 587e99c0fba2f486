export * as ip from '../scalar/ip.ts'
export * as ipLocation from '../scalar/ip-location.ts'
export * as ipv6 from '../scalar/ipv6.ts'
