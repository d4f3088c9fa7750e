#include "tests/tidy/purity.h"

#include <algorithm>
#include <array>
#include <set>

namespace arbees::tidy {
namespace {

// Whole words; "(" after one means: only where it is called.
constexpr std::array<std::string_view, 34> kBannedInCore = {"throw",        "try",           "catch",
                                                            "printf(",      "fprintf(",      "snprintf(",
                                                            "puts(",        "fputs(",        "cout",
                                                            "cerr",         "ifstream",      "ofstream",
                                                            "fopen(",       "getenv(",       "rand(",
                                                            "srand(",       "random_device", "mt19937",
                                                            "system_clock", "steady_clock",  "high_resolution_clock",
                                                            "::now(",       "time(nullptr",  "sleep_for",
                                                            "thread",       "mutex",         "condition_variable",
                                                            "shared_ptr",   "to_string(",    "stod(",
                                                            "strtod(",      "stringstream",  "thread_local",
                                                            "dynamic_cast"};

constexpr std::array<std::string_view, 3> kFloatingPoint = {"double", "float", "Probability"};

// Variables of these kinds are integers with their unit in the type.
constexpr std::array<std::string_view, 9> kMoneyWords = {"price",    "cash", "money",    "fee",   "cost",
                                                         "notional", "pnl",  "quantity", "profit"};

// What the language, memory and real functions need; std::vector's two errors, which end in abort.
// Names in the form of the Itanium C++ ABI, as nm prints them.
const std::set<std::string_view>& allowed_symbols() {
  static const std::set<std::string_view> kAllowed = {
      "memcpy", "memmove", "memset", "memcmp", "memchr", "strlen", "abort",
      // real functions, the same in every build
      "log", "log1p", "log2", "exp", "expm1", "exp2", "sqrt", "cbrt", "pow", "erf", "erfc", "tgamma", "lgamma",
      "lgamma_r", "sin", "cos", "tan", "atan", "atan2", "sinh", "cosh", "tanh", "floor", "ceil", "round", "lround",
      "llround", "fma", "fmod", "hypot", "nextafter", "ldexp", "frexp",
      // 128-bit arithmetic
      "__udivti3", "__umodti3", "__divti3", "__modti3", "__muloti4", "__udivmodti4", "__divmodti4", "__multi3",
      // operator new and delete, with and without alignment
      "_Znwm", "_Znam", "_ZdlPv", "_ZdlPvm", "_ZdaPv", "_ZdaPvm", "_ZnwmSt11align_val_t", "_ZdlPvSt11align_val_t",
      "_ZdlPvmSt11align_val_t",
      // containers whose limit is exceeded; library assertions of the dev build
      "_ZSt20__throw_length_errorPKc", "_ZSt28__throw_bad_array_new_lengthv", "_ZSt17__throw_bad_allocv",
      "_ZSt24__throw_out_of_range_fmtPKcz", "_ZSt25__throw_bad_function_callv", "_ZSt21__glibcxx_assert_failPKciS0_S0_",
      // digits, without locale or allocation
      "_ZSt10from_charsPKcS0_RdSt12chars_format",
      // virtual functions
      "__cxa_pure_virtual", "_ZTVN10__cxxabiv117__class_type_infoE", "_ZTVN10__cxxabiv120__si_class_type_infoE",
      "_ZTVN10__cxxabiv121__vmi_class_type_infoE", "_GLOBAL_OFFSET_TABLE_"};
  return kAllowed;
}

bool is_core_source(std::string_view path) { return path.starts_with("src/core/") && !is_test_source(path); }

std::size_t find_banned(std::string_view code, std::string_view banned, std::size_t from) {
  return find_word(code, banned, from);
}

// The identifier that follows a type's name, if it is declared there: "double price = 1" gives "price".
std::string_view declared_name(std::string_view code, std::size_t after_type) {
  const std::size_t start = code.find_first_not_of(" &", after_type);
  if (start == std::string_view::npos || start == after_type) return {};
  std::size_t end = start;
  while (end < code.size() && (std::isalnum(static_cast<unsigned char>(code[end])) != 0 || code[end] == '_')) ++end;
  const std::size_t next = code.find_first_not_of(' ', end);
  const bool is_declaration =
      next != std::string_view::npos && std::string_view("=;{,)").find(code[next]) != std::string_view::npos;
  return is_declaration ? code.substr(start, end - start) : std::string_view();
}

}  // namespace

Findings check_core_words(const SourceFile& file) {
  Findings findings;
  if (!is_core_source(file.path)) return findings;
  const std::string code = code_only(file.text);
  for (const std::string_view banned : kBannedInCore) {
    for (std::size_t at = find_banned(code, banned, 0); at != std::string::npos;
         at = find_banned(code, banned, at + 1)) {
      add_finding(findings, file, line_of(code, at), "'" + std::string(banned) + "' in the pure core");
    }
  }
  if (file.path.starts_with("src/core/pricing/")) return findings;
  for (const std::string_view word : kFloatingPoint) {
    const std::size_t at = find_word(code, word);
    if (at == std::string::npos) continue;
    add_finding(findings, file, line_of(code, at), "'" + std::string(word) + "' outside core/pricing");
  }
  return findings;
}

Findings check_money_is_integer(const SourceFile& file) {
  Findings findings;
  const bool is_model = file.path.starts_with("src/core/pricing/");
  if (!file.path.starts_with("src/") || is_model || is_test_source(file.path)) return findings;
  const std::string code = code_only(file.text);
  for (const std::string_view type : {"double", "float"}) {
    for (std::size_t at = find_word(code, type); at != std::string::npos; at = find_word(code, type, at + 1)) {
      const std::string_view name = declared_name(code, at + type.size());
      const auto is_in_name = [&](std::string_view word) { return name.find(word) != std::string_view::npos; };
      if (std::none_of(kMoneyWords.begin(), kMoneyWords.end(), is_in_name)) continue;
      add_finding(findings, file, line_of(code, at), "'" + std::string(name) + "' in floating point");
    }
  }
  return findings;
}

Findings forbidden_symbols(std::string_view nm_output) {
  std::set<std::string_view> defined;
  std::set<std::string_view> needed;
  for (const std::string_view line : lines_of(nm_output)) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || space + 1 >= line.size()) continue;
    const std::string_view name = line.substr(0, space);
    const char kind = line[space + 1];
    (kind == 'U' || kind == 'w' || kind == 'v' ? needed : defined).insert(name);
  }
  Findings findings;
  for (const std::string_view name : needed) {
    if (!defined.contains(name) && !allowed_symbols().contains(name)) findings.emplace_back(name);
  }
  return findings;
}

}  // namespace arbees::tidy
