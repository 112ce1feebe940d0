// Tokens, brackets, number spellings, and the way back to the user's columns.
#include "check.h"
#include "cpu/frontend/lexer.h"
#include "cpu/frontend/literals.h"
#include "cpu/frontend/scan.h"

using namespace klab::msl;

static std::string words(std::string_view text) {
  std::string out;
  for (const Token& token : lex(text).tokens) out += (out.empty() ? "" : " ") + std::string(token.text);
  return out;
}

TEST(tokens) {
  CHECK_EQ(words("a->b++ + c.xy;"), "a -> b ++ + c . xy ;");
  CHECK_EQ(words("vec<vec<T, 4>> x;"), "vec < vec < T , 4 > > x ;");
  CHECK_EQ(words("a <<= b >>= c <= d >= e"), "a <<= b >>= c <= d >= e");
  CHECK_EQ(words("1.0h 0x1p-3 1e+5f .5 1'000u 3..."), "1.0h 0x1p-3 1e+5f .5 1'000u 3...");
  CHECK_EQ(words("\"a\\\"b\" 'c' // gone\n/* gone */ d"), "\"a\\\"b\" 'c' d");
  CHECK_EQ(words(std::string_view("a\0b", 3)), "a b");
  CHECK_EQ(words("\"open\nx"), "\"open x");
  CHECK_EQ(words("/* open"), "");
  CHECK_EQ(words("naïve"), "naïve");
}

TEST(directives) {
  const TokenStream stream = lex("# 3 \"a.metal\" 1\nx\n#pragma unroll(4)\ny # z\n");
  CHECK_EQ(stream.directives.size(), 2u);
  CHECK(stream.directives[0].is_marker);
  CHECK(!stream.directives[1].is_marker);
  CHECK_EQ(stream.directives[1].next_token, 1u);
  CHECK_EQ(stream.tokens.size(), 4u);
}

TEST(brackets) {
  TokenStream stream = lex("f(a[1], {2});");
  CHECK(match_brackets(stream.tokens).empty());
  CHECK_EQ(stream.tokens[1].match, 10);
  TokenStream forgotten = lex("{ f(a; } g");
  const auto unmatched = match_brackets(forgotten.tokens);
  CHECK_EQ(unmatched.size(), 1u);
  CHECK_EQ(forgotten.tokens[unmatched.at(0)].text, "(");
  CHECK_EQ(forgotten.tokens[0].match, 5);
  TokenStream extra = lex(") ] }");
  CHECK_EQ(match_brackets(extra.tokens).size(), 3u);
}

TEST(numbers) {
  const std::pair<const char*, const char*> spellings[] = {
      {"1.0", "1.0f"},   {"1.", "1.f"},       {".5", ".5f"},        {"1e-3", "1e-3f"},  {"1.0f", "1.0f"},   {"1.0F", "1.0F"},    {"1.5h", "((half)1.5f)"},
      {"2.0H", "((half)2.0f)"}, {"1h", "((half)1.0f)"}, {"1.0bf", "((bfloat)1.0f)"}, {"3", "3"}, {"3u", "3u"}, {"3ul", "3ul"}, {"0xFF", "0xFF"},
      {"0x1bf", "0x1bf"}, {"0xffu", "0xffu"}, {"0x1.8p3", "0x1.8p3f"}, {"0b101", "0b101"}, {"1'000", "1'000"}, {"0xABCDEFh", "0xABCDEFh"}};
  for (const auto& [msl, cpp] : spellings) CHECK_EQ(cpp_number(msl), cpp);
}

TEST(columns) {
  const std::string line = "  float   x = SQUARE(a +  b) + c;  // note";
  const std::vector<std::string_view> emitted = {"float", "x", "=", "(", "(", "a", "+", "b", ")", "*", "(", "a", "+", "b", ")", ")", "+", "c", ";"};
  const auto columns = align_columns(line, emitted);
  CHECK_EQ(columns[0].first, 2u);
  CHECK_EQ(columns[1].first, 10u);
  CHECK_EQ(columns[1].second, 11u);
  CHECK_EQ(columns[17].first, uint32_t(line.find("c;")));
  CHECK_EQ(columns[18].first, uint32_t(line.find(';')));
  CHECK(align_columns("", {"a"}).size() == 1);
  CHECK(align_columns("x", {}).empty());
}

TEST(locations) {
  ScanRequest request;
  request.main_file = "k.metal";
  request.main_text = "#include \"h.h\"\n\n\tfloat   good, bad;\n";
  request.preprocessed = "# 1 \"k.metal\"\n# 1 \"/nowhere/h.h\" 1\nint h;\n# 2 \"k.metal\" 2\n\n float good, bad;\n";
  const auto program = scan(std::move(request));
  const auto at = [&](std::string_view word) {
    for (uint32_t i = 0; i < program->size(); ++i) {
      if (program->is(i, word)) return program->map.locate(program->stream, i);
    }
    return Location{};
  };
  CHECK_EQ(at("bad").file, "k.metal");
  CHECK_EQ(at("bad").line, 3u);
  CHECK_EQ(at("bad").column, 16u);
  CHECK_EQ(at("bad").end_column, 19u);
  CHECK_EQ(at("h").file, "/nowhere/h.h");
  CHECK_EQ(at("h").line, 1u);
}

TEST(columns_of_a_very_long_line) {
  std::string line;
  for (int i = 0; i < 5000; ++i) line += "a  +  ";
  ScanRequest request;
  request.main_file = "k.metal";
  request.main_text = line + "b;\n";
  request.preprocessed = request.main_text;
  const auto program = scan(std::move(request));
  CHECK_EQ(program->map.locate(program->stream, program->size() - 2).column, uint32_t(line.size() + 1));
  CHECK_EQ(program->map.locate(program->stream, 6000).column, uint32_t(3000 * 6 + 1));
}

int main() { return klab_test::run_all(); }
