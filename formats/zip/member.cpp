#include "formats/zip/member.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/text.h"
#include "formats/zip/expand.h"

namespace assay::zip {
namespace {

using std::to_string;

std::string shown(const MemberInfo& info) { return escaped(shortened(info.name, 200)); }

// Only lies make members overlap, and stored bytes cost the readers behind us
// more than the decoder's output costs us.
constexpr std::uint64_t kOverlapCost = 16;

constexpr std::uint64_t kMaxGaps = 1000;

StreamSource expanded(ParseContext& context, const Subject& subject, const View& view,
                      std::shared_ptr<Outcome> outcome) {
  // A size that is not declared cannot end the data.
  const bool has_end_marker =
      (subject.fields.flags & kFlagLzmaEndMarker) != 0 || !subject.is_checked;
  const Promise promise{
      .size = subject.fields.size, .crc = subject.fields.crc, .has_end_marker = has_end_marker};
  const Packed packed{
      .method = view.method, .offset = subject.info.offset, .size = view.stored_size};
  return {[&source = context.source(), packed, promise, outcome = std::move(outcome)] {
            return open_expander(source, packed, promise, outcome);
          },
          view.stored_size, context.budget()};
}

}  // namespace

std::uint64_t MemberReader::available(const Subject& subject, std::uint64_t wanted) {
  const std::uint64_t size = context_.source().size();
  return std::min(wanted, size - std::min(size, subject.info.offset));
}

void MemberReader::add(const Subject& subject, const char* code, std::string detail) {
  const std::uint64_t at = std::min(subject.info.offset, context_.source().size());
  context_.anomaly(at, available(subject, subject.fields.stored_size), code,
                   shown(subject.info) + ": " + std::move(detail));
}

// A file that is incomplete a thousand times over is incomplete.
void MemberReader::gap(ParseError error) {
  if (++gaps_ <= kMaxGaps) context_.gap(std::move(error));
}

bool MemberReader::pay(std::uint64_t size) {
  const std::uint64_t free = context_.source().size();
  const std::uint64_t before = std::max(claimed_, free);
  claimed_ = size > ~claimed_ ? ~std::uint64_t{0} : claimed_ + size;
  const std::uint64_t after = std::max(claimed_, free);
  if (after == before) return true;
  const std::uint64_t most = ~std::uint64_t{0} / kOverlapCost;
  return context_.budget().spend(Cost::expanded_bytes,
                                 std::min(after - before, most) * kOverlapCost);
}

std::uint64_t MemberReader::examine(const Subject& subject) {
  const std::uint64_t declared = subject.fields.stored_size;
  if (available(subject, declared) < declared) {
    gap({ParseErrc::truncated, subject.info.offset,
         "member " + shown(subject.info) + " claims " + to_string(declared) + " bytes, " +
             to_string(available(subject, declared)) + " are there"});
  }
  if (subject.is_encrypted) {
    if (!pay(available(subject, declared))) {
      gap(context_.budget().error(subject.info.offset));
      return declared;
    }
    if (subject.fields.method == kAes || !is_readable(subject)) {
      gap({ParseErrc::encrypted, subject.info.offset,
           "member " + shown(subject.info) + " is encrypted"});
      Subject raw = subject;
      raw.info.raw_data = true;
      examine_stored(raw, available(subject, declared), false);
      return declared;
    }
    add(subject, "zip.encrypted-flag", "flagged as encrypted, but it is not");
  }
  std::uint64_t used = declared;
  for (std::size_t i = 0; i < subject.views.size(); ++i) {
    const std::uint64_t used_by_view = examine_view(subject, subject.views[i], i == 0);
    if (i == 0) used = used_by_view;
  }
  return used;
}

std::uint64_t MemberReader::examine_view(const Subject& subject, const View& view, bool is_first) {
  const std::uint64_t size = available(subject, view.stored_size);
  // What packed data takes is known, and paid, once it is read.
  const bool is_paid =
      is_expandable(view.method) ? context_.budget().left(Cost::expanded_bytes) > 0 : pay(size);
  if (!is_paid) {
    context_.budget().spend(Cost::expanded_bytes);
    gap(context_.budget().error(subject.info.offset));
    return size;
  }
  if (is_expandable(view.method)) {
    return examine_packed(subject, {view.method, size}, is_first);
  }
  if (view.method == kStored) {
    examine_stored(subject, size, is_first);
  } else {
    examine_unread(subject, {view.method, size});
  }
  return size;
}

void MemberReader::examine_stored(const Subject& subject, std::uint64_t size, bool is_first) {
  if (is_first && subject.is_checked) {
    if (subject.fields.size != subject.fields.stored_size) {
      add(subject, "zip.size-mismatch",
          "stored in " + to_string(subject.fields.stored_size) + " bytes, declared as " +
              to_string(subject.fields.size));
    }
    const bool is_whole = size == subject.fields.stored_size;
    if (is_whole && size <= kMaxStoredCheck &&
        crc32_of(context_.source(), subject.info.offset, size) != subject.fields.crc) {
      add(subject, "zip.crc-mismatch", "the CRC-32 is not the declared one");
    }
  }
  SliceSource bytes(context_.source(), subject.info.offset, size);
  context_.member(subject.info, bytes);
}

std::uint64_t MemberReader::examine_packed(const Subject& subject, const View& view,
                                           bool is_first) {
  const std::uint64_t stored_size = view.stored_size;
  const auto outcome = std::make_shared<Outcome>();
  StreamSource bytes = expanded(context_, subject, view, outcome);
  context_.member(subject.info, bytes);
  // Where the size is not declared, only the decoder knows where the data ends.
  if (!subject.is_checked) bytes.size();
  // The next member finds out when this was too much.
  pay(outcome->consumed);
  if (!outcome->finished) return subject.is_checked ? stored_size : 0;
  if (is_first && subject.is_checked) {
    if (outcome->crc != subject.fields.crc) {
      add(subject, "zip.crc-mismatch", "the CRC-32 is not the declared one");
    }
    if (outcome->produced != subject.fields.size) {
      add(subject, "zip.size-mismatch",
          "expands to " + to_string(outcome->produced) + " bytes, declared were " +
              to_string(subject.fields.size));
    }
    if (outcome->consumed != stored_size) {
      add(subject, "zip.size-mismatch",
          to_string(stored_size - outcome->consumed) + " bytes behind the end of its data");
    }
  }
  return outcome->consumed;
}

// Other methods are not read here; but the bytes may be what they seem.
void MemberReader::examine_unread(const Subject& subject, const View& view) {
  gap({view.method == kAes ? ParseErrc::encrypted : ParseErrc::unsupported, subject.info.offset,
       "member " + shown(subject.info) + ": compression method " + to_string(view.method) + " (" +
           method_name(view.method) + ") is not read"});
  MemberInfo info = subject.info;
  info.raw_data = true;
  SliceSource bytes(context_.source(), info.offset, view.stored_size);
  context_.member(info, bytes);
}

// A flag says encrypted, which readers that ignore it do not mind (CVE-2025-1945):
// plain when its sizes leave no room for a key, or its content is as declared.
bool MemberReader::is_readable(const Subject& subject) {
  const Fields& fields = subject.fields;
  const std::uint64_t size = available(subject, fields.stored_size);
  ByteSource& source = context_.source();
  if (fields.method == kStored) {
    if (fields.stored_size == fields.size) return true;
    return size <= kMaxStoredCheck && fields.size > 0 &&
           (crc32_of(source, subject.info.offset, size) == fields.crc ||
            crc32_of(source, subject.info.offset, std::min(size, fields.size)) == fields.crc);
  }
  if (!is_expandable(fields.method)) return false;
  const auto outcome = std::make_shared<Outcome>();
  StreamSource bytes = expanded(context_, subject, {fields.method, size}, outcome);
  bytes.size();
  return outcome->finished && (outcome->consumed == size || outcome->produced == fields.size ||
                               outcome->crc == fields.crc);
}

void MemberReader::with_content(const Subject& subject,
                                const std::function<void(ByteSource&)>& use) {
  const std::uint64_t there = available(subject, subject.fields.stored_size);
  if (subject.fields.method == kStored) {
    SliceSource bytes(context_.source(), subject.info.offset, there);
    return use(bytes);
  }
  if (!is_expandable(subject.fields.method)) return;
  StreamSource bytes =
      expanded(context_, subject, {subject.fields.method, there}, std::make_shared<Outcome>());
  use(bytes);
}

std::string MemberReader::head(const Subject& subject, std::uint64_t size) {
  std::string head;
  with_content(subject, [&](ByteSource& bytes) { head = as_text(bytes.view(0, size)); });
  return head;
}

}  // namespace assay::zip
