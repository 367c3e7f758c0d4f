#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "provenance/base64.h"
#include "provenance/crypto/trust.h"

namespace assay::provenance {

struct NoteSignature {
  std::string name;
  ByteString key_hint;  // the first 4 bytes of the key's id
  ByteString signature;
};

// The head of a log's tree in a signed note (C2SP tlog-checkpoint and signed-note).
struct Checkpoint {
  std::string origin;
  std::int64_t size = 0;
  ByteString root_hash;  // 32 bytes
  std::string text;      // what is signed, with its final line feed
  std::vector<NoteSignature> signatures;

  // The name of the log's own signature. Rekor v1 writes "name - tree" as origin.
  std::string_view name() const;
};

inline constexpr std::size_t kMaxNoteSignatures = 100;

// `malformed`: not a note of that form, or one without signatures.
Parsed<Checkpoint> parse_checkpoint(std::string_view note);

// Whether one of the signatures is by `log` over the text. Others, of witnesses or
// by keys not known, are stepped over.
bool is_signed_by(const Checkpoint& checkpoint, const LogKey& log);

}  // namespace assay::provenance
