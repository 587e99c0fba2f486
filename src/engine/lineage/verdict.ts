import type { PathEnd } from './explanation.ts'

/** How a way ends, in words that follow the name of a row. */
export function verdict(end: PathEnd): string {
  switch (end.kind) {
    case 'result':
      return `is found: ${end.message}.`
    case 'dropped':
      return `is left out by ${end.operator}: ${end.message}.`
    case 'used':
      return `gives no row itself: ${end.message}.`
    case 'unfollowed':
      return `cannot be followed to its end: ${end.message}.`
  }
}
