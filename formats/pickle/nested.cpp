#include "formats/pickle/nested.h"

#include <algorithm>
#include <array>

#include "core/bytes.h"
#include "core/text.h"
#include "formats/pickle/constant_text.h"
#include "formats/pickle/encoded_text.h"
#include "formats/pickle/machine.h"
#include "formats/pickle/torch_legacy.h"

// Artifacts that stand in the arguments of calls: what is given to a loader, as
// torch.storage._load_from_bytes, runs as this pickle does.
namespace assay::pickle {
namespace {

bool begins_zlib(std::string_view head) {
  if (head.size() < 2 || head[0] != '\x78') return false;
  const auto check = static_cast<unsigned char>(head[1]);
  return (0x78U << 8 | check) % 31 == 0 && (check & 0x20) == 0;  // RFC 1950, 2.2
}

// "cmodule\nname\n", below any marks: protocol 0 has no PROTO.
bool begins_with_global(std::string_view head) {
  constexpr std::size_t kMaxMarks = 8;
  head.remove_prefix(std::min({head.find_first_not_of('('), head.size(), kMaxMarks}));
  if (head.empty() || (head[0] != 'c' && head[0] != 'i')) return false;
  const std::size_t module_end = head.find('\n');
  if (module_end == head.npos) return false;
  const std::size_t name_end = head.find('\n', module_end + 1);
  if (name_end == head.npos) return false;
  const auto is_name = [](std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '.';
    });
  };
  return is_name(head.substr(1, module_end - 1)) &&
         is_name(head.substr(module_end + 1, name_end - module_end - 1));
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// What begins_nested() knows begins with one of these, its base64, its hex, and
// the base64 of both with one of the others.
constexpr std::string_view kFirstCharacters =
    "\x80\xc2P\x1fxc(iL"
    "gUHeYKaT"
    "85172634"
    "ZVSWONM";

constexpr std::array<bool, 256> first_characters() {
  std::array<bool, 256> out{};
  for (const char c : kFirstCharacters) out[static_cast<unsigned char>(c)] = true;
  return out;
}
constexpr std::array<bool, 256> kFirst = first_characters();

}  // namespace

bool begins_nested(std::string_view head) {
  if (head.size() < 2) return false;
  if (head[0] == '\x80') return head[1] >= 2 && head[1] <= 5;
  return head.starts_with("PK\x03\x04") || head.starts_with("\x1f\x8b") || begins_zlib(head) ||
         head.starts_with(kMagicLine) || begins_with_global(head);
}

bool may_stand_for_artifact(std::string_view head) {
  if (head.empty() || !kFirst[static_cast<unsigned char>(head[0])]) return false;
  if (begins_nested(head) || encoding_of(head) != Encoding::none) return true;
  return !is_ascii(head) && begins_nested(decoded(Encoding::latin1, head));
}

namespace {

constexpr std::uint64_t kMaxDecoded = 4U << 20;

// False if the text at `offset` has been seen to, or there were too many.
bool is_first_look(Session& session, std::uint64_t offset, bool loaded) {
  if (session.examined.contains({offset, loaded})) return false;
  if (session.examined.size() >= Session::kMaxExamined) {
    session.gap_once(offset, "limit reached: byte strings examined in one artifact (" +
                                 std::to_string(Session::kMaxExamined) + ")");
    return false;
  }
  session.examined.insert({offset, loaded});
  return true;
}

// What nobody is known to load may look like an artifact by chance.
MemberInfo nested_info(std::uint64_t offset, bool loaded) {
  return {
      .name = "[bytes at " + std::to_string(offset) + "]", .offset = offset, .raw_data = !loaded};
}

void examine_text(Session& session, std::uint64_t offset, std::string_view text, bool cut,
                  bool loaded) {
  if (cut) {
    session.gap_once(offset, "limit reached: bytes of a string that is decoded (" +
                                 std::to_string(kMaxDecoded) + ")");
  }
  if (!session.budget.spend(Cost::expanded_bytes, text.size())) {
    session.context->gap(session.budget.error(offset));
    return;
  }
  MemorySource source(as_bytes(text));
  session.context->member(nested_info(offset, loaded), source);
}

// A text, with what encodes it taken off unless a loader gets it as it stands.
void examine(Session& session, Value value, bool loaded) {
  const std::uint64_t offset = value.data;
  if (!is_first_look(session, offset, loaded)) return;
  TextOperand operand = read_text_operand(session.source, offset, kEncodedHead);
  const bool encoded = !loaded && encoding_of(operand.text) != Encoding::none;
  if (!encoded && !is_characters(session.source, offset)) {
    SliceSource stored(session.source, operand.offset, operand.size);
    session.context->member(nested_info(operand.offset, loaded), stored);
    return;
  }
  operand = read_text_operand(session.source, offset, kMaxDecoded);
  if (encoded) {
    operand.text = without_encodings(std::move(operand.text));
  } else if (is_utf8(operand.text)) {  // Python 2 strings are bytes already
    operand.text = decoded(Encoding::latin1, operand.text);
  }
  examine_text(session, operand.offset, operand.text, operand.cut, loaded);
}

void examine_decoded(Session& session, Value result) {
  const auto constant = constant_text(session.tables, session.source, result, kMaxDecoded);
  if (!constant || !is_first_look(session, constant->offset, true)) return;
  examine_text(session, constant->offset, constant->text, constant->cut, true);
}

}  // namespace

// Texts among the arguments, or in a container there, that look like an artifact;
// all of them, and what is decoded on the way, when the callee is one that loads them.
void Machine::examine_payloads(std::span<const Value> arguments, bool loaded) {
  if (!session_.context) return;
  const auto look_at = [&](Value value) {
    if (loaded && value.is_call_result()) examine_decoded(session_, value);
    if (loaded ? value.is_text() : Tables::has_flag(value, Tables::kNestedText)) {
      examine(session_, value, loaded);
    }
  };
  for (const Value argument : arguments) {
    look_at(argument);
    if (!argument.has_node() || argument.is_call_result()) continue;
    for (const Value item : tables_.items(argument)) look_at(item);
  }
}

void examine_standing(Session& session) {
  for (const std::uint64_t offset : session.standing) {
    if (!session.examined.contains({offset, true}) && !session.examined.contains({offset, false})) {
      examine(session, {Kind::string, 0, offset}, false);
    }
  }
}

// Below protocol 3 there are no bytes: pickle writes _codecs.encode(text, 'latin1').
std::optional<Value> Machine::encoded(std::span<const Value> arguments) {
  constexpr std::uint64_t kMaxCodec = 16;
  if (arguments.size() != 2 || arguments[0].kind != Kind::string ||
      arguments[1].kind != Kind::string) {
    return std::nullopt;
  }
  const std::string codec = text_of(arguments[1], kMaxCodec);
  if (codec != "latin1" && codec != "latin-1") return std::nullopt;
  const auto head = read_text_operand(session_.source, arguments[0].data, 2 * kNestedHead);
  const bool nested = begins_nested(decoded(Encoding::latin1, head.text));
  return Value{Kind::bytes, Tables::kEncodedText | (nested ? Tables::kNestedText : 0),
               arguments[0].data};
}

}  // namespace assay::pickle
