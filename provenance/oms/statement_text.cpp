#include "provenance/oms/statement_text.h"

#include <algorithm>
#include <cstdint>

#include "core/text.h"
#include "provenance/intoto/statement.h"

namespace assay::provenance::oms {
namespace {

std::string hex_escape(std::uint32_t unit) {
  const std::byte bytes[] = {static_cast<std::byte>(unit >> 8), static_cast<std::byte>(unit)};
  return "\\u" + hex(bytes);
}

// By UTF-16 units, as JSON has it.
std::string escape_of(std::uint32_t code) {
  switch (code) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  if (code >= ' ' && code < 0x80) return {static_cast<char>(code)};
  if (code < 0x10000) return hex_escape(code);
  const std::uint32_t rest = code - 0x10000;
  return hex_escape(0xD800 + (rest >> 10)) + hex_escape(0xDC00 + (rest & 0x3FF));
}

std::string name_of(const Resource& resource) {
  if (!resource.shard) return resource.path;
  return resource.path + ':' + std::to_string(resource.shard->start) + ':' +
         std::to_string(resource.shard->end);
}

std::string resource_text(const Resource& resource, std::string_view algorithm) {
  return "      {\n        \"name\": " + json_string(name_of(resource)) +
         ",\n        \"algorithm\": " + json_string(algorithm) +
         ",\n        \"digest\": " + json_string(hex(resource.digest)) + "\n      }";
}

std::string serialization_text(const Manifest& manifest) {
  const bool has_shards = manifest.plan.shard_size != 0;
  std::string text = std::string("      \"method\": \"") + (has_shards ? "shards" : "files") +
                     "\",\n      \"hash_type\": " + json_string(to_string(manifest.plan.hash)) +
                     ",\n      \"allow_symlinks\": " + (manifest.allow_symlinks ? "true" : "false");
  if (has_shards) text += ",\n      \"shard_size\": " + std::to_string(manifest.plan.shard_size);
  if (manifest.ignore_paths.empty()) return text + '\n';
  text += ",\n      \"ignore_paths\": [\n";
  for (const std::string& path : manifest.ignore_paths) {
    text += "        " + json_string(path);
    text += &path == &manifest.ignore_paths.back() ? "\n" : ",\n";
  }
  return text + "      ]\n";
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const Utf8Character character = utf8_character(text);
    out += escape_of(character.code);
    text.remove_prefix(std::max<std::size_t>(character.size, 1));
  }
  return out + '"';
}

std::string statement_text(const Manifest& manifest) {
  std::string text =
      "{\n  \"_type\": " + json_string(intoto::kStatementV1) +
      ",\n  \"subject\": [\n    {\n      \"name\": " + json_string(manifest.model_name) +
      ",\n      \"digest\": {\n        \"sha256\": " + json_string(manifest.root_digest) +
      "\n      }\n    }\n  ],\n  \"predicateType\": " + json_string(kPredicateType) +
      ",\n  \"predicate\": {\n    \"serialization\": {\n" + serialization_text(manifest) +
      "    },\n    \"resources\": [\n";
  for (const Resource& resource : manifest.resources) {
    text += resource_text(resource, to_string(manifest.plan.hash));
    text += &resource == &manifest.resources.back() ? "\n" : ",\n";
  }
  return text + "    ]\n  }\n}";
}

}  // namespace assay::provenance::oms
