#include "formats/pickle/allow_list.h"

#include "formats/pickle/opcode.h"

extern "C" const char assay_pickle_weights_only[];
extern "C" const char assay_pickle_weights_only_end[];

namespace assay::pickle {
namespace {

// What stands before `end`, which is taken off with it.
std::string_view take_until(std::string_view& text, char end) {
  const std::string_view field = text.substr(0, text.find(end));
  text.remove_prefix(field.size() == text.size() ? field.size() : field.size() + 1);
  return field;
}

Versions versions_of(std::string_view words) {
  Versions versions = 0;
  while (!words.empty()) versions |= take_until(words, ',') == "1.13" ? kOldTorch : kNewTorch;
  return versions;
}

std::uint8_t opcode_named(std::string_view name) {
  unsigned opcode = 0;
  while (opcode < 255 && info_of(static_cast<std::uint8_t>(opcode)).name != name) ++opcode;
  return static_cast<std::uint8_t>(opcode);
}

}  // namespace

const AllowList& AllowList::of_torch() {
  static const AllowList list;
  return list;
}

AllowList::AllowList() {
  std::string_view text(assay_pickle_weights_only, assay_pickle_weights_only_end);
  while (!text.empty()) {
    std::string_view line = take_until(text, '\n');
    if (line.starts_with('#')) continue;
    const std::string_view kind = take_until(line, '\t');
    const std::string_view name = take_until(line, '\t');
    const Versions versions = versions_of(take_until(line, '\t'));
    add(kind, name, versions, line);
  }
}

void AllowList::add(std::string_view kind, std::string_view name, Versions versions,
                    std::string_view returned) {
  if (kind == "opcode") {
    opcodes_[opcode_named(name)] |= versions;
    return;
  }
  Allowance& allowance = globals_[name];
  if (kind == "new") allowance.made |= versions;
  if (kind == "state") allowance.built |= versions;
  if (kind == "items") allowance.filled |= versions;
  const bool is_class = kind == "class";
  if (is_class || kind == "function" || kind == "value") allowance.named |= versions;
  if (!is_class && kind != "function") return;
  allowance.called |= versions;
  allowance.returned = returned.empty() ? name : returned;
  if (!is_class) return;
  allowance.made |= versions & kNewTorch;
  allowance.built |= versions & kNewTorch;
}

const Allowance& AllowList::of(std::string_view name) const {
  static constexpr Allowance kNothing{};
  const auto found = globals_.find(name);
  return found == globals_.end() ? kNothing : found->second;
}

}  // namespace assay::pickle
