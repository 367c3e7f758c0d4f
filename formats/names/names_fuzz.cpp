#include "formats/names/names.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;

// A signature is known by its head alone: bytes behind it change nothing. An
// extension's entry does not depend on the folder or on upper case.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes = test::input(data, size);
  const auto known = names::known_signature(bytes);
  std::vector<std::byte> longer(bytes.begin(), bytes.end());
  longer.resize(size + 64);
  test::require(!known || names::known_signature(longer).has_value(),
                "more bytes hide no signature");
  const std::string name(as_text(bytes));
  const auto entry = names::extension_entry(name);
  const auto in_folder = names::extension_entry("folder/" + name);
  if (name.contains('/') || name.starts_with('.') || name.empty()) return 0;
  test::require(entry.has_value() == in_folder.has_value(), "a folder changes no extension");
  test::require(!entry || entry->formats == in_folder->formats, "a folder changes no promise");
  return 0;
}
