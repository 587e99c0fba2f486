export * as calendar from '../scalar/calendar.ts'
export * as timeZone from '../scalar/time-zone.ts'
