/**
 * Every diagnostic code with its meaning. `KSnnn` are the codes of Kusto's own analyzer where it has
 * the same fault; `KQLnnn` are kqlab's. The generated reference lists this table.
 */
export const DIAGNOSTIC_CODES = {
  // Syntax
  KS001: 'A literal is not closed, or a character cannot start a token.',
  KS002: 'A character cannot stand where it stands.',
  KS003: 'A literal cannot be read as a value of its type.',
  KS005: 'A token that the grammar needs is missing.',
  KS006: 'An expression, a name or an operator is missing.',
  KS176: 'A word after | is not an operator.',
  KS198: 'The text goes on after a complete query, or starts with nothing that can start one.',
  KS101: 'A column in a pattern does not follow a text.',
  KS102: 'No text follows a * in a pattern.',
  KS103: 'A * follows a string column in a pattern, which could take any text itself.',
  KQL001: 'The query has no tabular or scalar expression to evaluate.',
  KQL002: 'The query is nested too deeply, or is too long.',
  // Names
  KS142: 'A name does not refer to any column, table, variable or function.',
  KS204: 'A table is not known.',
  KS205: 'A source of a fuzzy union is not known and was left out.',
  KS211: 'A function is not known.',
  KS171: 'A column of that name is already declared.',
  KS201: 'A variable or parameter of that name is already declared.',
  KS140: 'A user-defined function calls itself.',
  // Types
  KS106: 'An operator is not defined for the types of its operands.',
  KS107: 'A value of another type is expected.',
  KS109: 'A column name is expected.',
  KS116: 'A dynamic value cannot be grouped, sorted or made distinct by.',
  KS119: 'A function is called with the wrong number of arguments.',
  KS120: 'An argument must be constant.',
  KS124: 'A plugin is not known.',
  KS127: 'A function does not take arguments of these types.',
  KS128: 'An argument is outside the values that the function takes.',
  KS137: 'A tabular expression is expected.',
  KS138: 'A scalar expression is expected.',
  KS141: 'The expression must have another type.',
  KS144: 'An aggregate function is used where none is allowed.',
  KS160: 'A regular expression cannot be read.',
  KS236: 'summarize computes something that is neither an aggregate nor a key.',
  KS241: 'A join key cannot be dynamic.',
  KS111: 'A join condition is neither a common column nor an equality of both sides.',
  KS125: 'An operator parameter is not known or has a value that it does not take.',
  KS143: 'Rows need an order here: sort or serialize first.',
  // Support
  KQL100: 'The operator, function or statement is part of KQL but kqlab does not support it.',
  KQL101: 'The form of the operator or function is part of KQL but kqlab does not support it.',
  KQL102: 'A table is known but no data was given for it.',
  KQL103: 'The data do not say which table they belong to, or cannot be read.',
  KQL104: 'A query parameter has no value, an unknown name or a value of another type.',
  KQL105: 'The value of now, a limit or another option is not usable.',
  KQL106: 'A plugin needs a service, which does not exist offline.',
  // Warnings
  KQL200: 'A string is compared with a number: the comparison is with the text of the number.',
  KQL202: 'Rows or values could not be read and were skipped or made null.',
  KQL203: 'The query names a table whose data are empty.',
  KQL204: 'The time range of the query leaves nothing of the data.',
  KQL205: 'An accepted clause has no effect offline.',
  KQL206: 'What the user should know about how a file is read.',
  // Run time
  KQL300: 'A limit on rows or memory was exceeded.',
  KQL301: 'The query was cancelled.',
  KQL302: 'The query failed while it ran.',
  // Rule files
  KQL400: 'A file with a rule or a query cannot be read, or is not valid YAML.',
  KQL401: 'A rule file has no query, or a folder has no rule.',
  KQL402: 'A field of a rule file has a value that it does not take.',
} as const

/** A code of {@link DIAGNOSTIC_CODES}. */
export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES
