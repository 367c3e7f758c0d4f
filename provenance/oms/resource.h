#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "provenance/json.h"
#include "provenance/oms/manifest.h"
#include "provenance/oms/tally.h"

// The pieces of a manifest, one resource at a time.
namespace assay::provenance::oms {

// The parts of "path:start:end", split at the last two colons. Decimal numbers in
// their one spelling below 2^63, start before end.
struct ShardName {
  std::string_view path;
  Shard shard;
};
std::optional<ShardName> parse_shard_name(std::string_view name);

// Whether a resource may say `algorithm` when the manifest goes by `plan`: the hash's
// name, or as the reference implementation writes it "sha256-sharded-1000000000".
bool is_algorithm_of(HashPlan plan, std::string_view algorithm);

// Lower-case hex of `size` bytes.
std::optional<ByteString> parse_digest(std::string_view text, std::size_t size);

// A resource of the layout 1.0. Nothing, with the reason in `tally`, when it is none.
std::optional<Resource> parse_resource(const JsonValue& value, HashPlan plan, Tally& tally);

// Path and shard of a resource called `name`.
std::optional<Resource> parse_resource_name(std::string_view name, HashPlan plan, Tally& tally);

}  // namespace assay::provenance::oms
