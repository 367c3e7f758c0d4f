#include "provenance/sigstore/checkpoint.h"

#include "core/text.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;

// What is signed begins the note, and what is read of it stands in it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view note = as_text(test::input(data, size));
  const auto checkpoint = parse_checkpoint(note);
  if (!checkpoint) {
    test::require(checkpoint.error().offset <= size, "the error lies inside");
    return 0;
  }
  const std::string& text = checkpoint->text;
  test::require(note.starts_with(text) && text.ends_with('\n'), "what is signed begins the note");
  test::require(text.starts_with(checkpoint->origin + "\n"), "the origin is the first line");
  test::require(text.contains("\n" + std::to_string(checkpoint->size) + "\n"), "so is the size");
  test::require(checkpoint->size >= 0 && checkpoint->root_hash.size() == 32, "a tree has a root");
  test::require(
      !checkpoint->signatures.empty() && checkpoint->signatures.size() <= kMaxNoteSignatures,
      "some signatures");
  for (const NoteSignature& signature : checkpoint->signatures) {
    test::require(note.substr(text.size()).contains(signature.name), "its name stands in it");
    test::require(signature.key_hint.size() == 4, "a hint has 4 bytes");
  }
  return 0;
}
