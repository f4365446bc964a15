// The words and signs of a rule file. Input is bytes, not code points: token positions are byte offsets, and every byte
// from 0x80 on can only stand in comments, strings and backticks.
//
// Few words are reserved. All others are words only in their place; the parser's rule `name` takes them as names.
lexer grammar RuleLexer;

tokens {
  // Made from what stands around a token (compiler/parse/token_context.cpp), never by a rule of this file.
  META_OF,      // `@time` that touches the name before it: t@time
  LABEL,        // any word before `:` in an emit block or an argument list
  BOUND,        // a name before `=` where a binding may stand
  LAMBDA,       // a name before `=>`
  LAMBDA_OPEN,  // the `(` of `(a, b) =>`
  REPEAT,       // `x5` behind the last cell of a row
  TYPE_OPEN,    // the `<` of `list<long>`
  TYPE_CLOSE,   // its `>`
  FILTER,       // the `where` of an emit or of an aggregate's arguments
  NOT_STEP,     // the `not` of `not join`, `not then`, `not next`
  CLAUSE,       // empty: the word after it begins a clause, whatever stands before
  NEXT_ITEM,    // empty: the line end that stands for a comma, or that ends a row

  // The parts of f"a {b:.1%} c" (compiler/parse/text_to_tokens.cpp).
  FORMAT_OPEN,   // f"
  FORMAT_TEXT,   // what stands between the values
  HOLE_OPEN,     // {
  FORMAT_SPEC,   // :.1%
  HOLE_CLOSE,    // }
  FORMAT_CLOSE   // "
}

// Reserved words.
AND : 'and';
OR : 'or';
NOT : 'not';
IN : 'in';
IS : 'is';
LIKE : 'like';
MATCHES : 'matches';
BETWEEN : 'between';
IF : 'if';
THEN : 'then';
ELSE : 'else';
CASE : 'case';
WHERE : 'where';
TRUE_ : 'true';
FALSE_ : 'false';
NULL_ : 'null';

// Words of declarations.
PACKAGE : 'package';
IMPORT : 'import';
SCHEMA : 'schema';
AVRO : 'avro';
VERSION : 'version';
STREAM : 'stream';
TIME : 'time';
WATERMARK : 'watermark';
IDLE : 'idle';
LATENESS : 'lateness';
CONST : 'const';
PARAM : 'param';
OUTPUT : 'output';
RULE : 'rule';
TABLE : 'table';
FN : 'fn';
DERIVE : 'derive';
TEST : 'test';

// Words of rules.
FROM : 'from';
PARTITION : 'partition';
BY : 'by';
LET : 'let';
EMIT : 'emit';
LIMIT : 'limit';
EVERY : 'every';
EXPAND : 'expand';
AS : 'as';
DEDUPE : 'dedupe';
JOIN : 'join';
LEFT : 'left';
ASOF : 'asof';
LOOKUP : 'lookup';
WINDOW : 'window';
MATCH : 'match';
NEXT : 'next';
WITHIN : 'within';
AFTER : 'after';
HAVING : 'having';
TOP : 'top';
RAISE : 'raise';
STATE : 'state';
ON : 'on';
TIMER : 'timer';

// Words of tests.
FOR : 'for';
GIVEN : 'given';
EXPECT : 'expect';
SOME : 'some';
NONE : 'none';

// Words of expressions.
OVER : 'over';
EVENTS : 'events';
BEFORE : 'before';
WHEN : 'when';
END : 'end';

NAME : LETTER (LETTER | DIGIT)*;
QUOTED : '`' ~[`\r\n]* '`';
OPEN_QUOTED : '`' ~[`\r\n]*;
META : '@' LETTER (LETTER | DIGIT)*;

// A float has a digit on both sides of its point, so `1..3` is a range.
INT : DIGITS;
FLOAT : DIGITS '.' DIGITS EXPONENT? | DIGITS EXPONENT;
PERCENT : DIGITS ('.' DIGITS)? '%';
DURATION : (DIGITS UNIT)+;
BAD_NUMBER : DIGIT (LETTER | DIGIT)* ('.' DIGIT (LETTER | DIGIT)*)?;

STRING : '"' STRING_PART* '"';
OPEN_STRING : '"' STRING_PART* '\\'?;
FORMAT_BEGIN : 'f"';  // only the begin: its values may hold strings themselves
SINGLE_QUOTED : '\'' ('\\' ~[\r\n] | ~['\\\r\n])* '\'';  // a string in other languages, told as such

LPAREN : '(';
RPAREN : ')';
LBRACKET : '[';
RBRACKET : ']';
LBRACE : '{';
RBRACE : '}';
COMMA : ',';
COLON : ':';
SEMICOLON : ';';
DOT : '.';
RANGE : '..';
SAFE_DOT : '?.';
QUESTION : '?';
COALESCE : '??';
ASSIGN : '=';
ARROW : '=>';
EQUAL : '==';
NOT_EQUAL : '!=';
LESS : '<';
LESS_EQUAL : '<=';
GREATER : '>';
GREATER_EQUAL : '>=';
PLUS : '+';
MINUS : '-';
STAR : '*';
SLASH : '/';
PIPE : '|';
TILDE : '~';

// Operators of other languages, parsed so that one message can name the right one.
PERCENT_SIGN : '%';
AND_AND : '&&';
OR_OR : '||';
BANG : '!';
LESS_GREATER : '<>';
SAME : '===';

RULER : '////' ~[\r\n]* -> skip;
DOC : '///' ~[\r\n]*;
LINE_COMMENT : '//' ~[\r\n]* -> skip;
BLOCK_COMMENT : '/*' COMMENT_PART* '*'+ '/' -> skip;
OPEN_COMMENT : '/*' COMMENT_PART* '*'*;
SPACE : [ \t\r\n\f]+ -> skip;

UNKNOWN : [\u0080-\u00FF]+ | .;

fragment LETTER : [A-Za-z_];
fragment DIGIT : [0-9];
fragment DIGITS : DIGIT ('_'? DIGIT)*;
fragment EXPONENT : [eE] [+-]? DIGIT+;
fragment UNIT : 'us' | 'ms' | 's' | 'm' | 'h' | 'd';
fragment STRING_PART : '\\' ~[\r\n] | ~["\\\r\n];
fragment COMMENT_PART : ~'*' | '*'+ ~[*/];
