import type { ClassSet } from './regex-tree.ts'

function range(from: number, to: number): ClassSet {
  return { kind: 'range', from, to }
}

/** The set of ranges given as text of first and last characters: `azAZ` is [a-zA-Z]. */
function ranges(bounds: string): ClassSet {
  const items: ClassSet[] = []
  for (let k = 0; k < bounds.length; k += 2) {
    items.push(range(bounds.charCodeAt(k), bounds.charCodeAt(k + 1)))
  }
  return { kind: 'union', items }
}

/** `[:alpha:]` and its kin, by name: ASCII only. */
export const POSIX_CLASSES: ReadonlyMap<string, ClassSet> = new Map([
  ['alnum', ranges('09azAZ')],
  ['alpha', ranges('azAZ')],
  ['ascii', ranges('\u0000\u007f')],
  ['blank', ranges('\t\t  ')],
  ['cntrl', ranges('\u0000\u001f\u007f\u007f')],
  ['digit', ranges('09')],
  ['graph', ranges('!~')],
  ['lower', ranges('az')],
  ['print', ranges(' ~')],
  ['punct', ranges('!/:@[`{~')],
  ['space', ranges('\t\r  ')],
  ['upper', ranges('AZ')],
  ['word', ranges('09azAZ__')],
  ['xdigit', ranges('09afAF')],
])

/** Unicode's general categories by the names that either engine takes. */
const CATEGORIES: ReadonlyMap<string, string> = new Map(
  (
    'L=letter,Lu=uppercaseletter,Ll=lowercaseletter,Lt=titlecaseletter,Lm=modifierletter,' +
    'Lo=otherletter,M=mark,Mn=nonspacingmark,Mc=spacingmark,Me=enclosingmark,N=number,' +
    'Nd=decimalnumber,Nl=letternumber,No=othernumber,P=punctuation,Pc=connectorpunctuation,' +
    'Pd=dashpunctuation,Ps=openpunctuation,Pe=closepunctuation,Pi=initialpunctuation,' +
    'Pf=finalpunctuation,Po=otherpunctuation,S=symbol,Sm=mathsymbol,Sc=currencysymbol,' +
    'Sk=modifiersymbol,So=othersymbol,Z=separator,Zs=spaceseparator,Zl=lineseparator,' +
    'Zp=paragraphseparator,C=other,Cc=control,Cf=format,Co=privateuse'
  )
    .split(',')
    .flatMap(pair => {
      const [short = '', long = ''] = pair.split('=')
      return [
        [short.toLowerCase(), short],
        [long, short],
      ] as const
    }),
)

/** The set of `\p{name}`, whatever its case, blanks and underscores; undefined where there is none. */
export function unicodeProperty(name: string): ClassSet | undefined {
  const loose = name.replace(/[\s_-]/g, '').toLowerCase()
  const category = CATEGORIES.get(loose.replace(/^(?:gc|generalcategory)=/, ''))
  if (category !== undefined) return { kind: 'property', v8: category, re2: category }
  if (loose === 'any') return range(0, 0x10ffff)
  if (loose === 'ascii') return range(0, 127)
  const script = name.replace(/^(?:sc|script|scx|script_extensions)[=:]/i, '').trim()
  const canonical = script.replace(
    /(^|[\s_-]+)(\w)(\w*)/g,
    (_, gap: string, head: string, rest: string) =>
      `${gap === '' ? '' : '_'}${head.toUpperCase()}${rest.toLowerCase()}`,
  )
  for (const v8 of [`Script=${canonical}`, canonical, name]) {
    if (isProperty(v8)) return { kind: 'property', v8, re2: canonical }
  }
  return undefined
}

function isProperty(name: string): boolean {
  try {
    return new RegExp(`\\p{${name}}`, 'v') instanceof RegExp
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}
