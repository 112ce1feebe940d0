// Splits preprocessed text into tokens. Never fails: a byte that starts nothing known is a token of its own.
#pragma once
#include <string_view>

#include "token.h"

namespace klab::msl {

// Tokens view `text`, which must outlive them. `>>` comes as two tokens, so that template arguments nest.
TokenStream lex(std::string_view text);

// Sets Token::match of every bracket that has a partner. Returns the tokens that have none, in order.
std::vector<uint32_t> match_brackets(std::vector<Token>& tokens);

bool is_identifier_start(char c);
bool is_identifier_part(char c);

}  // namespace klab::msl
