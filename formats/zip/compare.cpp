#include "formats/zip/compare.h"

#include <algorithm>
#include <string>

#include "core/byte_reader.h"
#include "core/text.h"

namespace assay::zip {
namespace {

using std::to_string;

constexpr std::uint64_t kAsk = 0xFFFFFFFF;

// A number that the local header leaves to the descriptor is zero there.
bool differs(std::uint64_t local, std::uint64_t central, bool has_descriptor) {
  return local != central && !(has_descriptor && (local == 0 || local == kAsk));
}

std::string versus(std::uint64_t local, std::uint64_t central) {
  return "local header " + to_string(local) + ", directory " + to_string(central);
}

class Comparison {
 public:
  Comparison(ParseContext& context, const Entry& entry, const LocalHeader& local)
      : context_(context), entry_(entry), local_(local) {}

  void run() {
    const Fields& l = local_.fields;
    const Fields& c = entry_.central.fields;
    if (l.name != c.name) add("zip.local-name-differs", names());
    if (l.method != c.method) {
      add("zip.local-method-differs",
          "local header " + method_name(l.method) + ", directory " + method_name(c.method));
    }
    constexpr std::uint16_t kCompared = kFlagEncrypted | kFlagsRefused;
    if (((l.flags ^ c.flags) & kCompared) != 0) {
      add("zip.local-flags-differ", versus(l.flags, c.flags));
    }
    const bool later = ((l.flags | c.flags) & kFlagDescriptor) != 0;
    if (differs(l.stored_size, c.stored_size, later)) {
      add("zip.local-size-differs", "stored size: " + versus(l.stored_size, c.stored_size));
    } else if (differs(l.size, c.size, later)) {
      add("zip.local-size-differs", "size: " + versus(l.size, c.size));
    }
    if (differs(l.crc, c.crc, later)) add("zip.local-crc-differs", versus(l.crc, c.crc));
    if (l.zip64_odd) add("zip.zip64-mismatch", "the local header's zip64 field");
  }

 private:
  std::string names() const {
    const std::size_t limit = context_.budget().limits().text_size / 2;
    return "local header " + escaped(shortened(local_.fields.name, limit)) + ", directory " +
           escaped(shortened(entry_.central.fields.name, limit));
  }
  void add(const char* code, std::string detail) {
    context_.anomaly(entry_.at, local_.header_size, code, std::move(detail));
  }

  ParseContext& context_;
  const Entry& entry_;
  const LocalHeader& local_;
};

void add_view(std::vector<View>& views, View view) {
  if (view.stored_size == 0 && !views.empty()) return;
  if (std::ranges::find(views, view) == views.end()) views.push_back(view);
}

void add_views(std::vector<View>& views, std::uint16_t method, const Fields& fields) {
  add_view(views, {method, fields.stored_size});
  if (method == kStored) add_view(views, {method, fields.size});
}

}  // namespace

std::vector<View> views_of(const Fields& central, const Fields* local) {
  std::vector<View> views;
  views.reserve(2);
  // An encrypted member is longer by its key material, which is no lie.
  const bool may_be_longer = (central.flags & kFlagEncrypted) != 0;
  if (may_be_longer) {
    add_view(views, {central.method, central.stored_size});
  } else {
    add_views(views, central.method, central);
  }
  if (local == nullptr) return views;
  add_views(views, local->method, central);
  const bool later = (local->flags & kFlagDescriptor) != 0;
  if (!differs(local->stored_size, central.stored_size, later)) return views;
  add_views(views, central.method, *local);
  add_views(views, local->method, *local);
  return views;
}

void compare_headers(ParseContext& context, const Entry& entry, const LocalHeader& local) {
  Comparison(context, entry, local).run();
}

std::uint64_t descriptor_size(ParseContext& context, std::uint64_t offset, const Fields& central) {
  const ByteView view = context.source().view(offset, 24);
  const bool has_magic = starts_with(view, kDescriptorMagic);
  const std::uint64_t magic_size = has_magic ? 4 : 0;
  const auto matches = [&](std::uint64_t from, bool wide) {
    ByteReader in{clip(view, from, 20)};
    const auto crc = in.le<std::uint32_t>();
    const std::uint64_t stored = wide ? in.le<std::uint64_t>() : in.le<std::uint32_t>();
    const std::uint64_t size = wide ? in.le<std::uint64_t>() : in.le<std::uint32_t>();
    return in.ok() && crc == central.crc && stored == central.stored_size && size == central.size;
  };
  if (matches(magic_size, true)) return magic_size + 20;
  if (matches(magic_size, false)) return magic_size + 12;
  if (!has_magic) return matches(0, true) ? 20 : matches(0, false) ? 12 : 0;
  context.anomaly(offset, std::min<std::uint64_t>(view.size(), 16), "zip.descriptor-differs",
                  "the data descriptor and the directory disagree");
  return std::min<std::uint64_t>(view.size(), 16);
}

}  // namespace assay::zip
