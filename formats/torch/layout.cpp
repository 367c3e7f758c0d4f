#include "formats/torch/layout.h"

#include <algorithm>

#include "core/text.h"

namespace assay::torch {
namespace {

std::string_view root_of(std::string_view name) {
  const auto slash = name.find('/');
  return slash == std::string_view::npos ? std::string_view{} : name.substr(0, slash);
}

// "data.pkl" of "archive/data.pkl".
std::string_view below_root(std::string_view name) {
  const auto slash = name.find('/');
  return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

struct Seen {
  bool pickle = false;
  bool version = false;
  bool constants = false;
  bool code = false;
  bool package = false;
  bool archive_format = false;
};

Seen look(std::span<const Record> records) {
  Seen seen;
  for (const Record& record : records) {
    const std::string_view name = below_root(record.name);
    seen.pickle |= name == "data.pkl" && !root_of(record.name).empty();
    seen.version |= name == "version" || name == "archive_version";
    seen.constants |= name == "constants.pkl" || name == "bytecode.pkl";
    seen.code |= name.starts_with("code/");
    seen.package |= name == ".data/extern_modules";
    seen.archive_format |= name == "archive_format" || name == "serialized_exported_program.json";
  }
  return seen;
}

constexpr std::string_view kRecords[] = {
    "data.pkl",       "version",           "byteorder",
    "constants.pkl",  "attributes.pkl",    "bytecode.pkl",
    "model.json",     ".format_version",   ".storage_alignment",
    "model_version",  "archive_format",    "archive_version",
    "tensors.pkl",    "metadata.pkl",      "mobile_debug_handles.pkl",
    "debug_info.pkl", "producer_info.json"};

constexpr std::string_view kFolders[] = {"data/", "constants/", "tensors/", "extra/", ".data/"};
constexpr std::string_view kExportFolders[] = {"models/", "archive/", "xl_model_weights/",
                                               "executorch/"};

constexpr std::string_view kCodeExtensions[] = {".py",  ".pyc",   ".pyd", ".so",  ".dll", ".dylib",
                                                ".exe", ".class", ".sh",  ".bat", ".ps1", ".cmd"};

template <typename List>
bool starts_with_any(std::string_view name, const List& list) {
  return std::ranges::any_of(list, [&](std::string_view s) { return name.starts_with(s); });
}

bool bears_code(std::string_view name) {
  const std::string extension = extension_of(base_name(name));
  return std::ranges::find(kCodeExtensions, extension) != std::end(kCodeExtensions);
}

bool is_known(const Layout& layout, std::string_view name) {
  if (root_of(name) != layout.root) return false;
  const std::string_view below = below_root(name);
  if (below.empty() || std::ranges::find(kRecords, below) != std::end(kRecords)) return true;
  if (below.starts_with("code/")) {
    return below.ends_with(".py") || below.ends_with(".debug_pkl") || below.ends_with('/');
  }
  if (layout.flavour == "torch-package") return true;  // a package is Python files
  if (layout.flavour == "pt2" &&
      (starts_with_any(below, kExportFolders) || below.starts_with("serialized_"))) {
    return true;
  }
  return starts_with_any(below, kFolders) && !bears_code(below);
}

// torch.load gives the archive to torch.jit.load; since 2.6 not with weights_only.
void report_torchscript(std::span<const Record> records, ParseContext& context) {
  const auto tell = [&](std::string key, std::string value) {
    context.metadata(records.front().offset, records.front().size, std::move(key),
                     std::move(value));
  };
  tell("torch.weights_only", "no: TorchScript archives are refused");
  tell("torch.weights_only.1.13", "yes: torch.jit.load takes it");
}

void report_names(const Layout& layout, std::span<const Record> records, ParseContext& context) {
  for (const Record& record : records) {
    const std::string name = escaped(shortened(record.name, 500));
    const std::string_view below = below_root(record.name);
    const bool is_second_root =
        root_of(record.name) != layout.root && (below == "data.pkl" || below == "version");
    if (is_second_root) {
      context.anomaly(record.offset, record.size, "torch.two-roots",
                      name + " is not under " + escaped(shortened(layout.root, 500)));
    } else if (!is_known(layout, record.name)) {
      context.anomaly(record.offset, record.size,
                      bears_code(record.name) ? "torch.code-record" : "torch.unexpected-record",
                      name);
    }
  }
}

// torch itself compresses nothing but TorchScript source.
bool is_oddly_compressed(const Record& record) {
  return record.is_compressed && !below_root(record.name).starts_with("code/");
}

void report_compression(std::span<const Record> records, ParseContext& context) {
  const auto first = std::ranges::find_if(records, is_oddly_compressed);
  if (first == records.end()) return;
  const auto count = std::ranges::count_if(records, is_oddly_compressed);
  context.anomaly(first->offset, first->size, "torch.compressed-record",
                  std::to_string(count) + " compressed records, the first is " +
                      escaped(shortened(first->name, 500)));
}

}  // namespace

std::optional<Layout> recognise(std::span<const Record> records) {
  if (records.empty()) return std::nullopt;
  const Seen seen = look(records);
  Layout layout{.root = std::string(root_of(records.front().name)), .flavour = {}};
  if (seen.archive_format && seen.version) {
    layout.flavour = "pt2";
  } else if (seen.package) {
    layout.flavour = "torch-package";
  } else if (seen.pickle) {
    layout.flavour = seen.constants || seen.code ? "torchscript-zip" : "torch-zip";
  } else {
    return std::nullopt;
  }
  return layout;
}

bool is_raw_record(const Layout& layout, std::string_view name) {
  if (root_of(name) != layout.root) return false;
  std::string_view key = below_root(name);
  for (const std::string_view folder :
       {"data/weights/", "data/constants/", "data/", "constants/", "tensors/"}) {
    if (!key.starts_with(folder)) continue;
    key.remove_prefix(folder.size());
    break;
  }
  const bool is_plain = std::ranges::all_of(key, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-';
  });
  return key.size() != below_root(name).size() && !key.empty() && is_plain;
}

bool is_loaded_pickle(const Layout& layout, std::string_view name) {
  return layout.flavour == "torch-zip" && root_of(name) == layout.root &&
         to_lower(below_root(name)) == "data.pkl";
}

std::string_view metadata_key(const Layout& layout, std::string_view name) {
  if (root_of(name) != layout.root) return {};
  const std::string_view below = below_root(name);
  if (below == "version") return "torch.version";
  if (below == "byteorder") return "torch.byteorder";
  if (below == ".data/serialization_id") return "torch.serialization_id";
  return {};
}

void report(const Layout& layout, std::span<const Record> records, ParseContext& context) {
  context.metadata(records.front().offset, records.front().size, "torch.root",
                   shortened(layout.root, context.budget().limits().text_size));
  if (layout.flavour == "torchscript-zip") report_torchscript(records, context);
  report_names(layout, records, context);
  if (layout.flavour != "pt2") report_compression(records, context);
}

}  // namespace assay::torch
