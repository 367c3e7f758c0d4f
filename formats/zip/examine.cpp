#include "formats/zip/examine.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/text.h"
#include "formats/pickle/weights_only.h"
#include "formats/zip/compare.h"
#include "formats/zip/names.h"

namespace assay::zip {
namespace {

using std::to_string;

// Small enough that stepping over weights reads little, large enough that one
// read serves many small members.
constexpr std::uint64_t kHeaderWindow = 16 * 1024;
constexpr std::uint64_t kMaxLinkSize = 4096;

std::string shown(const CentralEntry& entry) { return escaped(shortened(entry.fields.name, 200)); }

// Java's and other tools deflate even the nothing of a folder.
bool has_data(const Fields& fields) {
  return fields.size != 0 || (fields.stored_size != 0 && fields.method == kStored) ||
         fields.stored_size > 2;
}

}  // namespace

Examiner::Examiner(ParseContext& context, const std::optional<torch::Layout>& layout)
    : context_(context),
      layout_(layout),
      headers_(context.source(), 0, kHeaderWindow),
      members_(context),
      walker_(context, members_),
      size_(context.source().size()) {}

Parsed<void> Examiner::examine(Archive& archive) {
  const auto place = [](const Entry& e) { return std::pair(e.at, e.central.offset); };
  if (!std::ranges::is_sorted(archive.entries, {}, place)) {
    std::ranges::sort(archive.entries, {}, place);
  }
  std::ranges::sort(archive.structure, {}, &Range::offset);
  auto range = archive.structure.begin();
  for (const Entry& entry : archive.entries) {
    for (; range != archive.structure.end() && range->offset < entry.at; ++range) {
      advance(range->offset, range->offset + range->size);
    }
    Budget& budget = context_.budget();
    if (budget.left(Cost::members) == 0 || budget.stopped()) {
      budget.spend(Cost::members);
      return std::unexpected(budget.error(std::min(entry.at, size_)));
    }
    examine_entry(entry);
  }
  for (; range != archive.structure.end(); ++range) {
    advance(range->offset, range->offset + range->size);
  }
  if (accounted_ < size_) walker_.walk(accounted_, size_, Region::trailing);
  return {};
}

// [begin, end) is accounted for; what was skipped to get there is walked.
void Examiner::advance(std::uint64_t begin, std::uint64_t end) {
  if (begin > accounted_) {
    walker_.walk(accounted_, begin, accounted_ == 0 ? Region::prefix : Region::gap);
  } else if (begin < accounted_ && end > begin) {
    context_.anomaly(begin, std::min(accounted_, end) - begin, "zip.overlap",
                     "bytes " + to_string(begin) + " to " + to_string(std::min(accounted_, end)) +
                         " belong to more than one part of the archive");
  }
  accounted_ = std::max(accounted_, end);
}

// What the directory says of the entry.
void Examiner::report_entry(const Entry& entry) {
  const CentralEntry& central = entry.central;
  const Fields& fields = central.fields;
  const bool is_folder = is_directory_name(fields.name);
  report_name(context_, entry);
  context_.fact(central.offset, central.record_size,
                Member{shortened(fields.name, context_.budget().limits().text_size),
                       is_folder ? "directory" : method_name(fields.method), fields.stored_size,
                       fields.size});
  if (fields.zip64_odd) {
    context_.anomaly(central.offset, central.record_size, "zip.zip64-mismatch",
                     shown(central) + ": the directory's zip64 field");
  }
  if (is_folder && has_data(fields)) {
    context_.anomaly(central.offset, central.record_size, "zip.directory-with-data",
                     shown(central) + " has " + to_string(fields.size) + " bytes");
  }
}

void Examiner::report_local(const Entry& entry, const std::optional<LocalHeader>& local) {
  std::uint32_t flags = entry.central.fields.flags;
  if (local && local->has_magic) {
    compare_headers(context_, entry, *local);
    flags |= local->fields.flags;
  } else {
    context_.anomaly(entry.at, kLocalHeaderSize, "zip.bad-local-magic",
                     shown(entry.central) + ": no local header where the directory points");
  }
  if ((flags & kFlagsRefused) != 0) {
    context_.anomaly(entry.at, kLocalHeaderSize, "zip.refused-flags",
                     shown(entry.central) + ": flags " + to_string(flags));
  }
}

void Examiner::examine_entry(const Entry& entry) {
  const Fields& fields = entry.central.fields;
  report_entry(entry);
  if (entry.at >= size_ || size_ - entry.at < kLocalHeaderSize) {
    context_.gap({ParseErrc::truncated, entry.central.offset,
                  "member " + shown(entry.central) + " should begin at byte " +
                      to_string(entry.at) + " of " + to_string(size_)});
    return;
  }
  const std::optional<LocalHeader> local = read_local_header(headers_, entry.at);
  report_local(entry, local);
  const Subject subject = subject_of(entry, local);
  const bool has_descriptor =
      local && local->has_magic && (local->fields.flags & kFlagDescriptor) != 0;
  // The gap in front is walked first: reading goes forward.
  advance(entry.at, declared_end(subject));
  report_content(entry, subject);
  const bool is_folder = is_directory_name(fields.name) && !has_data(fields);
  const std::uint64_t used = is_folder ? fields.stored_size : members_.examine(subject);
  walk_unused(subject, used);
  if (has_descriptor) {
    const std::uint64_t end = declared_end(subject);
    accounted_ =
        std::max(accounted_, std::min(size_, end + descriptor_size(context_, end, fields)));
  }
}

Subject Examiner::subject_of(const Entry& entry, const std::optional<LocalHeader>& local) const {
  const CentralEntry& central = entry.central;
  const bool is_real = local && local->has_magic;
  Subject subject{.fields = central.fields};
  // torch's own readers take the lengths from here without asking for the magic.
  const std::uint64_t header_size =
      local ? local->header_size : kLocalHeaderSize + central.fields.name.size();
  subject.info = {.name = std::string(central.fields.name),
                  .offset = std::min(size_, entry.at + header_size)};
  subject.info.raw_data = layout_ && torch::is_raw_record(*layout_, central.fields.name) &&
                          (!is_real || local->fields.name == central.fields.name);
  subject.is_encrypted = (central.fields.flags & kFlagEncrypted) != 0 &&
                         (!is_real || (local->fields.flags & kFlagEncrypted) != 0);
  subject.views = views_of(central.fields, is_real ? &local->fields : nullptr);
  return subject;
}

// Content that is a fact by the member's kind: a link's target, a torch version.
void Examiner::report_content(const Entry& entry, const Subject& subject) {
  const CentralEntry& central = entry.central;
  if (is_symlink(central)) {
    std::string target = members_.head(subject, kMaxLinkSize);
    if (link_escapes(central.fields.name, target)) {
      context_.anomaly(central.offset, central.record_size, "zip.symlink-escapes",
                       shown(central) + " -> " + escaped(shortened(target, 200)));
    }
    context_.fact(central.offset, central.record_size, Reference{"link", std::move(target)});
  }
  if (!layout_) return;
  if (torch::is_loaded_pickle(*layout_, central.fields.name) && pickles_asked_ < kMaxPicklesAsked) {
    ++pickles_asked_;
    report_weights_only(entry, subject);
  }
  if (const auto key = torch::metadata_key(*layout_, central.fields.name); !key.empty()) {
    std::string value = members_.head(subject, 64);
    while (value.ends_with('\n')) value.pop_back();
    context_.metadata(central.offset, central.record_size, std::string(key), std::move(value));
  }
}

// Whether torch's restricted unpickler would take the pickle that torch.load reads.
void Examiner::report_weights_only(const Entry& entry, const Subject& subject) {
  members_.with_content(subject, [&](ByteSource& bytes) {
    pickle::tell_weights_only(context_, entry.central.offset, entry.central.record_size,
                              pickle::ask_weights_only(bytes, context_.budget(), 0, 1));
  });
}

std::uint64_t Examiner::declared_end(const Subject& subject) const {
  const std::uint64_t data = std::min(size_, subject.info.offset);
  return data + std::min(subject.fields.stored_size, size_ - data);
}

// Walks what a reader that goes by the local header alone, or by the packed
// data's own end, takes for the next member.
void Examiner::walk_unused(const Subject& subject, std::uint64_t used) {
  for (const View& view : subject.views) used = std::min(used, view.stored_size);
  const std::uint64_t end = declared_end(subject);
  const std::uint64_t data = std::min(end, subject.info.offset);
  if (used >= end - data) return;
  if (members_.pay(end - data - used)) {
    walker_.walk(data + used, end, Region::within);
  } else {
    context_.gap(context_.budget().error(data + used));
  }
}

}  // namespace assay::zip
