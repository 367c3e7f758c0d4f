#pragma once

#include <optional>
#include <string_view>

#include "core/bytes.h"

namespace assay::names {

// What a file's extension promises, from extensions.tsv.
enum class Promise : std::uint8_t {
  text,  // prose, configuration, source: may be empty
  data,  // a format that cannot run code when loaded
  code,  // a format whose loading may run code
  any,   // used for several things: promises nothing
};

struct Extension {
  Promise promise = Promise::any;
  std::string_view formats;  // names separated by commas; empty: any format

  bool allows(std::string_view format) const;
};

// The entry for the extension of `name`; nothing for an unknown one.
std::optional<Extension> extension_entry(std::string_view name);

// The name of a format that is known by its signature but has no parser here,
// from signatures.tsv: "hdf5", "gguf", "png".
std::optional<std::string_view> known_signature(Bytes head);

// Whether the format is machine code that the operating system runs.
bool is_native_code(std::string_view format);

// Whether artifacts of this format can run code when loaded or opened.
bool can_execute(std::string_view format);

}  // namespace assay::names
