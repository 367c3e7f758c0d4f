#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/parse_context.h"
#include "formats/zip/compare.h"
#include "formats/zip/records.h"

namespace assay::zip {

// A member ready to be examined.
struct Subject {
  MemberInfo info{};          // its offset: where the data begins
  Fields fields{};            // what the trusted header declares
  bool is_encrypted = false;  // every header there is says so
  bool is_checked = true;     // compare size and CRC with what is declared
  std::vector<View> views{};
};

// Gives members to the context: stored ones as slices of the archive, packed
// ones as streams, each under all its views. Members may overlap, so stored
// bytes beyond as many as the archive has are paid like expanded ones.
class MemberReader {
 public:
  explicit MemberReader(ParseContext& context) : context_(context) {}

  // Returns how many of the first view's stored bytes belong to the member's
  // data: fewer than declared where packed data ends earlier.
  std::uint64_t examine(const Subject& subject);

  // The first `size` bytes of the member's content, for short records.
  std::string head(const Subject& subject, std::uint64_t size);

  // Calls `use` with the member's content as the directory describes it; not when
  // it cannot be expanded.
  void with_content(const Subject& subject, const std::function<void(ByteSource&)>& use);

  // Pays for examining `size` stored bytes: free until every byte of the archive
  // has been examined once, dear from then on.
  bool pay(std::uint64_t size);

  // Reading a stored member for its CRC costs as much as examining it, so
  // weights larger than this are not checked.
  static constexpr std::uint64_t kMaxStoredCheck = 64ULL << 20;

 private:
  std::uint64_t examine_view(const Subject& subject, const View& view, bool is_first);
  void examine_stored(const Subject& subject, std::uint64_t size, bool is_first);
  std::uint64_t examine_packed(const Subject& subject, const View& view, bool is_first);
  void examine_unread(const Subject& subject, const View& view);
  bool is_readable(const Subject& subject);
  void gap(ParseError error);
  std::uint64_t available(const Subject& subject, std::uint64_t wanted);
  void add(const Subject& subject, const char* code, std::string detail);

  ParseContext& context_;
  std::uint64_t gaps_ = 0;
  std::uint64_t claimed_ = 0;  // stored bytes of all views so far
};

}  // namespace assay::zip
