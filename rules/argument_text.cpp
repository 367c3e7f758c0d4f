#include "rules/argument_text.h"

#include <algorithm>
#include <charconv>

namespace assay::rules {
namespace {

constexpr std::uint64_t kMaxSized = 1ULL << 28;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// "NAME" or "one.two": nothing private, nothing that a repr had to escape.
bool is_plain(std::string_view name, bool dots) {
  if (name.empty() || name.front() == '_' || (name.front() >= '0' && name.front() <= '9')) {
    return false;
  }
  if (name.find("._") != std::string_view::npos) return false;
  return std::ranges::all_of(name, [&](char c) { return is_word(c) || (dots && c == '.'); });
}

}  // namespace

std::string_view quoted(const Argument& argument) {
  const std::string_view text = argument.text;
  if (argument.kind != ArgumentKind::constant || text.size() < 2) return {};
  const char quote = text.front();
  if ((quote != '\'' && quote != '"') || text.back() != quote) return {};
  return text.substr(1, text.size() - 2);
}

bool is_attribute(std::string_view name) {
  if (name.starts_with('_')) name.remove_prefix(1);
  return is_plain(name, false);
}

bool has_plain_names(const Call& call) {
  return std::ranges::all_of(call.arguments,
                             [](const Argument& a) { return is_plain(quoted(a), true); });
}

bool is_huge(const Argument& argument) {
  std::uint64_t number = 0;
  const std::string_view text = argument.text;
  if (text.empty() || text.front() < '0' || text.front() > '9') return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc::result_out_of_range || number > kMaxSized;
}

bool is_word_like(const Argument& argument) {
  const std::string_view text = argument.text;
  if (argument.kind != ArgumentKind::constant || text.size() <= 2) return true;
  if (text.front() != '\'' && text.front() != '"') return true;
  const std::string_view value = quoted(argument);  // empty if it was shortened
  return !value.empty() && std::ranges::all_of(value, [](char c) {
    return is_word(c) || std::string_view("-.:+@").contains(c);
  });
}

}  // namespace assay::rules
