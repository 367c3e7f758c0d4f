#include "provenance/sshsig/allowed_signers.h"

#include <chrono>
#include <utility>

#include "core/text.h"
#include "provenance/sshsig/wire.h"

namespace assay::provenance::sshsig {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

void skip_blanks(std::string_view& text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
}

// Up to a blank that stands outside of double quotes; nothing when a quote stays open.
std::optional<std::string_view> take_word(std::string_view& text) {
  skip_blanks(text);
  bool quoted = false;
  std::size_t size = 0;
  for (; size < text.size() && (quoted || !is_blank(text[size])); ++size) {
    if (text[size] == '"') quoted = !quoted;
  }
  if (quoted) return std::nullopt;
  const std::string_view word = text.substr(0, size);
  text.remove_prefix(size);
  return word;
}

std::optional<std::string> unquoted(std::string_view text) {
  if (!text.starts_with('"')) return std::string(text);
  if (text.size() < 2 || !text.ends_with('"')) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  if (text.find('"') != std::string_view::npos) return std::nullopt;
  return std::string(text);
}

// The next of several words separated by commas outside of quotes.
std::string_view take_option(std::string_view& options) {
  bool quoted = false;
  std::size_t size = 0;
  for (; size < options.size() && (quoted || options[size] != ','); ++size) {
    if (options[size] == '"') quoted = !quoted;
  }
  const std::string_view option = options.substr(0, size);
  options.remove_prefix(std::min(size + 1, options.size()));
  return option;
}

int two_digits(std::string_view text, std::size_t at) {
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

// YYYYMMDD or YYYYMMDDHHMM[SS], with or without "Z".
std::optional<std::int64_t> parse_time(std::string_view text) {
  using namespace std::chrono;
  if (text.ends_with('Z')) text.remove_suffix(1);
  if ((text.size() != 8 && text.size() != 12 && text.size() != 14) ||
      text.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  const year_month_day date(year(two_digits(text, 0) * 100 + two_digits(text, 2)),
                            month(static_cast<unsigned>(two_digits(text, 4))),
                            day(static_cast<unsigned>(two_digits(text, 6))));
  const int hour = text.size() > 8 ? two_digits(text, 8) : 0;
  const int minute = text.size() > 8 ? two_digits(text, 10) : 0;
  const int second = text.size() > 12 ? two_digits(text, 12) : 0;
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const std::int64_t days = sys_days(date).time_since_epoch().count();
  return days * 86400 + hour * 3600 + minute * 60 + second;
}

// What stands behind "name=" when `option` is that, in any case of letters.
std::optional<std::string> option_value(std::string_view option, std::string_view name) {
  if (option.size() <= name.size() || option[name.size()] != '=' ||
      to_lower(option.substr(0, name.size())) != name) {
    return std::nullopt;
  }
  return unquoted(option.substr(name.size() + 1));
}

bool take_time(std::optional<std::int64_t>& time, std::string_view text) {
  if (time) return false;
  time = parse_time(text);
  return time.has_value();
}

bool apply_option(AllowedSigner& signer, std::string_view option) {
  if (to_lower(option) == "cert-authority") return std::exchange(signer.cert_authority, true), true;
  if (const auto value = option_value(option, "namespaces")) {
    return !std::exchange(signer.namespaces, *value).has_value();
  }
  if (const auto value = option_value(option, "valid-after")) {
    return take_time(signer.valid_after, *value);
  }
  if (const auto value = option_value(option, "valid-before")) {
    return take_time(signer.valid_before, *value);
  }
  return false;
}

bool apply_options(AllowedSigner& signer, std::string_view options) {
  while (!options.empty()) {
    if (!apply_option(signer, take_option(options))) return false;
  }
  return true;
}

bool is_key_type(std::string_view word) {
  return word.starts_with("ssh-") || word.starts_with("ecdsa-") || word.starts_with("sk-");
}

std::optional<AllowedSigner> parse_line(std::string_view line) {
  AllowedSigner signer;
  const auto principals = take_word(line);
  auto word = take_word(line);
  if (!principals || principals->empty() || !word) return std::nullopt;
  const auto names = unquoted(*principals);
  if (!names || names->empty()) return std::nullopt;
  signer.principals = *names;
  if (!is_key_type(*word)) {
    if (word->empty() || !apply_options(signer, *word)) return std::nullopt;
    word = take_word(line);
    if (!word || !is_key_type(*word)) return std::nullopt;
  }
  skip_blanks(line);
  auto blob = from_base64(line.substr(0, line.find_first_of(" \t")));
  if (!blob) return std::nullopt;
  ByteReader in(*blob);
  if (as_text(take_string(in)) != *word) return std::nullopt;
  signer.key_blob = std::move(*blob);
  return signer;
}

// Steps back to the last "*" instead of recursing.
bool fits(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace

bool matches_patterns(std::string_view patterns, std::string_view text) {
  bool found = false;
  while (!patterns.empty()) {
    const auto end = std::min(patterns.find(','), patterns.size());
    std::string_view pattern = patterns.substr(0, end);
    patterns.remove_prefix(std::min(end + 1, patterns.size()));
    const bool negated = pattern.starts_with('!');
    if (negated) pattern.remove_prefix(1);
    if (pattern.empty() || !fits(pattern, text)) continue;
    if (negated) return false;
    found = true;
  }
  return found;
}

Parsed<std::vector<AllowedSigner>> parse_allowed_signers(std::string_view text) {
  std::vector<AllowedSigner> signers;
  std::size_t offset = 0;
  while (offset < text.size()) {
    const auto end = std::min(text.find('\n', offset), text.size());
    std::string_view line = text.substr(offset, end - offset);
    if (line.ends_with('\r')) line.remove_suffix(1);
    skip_blanks(line);
    if (!line.empty() && line.front() != '#') {
      auto signer = parse_line(line);
      if (!signer) return fail(ParseErrc::malformed, offset, "allowed signers: not such a line");
      signers.push_back(std::move(*signer));
    }
    offset = end + 1;
  }
  return signers;
}

}  // namespace assay::provenance::sshsig
