export * as neighbours from '../window/neighbours.ts'
export * as ranking from '../window/ranking.ts'
export * as running from '../window/running.ts'
