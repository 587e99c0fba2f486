export * as userAgent from '../scalar/user-agent.ts'
