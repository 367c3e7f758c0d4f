// What an independent reader (simdjson's DOM) takes, ours takes, and the other
// way round: save for numbers beyond 64 bits or a double, which ours leaves to
// the caller, and for more duplicate keys than we tell apart.
#include <simdjson.h>

#include <cstdlib>

#include "formats/json/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  Budget budget;
  json::Reader reader(std::as_bytes(std::span{data, size}), 0, budget);
  std::uint64_t last_offset = 0;
  for (json::Token token = reader.next(); token.kind != json::Kind::end; token = reader.next()) {
    if (token.offset < last_offset || token.raw.size() > size - token.offset) std::abort();
    last_offset = token.offset;
    if (token.kind == json::Kind::string) json::text_of(token);
  }
  if (size == 0) return 0;  // simdjson copies from where there is nothing
  simdjson::dom::parser parser;
  const auto theirs = parser.parse(reinterpret_cast<const char*>(data), size, true).error();
  const bool limited = reader.error() && reader.error()->code == ParseErrc::over_budget;
  if (theirs == simdjson::SUCCESS && !reader.ok() && !limited) std::abort();
  const bool refused = theirs != simdjson::SUCCESS && theirs != simdjson::NUMBER_ERROR;
  if (refused && reader.ok()) std::abort();
  return 0;
}
