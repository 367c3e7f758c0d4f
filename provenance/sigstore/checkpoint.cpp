#include "provenance/sigstore/checkpoint.h"

#include <algorithm>
#include <charconv>

#include "core/text.h"

namespace assay::provenance {
namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // U+2014 and a blank
constexpr std::size_t kHintSize = 4;
constexpr std::size_t kRootSize = 32;

std::unexpected<ParseError> malformed(std::string_view expected) {
  return fail(ParseErrc::malformed, 0, "checkpoint: expected " + std::string(expected));
}

// The next line without its line feed; without a line feed there is none.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

// Notes know one spelling of base64 only.
std::optional<ByteString> canonical_base64(std::string_view text) {
  auto bytes = from_base64(text);
  if (!bytes || to_base64(*bytes) != text) return std::nullopt;
  return bytes;
}

std::optional<std::int64_t> decimal(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (number < 0 || std::to_string(number) != text) return std::nullopt;
  return number;
}

std::optional<NoteSignature> signature_of(std::string_view line) {
  if (!line.starts_with(kDash)) return std::nullopt;
  line.remove_prefix(kDash.size());
  const auto blank = line.find(' ');
  if (blank == 0 || blank == std::string_view::npos) return std::nullopt;
  const auto blob = canonical_base64(line.substr(blank + 1));
  if (!blob || blob->size() <= kHintSize) return std::nullopt;
  NoteSignature signature;
  signature.name = line.substr(0, blank);
  signature.key_hint.assign(blob->begin(), blob->begin() + kHintSize);
  signature.signature.assign(blob->begin() + kHintSize, blob->end());
  return signature;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; }

}  // namespace

std::string_view Checkpoint::name() const {
  const std::string_view whole = origin;
  return whole.substr(0, whole.find(" - "));
}

Parsed<Checkpoint> parse_checkpoint(std::string_view note) {
  const auto gap = note.find("\n\n");
  if (gap == std::string_view::npos || note.find("\n\n", gap + 1) != std::string_view::npos) {
    return malformed("one empty line");
  }
  if (std::ranges::any_of(note, is_control)) return malformed("text without control characters");
  Checkpoint checkpoint;
  checkpoint.text = note.substr(0, gap + 1);
  std::string_view text = checkpoint.text;
  const auto origin = take_line(text);
  if (!origin || origin->empty()) return malformed("an origin");
  checkpoint.origin = *origin;
  const auto size = decimal(take_line(text).value_or(""));
  if (!size) return malformed("the size of a tree");
  checkpoint.size = *size;
  auto root = canonical_base64(take_line(text).value_or(""));
  if (!root || root->size() != kRootSize) return malformed("a root hash");
  checkpoint.root_hash = std::move(*root);

  std::string_view rest = note.substr(gap + 2);
  while (!rest.empty()) {
    auto signature = signature_of(take_line(rest).value_or(""));
    if (!signature) return malformed("signature lines");
    if (checkpoint.signatures.size() == kMaxNoteSignatures) return malformed("fewer signatures");
    checkpoint.signatures.push_back(std::move(*signature));
  }
  if (checkpoint.signatures.empty()) return malformed("a signature");
  return checkpoint;
}

bool is_signed_by(const Checkpoint& checkpoint, const LogKey& log) {
  const ByteString& id = log.checkpoint_id.empty() ? log.id : log.checkpoint_id;
  const Bytes hint = clip(id, 0, kHintSize);
  return std::ranges::any_of(checkpoint.signatures, [&](const NoteSignature& signature) {
    return signature.name == checkpoint.name() && std::ranges::equal(signature.key_hint, hint) &&
           log.key.verify(as_bytes(checkpoint.text), signature.signature);
  });
}

}  // namespace assay::provenance
