import { type CoverageItem, type CoverageResult, shareOf } from '../testing/coverage/cover.ts'
import type { ProbeKind } from '../testing/coverage/probes.ts'
import { visible } from '../text/visible.ts'
import { attributeText } from './tests/xml-text.ts'

const KINDS: Readonly<Record<ProbeKind, string>> = {
  condition: 'conditions',
  member: 'members',
  branch: 'branches',
  join: 'joins',
  expand: 'expansions',
}
const MOST_TEXT = 80

/** For people: what is covered of each rule, and each thing that did not happen. */
export function coverageText(results: readonly CoverageResult[]): string {
  const lines = results.flatMap(({ rule, items }) => [
    `${visible(rule)}: ${percent(items)} covered${kindsText(items)}`,
    ...items.flatMap(missingLines),
  ])
  return `${lines.join('\n')}\n`
}

function percent(items: readonly CoverageItem[]): string {
  const { covered, total } = shareOf(items)
  if (covered === total) return '100 %'
  // What is not whole is not rounded to it.
  return `${Math.min(99.9, (100 * covered) / total)
    .toFixed(1)
    .replace(/\.0$/, '')} %`
}

function kindsText(items: readonly CoverageItem[]): string {
  const parts = [...Map.groupBy(items, ({ kind }) => kind)].map(([kind, own]) => {
    const { covered, total } = shareOf(own)
    return `${KINDS[kind]} ${covered}/${total}`
  })
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

function missingLines({ place, text, kind, outcomes }: CoverageItem): string[] {
  const line = text.replace(/\s+/g, ' ').trim()
  const short = line.length > MOST_TEXT ? `${line.slice(0, MOST_TEXT - 1)}…` : line
  const missing = outcomes.filter(({ rows }) => rows === 0).map(({ name }) => name)
  if (missing.length === 0) return []
  const file = `${visible(place.file)}:${place.line}:${place.column}`
  return [`  ${file}: ${kind} \`${visible(short)}\` is never ${missing.join(' nor ')}`]
}

/** Items by the line that they begin on, in order. */
function byLine(items: readonly CoverageItem[]): [number, CoverageItem[]][] {
  return [...Map.groupBy(items, ({ place }) => place.line)].sort(([a], [b]) => a - b)
}

/** The most rows that anything on a line had. */
function hitsOf(items: readonly CoverageItem[]): number {
  return Math.max(0, ...items.flatMap(({ outcomes }) => outcomes.map(({ rows }) => rows)))
}

/**
 * As lcov has it: a line is hit where a row came to what stands on it, and each outcome is a branch.
 * @see https://manpages.debian.org/geninfo
 */
export function lcovReport(results: readonly CoverageResult[]): string {
  return results
    .flatMap(({ ruleFile, items }) => {
      const lines = byLine(items)
      const { covered, total } = shareOf(items)
      return [
        'TN:',
        `SF:${ruleFile.replace(/[\r\n]/g, ' ')}`,
        ...lines.flatMap(([line, own]) =>
          own.flatMap((item, block) => {
            const reached = item.outcomes.some(({ rows }) => rows > 0)
            return item.outcomes.map(
              ({ rows }, branch) => `BRDA:${line},${block},${branch},${reached ? rows : '-'}`,
            )
          }),
        ),
        `BRF:${total}`,
        `BRH:${covered}`,
        ...lines.map(([line, own]) => `DA:${line},${hitsOf(own)}`),
        `LF:${lines.length}`,
        `LH:${lines.filter(([, own]) => hitsOf(own) > 0).length}`,
        'end_of_record',
      ]
    })
    .map(line => `${line}\n`)
    .join('')
}

/** As Cobertura has it. @see https://cobertura.sourceforge.net/xml/coverage-04.dtd */
export function coberturaReport(results: readonly CoverageResult[]): string {
  const all = results.flatMap(({ items }) => items)
  const classes = results.map(
    result =>
      `        <class name="${attributeText(result.rule)}" filename="${attributeText(result.ruleFile)}" ` +
      `${ratesText(result.items)} complexity="0">\n          <methods/>\n          <lines>\n` +
      byLine(result.items).map(lineText).join('') +
      '          </lines>\n        </class>\n',
  )
  const { covered, total } = shareOf(all)
  const lines = results.flatMap(({ items }) => byLine(items))
  const hit = lines.filter(([, own]) => hitsOf(own) > 0).length
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">\n' +
    `<coverage ${ratesText(all)} lines-covered="${hit}" lines-valid="${lines.length}" ` +
    `branches-covered="${covered}" branches-valid="${total}" complexity="0" version="1" timestamp="0">\n` +
    `  <sources/>\n  <packages>\n    <package name="rules" ${ratesText(all)} complexity="0">\n` +
    `      <classes>\n${classes.join('')}      </classes>\n    </package>\n  </packages>\n</coverage>\n`
  )
}

function ratesText(items: readonly CoverageItem[]): string {
  const lines = byLine(items)
  const hit = lines.filter(([, own]) => hitsOf(own) > 0).length
  const { covered, total } = shareOf(items)
  return `line-rate="${rate(hit, lines.length)}" branch-rate="${rate(covered, total)}"`
}

function rate(part: number, whole: number): string {
  return whole === 0 ? '1' : (part / whole).toFixed(4)
}

function lineText([line, items]: [number, CoverageItem[]]): string {
  const { covered, total } = shareOf(items)
  const share = total === 0 ? 100 : Math.floor((100 * covered) / total)
  return (
    `            <line number="${line}" hits="${hitsOf(items)}" branch="true" ` +
    `condition-coverage="${share}% (${covered}/${total})"/>\n`
  )
}

/** As JSON: the share of all rules, and what was counted. */
export function coverageJson(results: readonly CoverageResult[]): string {
  const { covered, total } = shareOf(results.flatMap(({ items }) => items))
  const rules = results.map(({ rule, ruleFile, items }) => ({
    rule,
    file: ruleFile,
    ...shareOf(items),
    items: items.map(({ place, ...item }) => ({ ...item, line: place.line, column: place.column })),
  }))
  return `${JSON.stringify({ covered, total, rules }, undefined, 2)}\n`
}
