#include "formats/pickle/torch_legacy.h"

namespace assay::pickle {
namespace {
constexpr std::int64_t kLegacyProtocol = 1001;
// 0x1950a86a20f9469cfc6c as LONG1 and, in protocols 0 and 1, as LONG
constexpr std::string_view kMagicOpcodes[] = {"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19",
                                              kMagicLine};
}  // namespace

bool TorchLegacy::is_magic(Value value) const {
  if (value.kind != Kind::big_integer) return false;
  const ByteView opcode = session_.source.view(value.data, kMagicOpcodes[1].size());
  return starts_with(opcode, kMagicOpcodes[0]) || starts_with(opcode, kMagicOpcodes[1]);
}

void TorchLegacy::after_pickle(Value value) {
  session_.collected_keys = nullptr;
  if (stage_ >= kStorages) return;
  const bool fits = stage_ == kMagic ? is_magic(value)
                    : stage_ == kProtocol
                        ? value.kind == Kind::integer && value.as_integer() == kLegacyProtocol
                        : true;
  stage_ = fits ? stage_ + 1 : kNone;
  session_.legacy = stage_ > kProtocol && stage_ <= kStorages;
  if (stage_ == kProtocol + 1 && session_.context) session_.context->format("torch-legacy");
  if (stage_ == kKeys) session_.collected_keys = &keys_;
}

Parsed<void> TorchLegacy::skip_storages(SourceReader& in) {
  stage_ = kNone;
  for (const std::string& key : keys_) {
    const auto storage = session_.storages.find(key);
    if (storage == session_.storages.end()) {
      return fail(ParseErrc::malformed, in.offset(),
                  "a storage key that no persistent id names: its size is not known");
    }
    const std::uint64_t start = in.offset();
    const auto count = in.le<std::uint64_t>();
    if (in.ok() && count > static_cast<std::uint64_t>(INT64_MAX) / 16) {
      return fail(ParseErrc::malformed, start, "a storage of over 2^59 elements");
    }
    in.skip(count * storage->second);
    if (in.error()) return std::unexpected(*in.error());
    session_.code.leave_out(start, in.offset() - start);
  }
  return {};
}

Parsed<void> TorchLegacy::at_end(std::uint64_t offset) const {
  if (!pickle_follows()) return {};
  return fail(ParseErrc::truncated, offset,
              "truncated at byte " + std::to_string(offset) + ": a torch stream has " +
                  std::to_string(kStorages) + " pickles, here are " + std::to_string(stage_));
}

}  // namespace assay::pickle
