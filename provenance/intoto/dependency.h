#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "provenance/intoto/statement.h"

// What something was made from, as far as models care.
namespace assay::provenance::intoto {

enum class DependencyKind : std::uint8_t { model, data_set, other };
std::string_view to_string(DependencyKind kind);  // "base_model", "dataset", "dependency"

// By where the Hub keeps it: https://huggingface.co/ORG/NAME, hf://, pkg:huggingface/.
// Only the host itself is it, not a name that contains its name.
DependencyKind kind_of_dependency(std::string_view uri);

// "URI algorithm:digest ..." on one line, for reports; blanks inside of a part are "%20".
std::string line_of(const ResourceDescriptor& dependency);

// A place in a version control system: "git+https://host/path@refs/heads/main" parted.
struct SourceUri {
  std::string repository;  // "https://host/path": no "git+", no ".git"
  std::string ref;         // empty when there is none
};
SourceUri parse_source_uri(std::string_view uri);

}  // namespace assay::provenance::intoto
