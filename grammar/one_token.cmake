# Fails when the generated parser has to look further than one token: see the head of RuleParser.g4.
file(READ ${PARSER} text)
if(text MATCHES "adaptivePredict")
  file(REMOVE ${PARSER})
  message(FATAL_ERROR "RuleParser.g4: a decision needs more than one token (adaptivePredict in ${PARSER})")
endif()
