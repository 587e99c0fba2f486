/** Words that YAML, in one version or another, does not read as texts. */
const WORDS = /^(?:true|false|yes|no|on|off|y|n|null|nan|inf)$/i
const PLAIN = /^[A-Za-z](?:[\w@./()-]|[ ](?=[\w@/(]))*$/

const NOT_FINITE: Readonly<Record<string, string>> = {
  NaN: '.nan',
  Infinity: '.inf',
  '-Infinity': '-.inf',
}

/** A value as YAML in one line, of which every part is read back as it was. */
export function yamlText(value: unknown): string {
  if (typeof value === 'string') return textOf(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && !Number.isFinite(value)) return NOT_FINITE[String(value)] ?? ''
  if (Array.isArray(value)) return `[${value.map(yamlText).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const entries = Object.entries(value).map(([name, item]) => `${textOf(name)}: ${yamlText(item)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

function textOf(text: string): string {
  return PLAIN.test(text) && !WORDS.test(text) ? text : JSON.stringify(text)
}
