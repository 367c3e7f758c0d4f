#include "provenance/oms/resource.h"

#include <charconv>

#include "provenance/oms/path.h"

namespace assay::provenance::oms {
namespace {

std::optional<std::uint64_t> parse_offset(std::string_view digits) {
  constexpr std::size_t kMaxDigits = 18;
  if (digits.empty() || digits.size() > kMaxDigits) return std::nullopt;
  if (digits.size() > 1 && digits[0] == '0') return std::nullopt;
  std::uint64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

// The text member of that name; empty when there is none.
std::string_view text_of(const JsonValue& value, std::string_view name) {
  const JsonValue* member = value.find(name);
  const std::string* text = member ? member->text() : nullptr;
  return text ? std::string_view(*text) : std::string_view();
}

}  // namespace

std::optional<ShardName> parse_shard_name(std::string_view name) {
  const std::size_t second = name.rfind(':');
  if (second == std::string_view::npos || second == 0) return std::nullopt;
  const std::size_t first = name.rfind(':', second - 1);
  if (first == std::string_view::npos) return std::nullopt;
  const auto start = parse_offset(name.substr(first + 1, second - first - 1));
  const auto end = parse_offset(name.substr(second + 1));
  if (!start || !end || *start >= *end) return std::nullopt;
  return ShardName{name.substr(0, first), {*start, *end}};
}

bool is_algorithm_of(HashPlan plan, std::string_view algorithm) {
  const std::string_view hash = to_string(plan.hash);
  if (algorithm == hash) return true;
  return plan.shard_size != 0 &&
         algorithm == std::string(hash) + "-sharded-" + std::to_string(plan.shard_size);
}

std::optional<ByteString> parse_digest(std::string_view text, std::size_t size) {
  if (text.size() != size * 2 || text.find_first_of("ABCDEF") != std::string_view::npos) {
    return std::nullopt;
  }
  return from_hex(text);
}

std::optional<Resource> parse_resource_name(std::string_view name, HashPlan plan, Tally& tally) {
  Resource resource;
  std::string_view path = name;
  if (plan.shard_size != 0) {
    const auto sharded = parse_shard_name(name);
    if (!sharded) {
      tally.fail("oms.resource.name", name, "is not the name of a shard: path:start:end");
      return std::nullopt;
    }
    path = sharded->path;
    resource.shard = sharded->shard;
  }
  if (path != kSingleFile && !is_inner_path(path)) {
    tally.fail("oms.resource.name", name, "is not a path below the model in its plain spelling");
    return std::nullopt;
  }
  resource.path = path;
  return resource;
}

std::optional<Resource> parse_resource(const JsonValue& value, HashPlan plan, Tally& tally) {
  const std::string_view name = text_of(value, "name");
  if (name.empty()) {
    tally.fail("oms.resource", name, "is no resource: it has no name");
    return std::nullopt;
  }
  auto resource = parse_resource_name(name, plan, tally);
  if (!is_algorithm_of(plan, text_of(value, "algorithm"))) {
    tally.fail("oms.resource.algorithm", name, "is not hashed with the hash_type of the manifest");
  }
  auto digest = parse_digest(text_of(value, "digest"), digest_size(plan.hash));
  if (!digest)
    tally.fail("oms.resource.digest", name, "has no digest of that hash in lower-case hex");
  if (!resource || !digest) return std::nullopt;
  resource->digest = std::move(*digest);
  return resource;
}

}  // namespace assay::provenance::oms
