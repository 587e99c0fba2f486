import {
  containsMatcher,
  endsWithMatcher,
  equalsMatcher,
  type StringPredicate,
  startsWithMatcher,
  termMatcher,
  termPrefixMatcher,
  termSuffixMatcher,
} from '../../../types/collation.ts'
import { type ScalarFunction, scalar } from '../declare.ts'
import { textPredicate } from './text-predicate.ts'

type Matcher = (needle: string, caseSensitive: boolean) => StringPredicate

/** An operand of type dynamic is its text, by `tostring()`, which the binder inserts. */
function stringOperator(
  name: string,
  matcher: Matcher,
  doc: string,
  example: string,
): ScalarFunction {
  const negated = name.startsWith('!')
  const caseSensitive = name.endsWith('_cs')
  return scalar({
    name,
    doc: `${doc}, ${caseSensitive ? 'by case' : 'whatever the case'}.`,
    examples: [{ query: `print r = ${example}`, rows: [{ r: true }] }],
    overloads: [textPredicate(needle => matcher(needle, caseSensitive), negated)],
  })
}

/** @see https://learn.microsoft.com/kusto/query/equals-operator */
export const equalsFolded = stringOperator(
  '=~',
  equalsMatcher,
  'Whether two strings are equal',
  '"abc" =~ "ABC"',
)

/** @see https://learn.microsoft.com/kusto/query/not-equals-operator */
export const notEqualsFolded = scalar({
  name: '!~',
  doc: 'Whether two strings differ, whatever the case.',
  examples: [
    { query: 'print a = "aBc" !~ "xyz", b = "abc" !~ "ABC"', rows: [{ a: true, b: false }] },
  ],
  overloads: [textPredicate(needle => equalsMatcher(needle, false), true)],
})

/** @see https://learn.microsoft.com/kusto/query/has-operator */
export const has = stringOperator(
  'has',
  termMatcher,
  'Whether a string has another as a whole term: no letter or digit touches it',
  '"alpha_beta" has "ALPHA"',
)

/** @see https://learn.microsoft.com/kusto/query/not-has-operator */
export const notHas = stringOperator(
  '!has',
  termMatcher,
  'Whether a string does not have another as a whole term',
  '"North America" !has "amer"',
)

/** @see https://learn.microsoft.com/kusto/query/has-cs-operator */
export const hasCs = stringOperator(
  'has_cs',
  termMatcher,
  'Whether a string has another as a whole term: no letter or digit touches it',
  '"North America" has_cs "America"',
)

/** @see https://learn.microsoft.com/kusto/query/not-has-cs-operator */
export const notHasCs = stringOperator(
  '!has_cs',
  termMatcher,
  'Whether a string does not have another as a whole term',
  '"North America" !has_cs "america"',
)

/** @see https://learn.microsoft.com/kusto/query/hasprefix-operator */
export const hasPrefix = stringOperator(
  'hasprefix',
  termPrefixMatcher,
  'Whether a term of a string begins with another',
  '"North America" hasprefix "ame"',
)

/** @see https://learn.microsoft.com/kusto/query/not-hasprefix-operator */
export const notHasPrefix = stringOperator(
  '!hasprefix',
  termPrefixMatcher,
  'Whether no term of a string begins with another',
  '"North America" !hasprefix "mer"',
)

/** @see https://learn.microsoft.com/kusto/query/hasprefix-cs-operator */
export const hasPrefixCs = stringOperator(
  'hasprefix_cs',
  termPrefixMatcher,
  'Whether a term of a string begins with another',
  '"North America" hasprefix_cs "Ame"',
)

/** @see https://learn.microsoft.com/kusto/query/not-hasprefix-cs-operator */
export const notHasPrefixCs = stringOperator(
  '!hasprefix_cs',
  termPrefixMatcher,
  'Whether no term of a string begins with another',
  '"North America" !hasprefix_cs "ame"',
)

/** @see https://learn.microsoft.com/kusto/query/hassuffix-operator */
export const hasSuffix = stringOperator(
  'hassuffix',
  termSuffixMatcher,
  'Whether a term of a string ends with another',
  '"North America" hassuffix "RTH"',
)

/** @see https://learn.microsoft.com/kusto/query/not-hassuffix-operator */
export const notHasSuffix = stringOperator(
  '!hassuffix',
  termSuffixMatcher,
  'Whether no term of a string ends with another',
  '"North America" !hassuffix "americ"',
)

/** @see https://learn.microsoft.com/kusto/query/hassuffix-cs-operator */
export const hasSuffixCs = stringOperator(
  'hassuffix_cs',
  termSuffixMatcher,
  'Whether a term of a string ends with another',
  '"North America" hassuffix_cs "rth"',
)

/** @see https://learn.microsoft.com/kusto/query/not-hassuffix-cs-operator */
export const notHasSuffixCs = stringOperator(
  '!hassuffix_cs',
  termSuffixMatcher,
  'Whether no term of a string ends with another',
  '"North America" !hassuffix_cs "icA"',
)

/** @see https://learn.microsoft.com/kusto/query/contains-operator */
export const contains = stringOperator(
  'contains',
  containsMatcher,
  'Whether a string has another anywhere in it',
  '"FabriKam" contains "BRik"',
)

/** @see https://learn.microsoft.com/kusto/query/not-contains-operator */
export const notContains = stringOperator(
  '!contains',
  containsMatcher,
  'Whether a string has another nowhere in it',
  '"Fabrikam" !contains "xyz"',
)

/** @see https://learn.microsoft.com/kusto/query/contains-cs-operator */
export const containsCs = stringOperator(
  'contains_cs',
  containsMatcher,
  'Whether a string has another anywhere in it',
  '"FabriKam" contains_cs "Kam"',
)

/** @see https://learn.microsoft.com/kusto/query/not-contains-cs-operator */
export const notContainsCs = stringOperator(
  '!contains_cs',
  containsMatcher,
  'Whether a string has another nowhere in it',
  '"Fabrikam" !contains_cs "Kam"',
)

/** @see https://learn.microsoft.com/kusto/query/startswith-operator */
export const startsWith = stringOperator(
  'startswith',
  startsWithMatcher,
  'Whether a string begins with another',
  '"Fabrikam" startswith "fab"',
)

/** @see https://learn.microsoft.com/kusto/query/not-startswith-operator */
export const notStartsWith = stringOperator(
  '!startswith',
  startsWithMatcher,
  'Whether a string does not begin with another',
  '"Fabrikam" !startswith "kam"',
)

/** @see https://learn.microsoft.com/kusto/query/startswith-cs-operator */
export const startsWithCs = stringOperator(
  'startswith_cs',
  startsWithMatcher,
  'Whether a string begins with another',
  '"Fabrikam" startswith_cs "Fab"',
)

/** @see https://learn.microsoft.com/kusto/query/not-startswith-cs-operator */
export const notStartsWithCs = stringOperator(
  '!startswith_cs',
  startsWithMatcher,
  'Whether a string does not begin with another',
  '"Fabrikam" !startswith_cs "fab"',
)

/** @see https://learn.microsoft.com/kusto/query/endswith-operator */
export const endsWith = stringOperator(
  'endswith',
  endsWithMatcher,
  'Whether a string ends with another',
  '"Fabrikam" endswith "Kam"',
)

/** @see https://learn.microsoft.com/kusto/query/not-endswith-operator */
export const notEndsWith = stringOperator(
  '!endswith',
  endsWithMatcher,
  'Whether a string does not end with another',
  '"Fabrikam" !endswith "brik"',
)

/** @see https://learn.microsoft.com/kusto/query/endswith-cs-operator */
export const endsWithCs = stringOperator(
  'endswith_cs',
  endsWithMatcher,
  'Whether a string ends with another',
  '"Fabrikam" endswith_cs "kam"',
)

/** @see https://learn.microsoft.com/kusto/query/not-endswith-cs-operator */
export const notEndsWithCs = stringOperator(
  '!endswith_cs',
  endsWithMatcher,
  'Whether a string does not end with another',
  '"Fabrikam" !endswith_cs "Kam"',
)
