#include "formats/archive/library_walk.h"

#include <memory>
#include <utility>

#include "core/stream_source.h"

namespace assay::archive {
namespace {

constexpr std::uint64_t kEntryCost = 20;  // in nodes, as for tar headers

// The bytes of the entry a reader stands at.
class EntryStream final : public ByteStream {
 public:
  explicit EntryStream(std::shared_ptr<LibraryReader> reader) : reader_(std::move(reader)) {}
  std::size_t read(std::span<std::byte> out) override {
    std::size_t filled = 0;
    while (filled < out.size()) {
      const std::size_t got = reader_->read(out.subspan(filled));
      if (got == 0) break;
      filled += got;
    }
    return filled;
  }
  std::optional<ParseError> error() const override {
    return reader_->error() ? reader_->error() : reader_->entry_error();
  }
  std::vector<ParseError> complaints() override { return reader_->complaints(); }

 private:
  std::shared_ptr<LibraryReader> reader_;
};

class FailedStream final : public ByteStream {
 public:
  explicit FailedStream(ParseError error) : error_(std::move(error)) {}
  std::size_t read(std::span<std::byte>) override { return 0; }
  std::optional<ParseError> error() const override { return error_; }

 private:
  ParseError error_;
};

class Walk {
 public:
  Walk(ParseContext& context, LibraryFormat format)
      : context_(context),
        format_(format),
        checks_(context),
        live_(std::make_shared<LibraryReader>(context.source(), format)) {}

  Parsed<void> run() {
    while (auto next = live_->next()) {
      if (auto done = entry(std::move(*next)); !done) return std::unexpected(done.error());
    }
    if (live_->error()) return std::unexpected(*live_->error());
    return {};
  }

 private:
  Parsed<void> entry(LibraryReader::NextEntry next) {
    Budget& budget = context_.budget();
    if (!budget.spend(Cost::nodes, kEntryCost)) return std::unexpected(budget.error(0));
    next.entry.method = "compressed";
    checks_.report(next.entry);
    if (next.warning) {
      context_.anomaly(next.entry.offset, 0, "archive.bad-header", next.warning->message);
    }
    const bool has_bytes = next.entry.kind == EntryKind::file ||
                           (next.entry.kind != EntryKind::symlink && next.entry.size > 0);
    if (next.encrypted) {
      context_.gap({ParseErrc::encrypted, next.entry.offset, "an entry is encrypted"});
    } else if (has_bytes) {
      if (auto left = require_members(budget, next.entry.offset); !left) return left;
      show(next.entry);
    }
    before_size_ += next.entry.size;
    ++index_;
    return {};
  }

  // The reader that stands at the entry serves the first pass; another is opened
  // and led here for later ones.
  void show(const Entry& entry) {
    StreamSource bytes(
        [this, live = live_]() mutable -> std::unique_ptr<ByteStream> {
          if (live) return std::make_unique<EntryStream>(std::exchange(live, nullptr));
          return reopen();
        },
        context_.source().size(), context_.budget());
    context_.member({.name = entry.name, .offset = entry.offset}, bytes);
  }

  // In a solid archive this decodes all that stands before, and pays for it.
  std::unique_ptr<ByteStream> reopen() {
    Budget& budget = context_.budget();
    if (!budget.spend(Cost::expanded_bytes, before_size_)) {
      return std::make_unique<FailedStream>(budget.error(0));
    }
    auto reader = std::make_shared<LibraryReader>(context_.source(), format_);
    for (std::uint64_t i = 0; i <= index_; ++i) {
      if (!reader->next()) break;
    }
    return std::make_unique<EntryStream>(std::move(reader));
  }

  ParseContext& context_;
  LibraryFormat format_;
  EntryChecks checks_;
  std::shared_ptr<LibraryReader> live_;
  std::uint64_t index_ = 0;        // of the current entry
  std::uint64_t before_size_ = 0;  // bytes of the entries before it
};

}  // namespace

Parsed<void> walk_library(ParseContext& context, LibraryFormat format) {
  return Walk(context, format).run();
}

}  // namespace assay::archive
