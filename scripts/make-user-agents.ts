/**
 * Makes src/engine/functions/scalar/user-agent-patterns.json of the patterns of the package uap-core,
 * version as installed: by what they find, a line a pattern with its replacements, null where it has
 * none. With `--check`, compares.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

const KINDS = {
  browser: [
    'user_agent_parsers',
    ['family_replacement', 'v1_replacement', 'v2_replacement', 'v3_replacement'],
  ],
  os: [
    'os_parsers',
    [
      'os_replacement',
      'os_v1_replacement',
      'os_v2_replacement',
      'os_v3_replacement',
      'os_v4_replacement',
    ],
  ],
  device: ['device_parsers', ['device_replacement', 'brand_replacement', 'model_replacement']],
} as const

type Entry = Readonly<Record<string, string | number>>

const root = fileURLToPath(new URL('..', import.meta.url))
const path = `${root}src/engine/functions/scalar/user-agent-patterns.json`
const package_ = `${root}node_modules/uap-core`
const { version } = JSON.parse(readFileSync(`${package_}/package.json`, 'utf8'))
const data: Record<string, readonly Entry[]> = parse(
  readFileSync(`${package_}/regexes.yaml`, 'utf8'),
)

function lineOf(entry: Entry, replacements: readonly string[]): string {
  const { regex, regex_flag: flag = '' } = entry
  const known = ['regex', 'regex_flag', ...replacements]
  const other = Object.keys(entry).find(key => !known.includes(key))
  if (other !== undefined || !['', 'i'].includes(String(flag))) {
    throw new Error(`${regex} has a form of its own: ${other ?? flag}`)
  }
  const pattern = `${flag === '' ? '' : '(?i)'}${regex}`
  const texts = replacements.map(name => (name in entry ? String(entry[name]) : null))
  while (texts.at(-1) === null) texts.pop()
  return JSON.stringify([pattern, ...texts])
}

const sections = Object.entries(KINDS).map(([kind, [list, replacements]]) => {
  const lines = (data[list] ?? []).map(entry => lineOf(entry, replacements))
  return `"${kind}":[\n${lines.join(',\n')}\n]`
})
const about = JSON.stringify(
  `The patterns of uap-core ${version}. Copyright 2009 Google Inc. Licensed under the Apache License, Version 2.0.`,
)
const text = `{\n"about":${about},\n${sections.join(',\n')}\n}\n`
if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== text) throw new Error(`${path} is not what it would be made.`)
} else {
  writeFileSync(path, text)
}
