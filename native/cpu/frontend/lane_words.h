// Words that say by themselves whether what they name differs between lanes.
#pragma once
#include <string_view>

namespace klab::msl {

// Positions that every lane of a simdgroup has alike, by the attribute's name.
bool is_same_for_all_lanes(std::string_view attribute);

// Types, literals and qualifiers: no value of their own.
bool is_type_word(std::string_view word);

// What may stand before a name or a parenthesis and makes neither a declaration nor a call of it.
bool is_statement_word(std::string_view word);

// Functions of the library whose value depends on their arguments alone, which they leave as they are.
bool is_value_function(std::string_view name);

// Operations that give all lanes of a simdgroup that take part the same.
bool is_vote(std::string_view name);

// Operations of a simdgroup or quadgroup: they write their first argument or none.
bool is_lane_operation_name(std::string_view name);

}  // namespace klab::msl
