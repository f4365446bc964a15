// The grammar of a rule file, one piece of the file at a time (compiler/parse/token_context.h says what a piece is).
//
// Every decision needs one token: the generated parser is then plain recursive descent, which is fast from the first
// call on, and an error is always found at the first token that does not fit. Keep it so: the build fails when the
// generated parser calls adaptivePredict. Where the language needs to look further, the token's type tells already.
//
// Words, line ends and brackets are settled before: brackets always pair, nesting is bounded.
parser grammar RuleParser;
options { tokenVocab = RuleLexer; }

@members {
  // Steps over the rest of a construct that this version does not handle. Set by the owner of the parser.
  std::function<void(RuleParser&)> skip_clause;
  std::function<void(RuleParser&)> skip_declaration;
}

piece : declaration* EOF;

declaration
  : packageDecl | importDecl | schemaDecl | streamDecl | constDecl | paramDecl | outputDecl | fnDecl | ruleDecl
  | testDecl | laterDecl
  ;

packageDecl : PACKAGE name (DOT NAME)*;
importDecl : IMPORT text;
schemaDecl : SCHEMA declared ASSIGN AVRO text (VERSION versions)?;
versions : INT (RANGE INT?)?;
streamDecl : STREAM declared COLON name streamBlock?;
streamBlock : LBRACE (streamOption SEMICOLON?)* RBRACE;
streamOption : TIME path | (WATERMARK | IDLE | LATENESS) duration;
path : name (DOT NAME)*;
duration : DURATION | BAD_NUMBER | name;
constDecl : CONST declared ASSIGN expr;
paramDecl : PARAM declared COLON type ASSIGN expr;
outputDecl : OUTPUT declared COLON name;
fnDecl : FN name LPAREN (parameter (COMMA parameter)*)? RPAREN ASSIGN expr;
parameter : LABEL COLON type;
type : path (LPAREN INT (COMMA INT)* RPAREN)? (TYPE_OPEN type (COMMA type)* TYPE_CLOSE)? QUESTION?;
ruleDecl : (RULE | DERIVE) declared annotation* ruleBody;
annotation : (META | META_OF) (LPAREN arguments? RPAREN)?;
laterDecl : TABLE { if (skip_declaration) skip_declaration(*this); };

ruleBody : LBRACE (CLAUSE? clause)* RBRACE;
clause : fromClause | expandClause | whereClause | letClause | emitClause | laterClause;

fromClause : FROM path alias? partition?;
expandClause : EXPAND expr AS alias partition?;
partition : PARTITION BY key (COMMA key)*;
key : (BOUND ASSIGN)? expr;
whereClause : WHERE expr;
letClause : LET binding ((COMMA | NEXT_ITEM) binding)*;
binding : declared ASSIGN expr;
emitClause : EMIT (name (emitted | laterEarly) | emitted);
emitted : emitBlock (FILTER expr)? laterLimit?;
emitBlock : LBRACE field? ((COMMA | NEXT_ITEM) field?)* RBRACE;
field : (LABEL COLON)? expr;

// Constructs of later versions, skipped whole.
laterLimit : LIMIT { if (skip_clause) skip_clause(*this); };
laterEarly : EVERY { if (skip_clause) skip_clause(*this); };
laterClause
  : ( DEDUPE | JOIN | LEFT | ASOF | LOOKUP | NOT_STEP | WINDOW | MATCH | THEN | NEXT | WITHIN | AFTER
    | HAVING | TOP | RAISE | STATE | ON | TIMER ) { if (skip_clause) skip_clause(*this); }
  ;

testDecl : TEST text FOR name testBody;
testBody : LBRACE (CLAUSE? testStep)* RBRACE;
testStep : givenStep | watermarkStep | expectStep;
givenStep : GIVEN name (table | ASSIGN text);
watermarkStep : WATERMARK expr;
expectStep : EXPECT (SOME | NONE)? expected? table?;

// Rows end with their line; the first one names the columns.
table : LBRACE row? (NEXT_ITEM row)* RBRACE;
row : cell (PIPE cell)* REPEAT?;
cell : PLUS? expr (TILDE expr)?;

// `if` and lambdas reach as far right as they can.
expr
  : LAMBDA ARROW expr
  | LAMBDA_OPEN name (COMMA name)* RPAREN ARROW expr
  | IF expr THEN expr ELSE expr
  | disjunction
  ;
disjunction : conjunction ((OR | OR_OR) conjunction)*;
conjunction : negation ((AND | AND_AND) negation)*;
negation : (NOT | BANG) negation | comparison;
comparison : coalesce comparisonTail*;
comparisonTail
  : compareSign coalesce
  | IS NOT? (NULL_ | type)
  | NOT (memberSign coalesce | BETWEEN coalesce AND coalesce)
  | memberSign coalesce
  | BETWEEN coalesce AND coalesce
  ;
compareSign : EQUAL | NOT_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL | ASSIGN | LESS_GREATER | SAME;
memberSign : IN | LIKE | MATCHES;
coalesce : sum (COALESCE sum)*;
sum : product ((PLUS | MINUS) product)*;
product : unary ((STAR | SLASH | PERCENT_SIGN) unary)*;
unary : MINUS unary | postfix;
postfix : primary suffix*;
suffix
  : (DOT | SAFE_DOT) NAME
  | META_OF
  | LPAREN arguments? RPAREN
  | LBRACKET (expr (RANGE expr?)? | RANGE expr?) RBRACKET
  | OVER (DURATION | INT EVENTS) BEFORE?
  ;
arguments : argument (COMMA argument)*;
argument : LABEL COLON expr | FILTER expr | expr (COLON expr)? (FILTER expr)?;
primary
  : NULL_ | TRUE_ | FALSE_ | INT | FLOAT | PERCENT | DURATION | BAD_NUMBER
  | text
  | FORMAT_OPEN (FORMAT_TEXT | hole)* FORMAT_CLOSE
  | META
  | name
  | LPAREN expr RPAREN
  | LBRACKET (expr (COMMA expr)*)? RBRACKET
  | CASE (WHEN expr THEN expr)+ (ELSE expr)? END
  ;
hole : HOLE_OPEN expr FORMAT_SPEC? HOLE_CLOSE;

text : STRING | OPEN_STRING;
declared : name | BOUND;

// An alias must not be a word that can follow it, nor an expected output a word that can follow or stand for it.
alias : plainName | freeWord | testWord;
expected : plainName | freeWord | clauseWord;
name : plainName | freeWord | testWord | clauseWord;
plainName : NAME | QUOTED | OPEN_QUOTED;
freeWord
  : PACKAGE | IMPORT | SCHEMA | AVRO | VERSION | STREAM | TIME | IDLE | LATENESS | CONST | PARAM | OUTPUT
  | RULE | TABLE | FN | DERIVE | TEST | BY | EVERY | OVER | EVENTS | BEFORE | WHEN | END | FOR
  ;
testWord : WATERMARK | GIVEN | EXPECT | SOME | NONE;
clauseWord
  : FROM | PARTITION | LET | EMIT | LIMIT | EXPAND | AS | DEDUPE | JOIN | LEFT | ASOF | LOOKUP | WINDOW | MATCH | NEXT
  | WITHIN | AFTER | HAVING | TOP | RAISE | STATE | ON | TIMER
  ;
