#include "provenance/intoto/document.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "provenance/sigstore/proto_json.h"

namespace assay::provenance::intoto {
namespace {

constexpr std::string_view kParse = "attestation.parse";

bool has_any(const JsonValue& value, std::string_view one, std::string_view other) {
  return value.find(one) || value.find(other);
}

std::optional<AttestationForm> form_of(const JsonValue& value) {
  if (has_any(value, "verificationMaterial", "verification_material") ||
      has_any(value, "mediaType", "media_type")) {
    return AttestationForm::bundle;
  }
  if (has_any(value, "payloadType", "payload_type")) return AttestationForm::envelope;
  return std::nullopt;
}

// Collects attestations, and says of what is beyond the limit that nobody looked at it.
class Collection {
 public:
  bool full() const { return list_.size() > kMaxAttestations; }

  Attestation* add() {
    if (full()) return nullptr;
    Attestation& added = list_.emplace_back();
    if (!full()) return &added;
    added.checks.cannot("attestation.count", "more attestations than are looked at");
    return nullptr;
  }

  void add(const JsonValue& value) {
    Attestation* added = add();
    if (!added) return;
    added->form = form_of(value);
    if (added->form) {
      added->value = value;
    } else {
      added->checks.fail(kParse, "neither a bundle nor an envelope");
    }
  }

  // An element of GitHub's and npm's lists: the bundle, and what they know of it.
  void add_listed(const JsonValue& element) {
    const JsonValue* bundle = element.find("bundle");
    if (bundle || form_of(element)) return add(bundle ? *bundle : element);
    Attestation* added = add();
    if (!added) return;
    if (element.find("bundle_url")) {
      added->checks.cannot("attestation.absent", "the bundle is elsewhere, and not fetched");
    } else {
      added->checks.fail(kParse, "an element of the list holds no bundle");
    }
  }

  void add_document(const JsonValue& root) {
    const JsonValue* listed = root.find("attestations");
    if (const JsonArray* list = listed ? listed->array() : nullptr) {
      for (std::size_t i = 0; i < list->size() && !full(); ++i) add_listed((*list)[i]);
    } else if (const JsonArray* all = root.array()) {
      for (std::size_t i = 0; i < all->size() && !full(); ++i) add_listed((*all)[i]);
    } else {
      add(root);
    }
  }

  void refuse(std::string message) {
    if (Attestation* added = add()) added->checks.fail(kParse, std::move(message));
  }

  std::vector<Attestation> take() {
    if (list_.empty()) refuse("the document holds no attestation");
    return std::move(list_);
  }

 private:
  std::vector<Attestation> list_;
};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

// Takes the next line that is not blank off the front; empty at the end.
std::string_view next_line(std::string_view& text) {
  text = trimmed(text);
  const auto end = std::min(text.find('\n'), text.size());
  const std::string_view line = trimmed(text.substr(0, end));
  text.remove_prefix(end);
  return line;
}

void add_lines(std::string_view text, Collection& found) {
  while (!found.full()) {
    const std::string_view line = next_line(text);
    if (line.empty()) return;
    const auto root = parse_json(as_bytes(line), kMaxBundleSize);
    root ? found.add_document(*root) : found.refuse("a line: " + root.error().message);
  }
}

// Whether the first of several lines is a JSON value by itself.
bool is_json_lines(std::string_view text) {
  const std::string_view first = next_line(text);
  return !trimmed(text).empty() && first.size() > 1 &&
         parse_json(as_bytes(first), kMaxBundleSize).has_value();
}

}  // namespace

std::vector<Attestation> split_attestations(Bytes document) {
  Collection found;
  if (const auto root = parse_json(document)) {
    found.add_document(*root);
  } else if (document.size() <= kMaxJsonSize && is_json_lines(as_text(document))) {
    add_lines(as_text(document), found);
  } else {
    found.refuse(root.error().message);
  }
  return found.take();
}

std::optional<DsseEnvelope> parse_envelope(const JsonValue& value, Checks& checks) {
  ProtoError error;
  const ProtoMessage in(&value, error);
  DsseEnvelope envelope;
  envelope.payload_type = in.text("payload_type");
  envelope.payload = in.bytes("payload");
  const auto signatures = in.messages("signatures");
  if (signatures.empty() || signatures.size() > kMaxEnvelopeSignatures) {
    checks.fail("dsse.signatures", "the envelope holds no signature, or more than are looked at");
    return std::nullopt;
  }
  for (const ProtoMessage& signature : signatures) {
    envelope.signatures.push_back({signature.bytes("sig"), signature.text("keyid")});
  }
  if (error.message.empty()) return envelope;
  checks.fail("dsse.parse", "the envelope's " + error.message);
  return std::nullopt;
}

}  // namespace assay::provenance::intoto
