#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/parse_context.h"

namespace assay::torch {

// A record of a torch archive as the container's directory lists it.
struct Record {
  std::string_view name;
  std::uint64_t offset = 0;  // where the directory lists it
  std::uint64_t size = 0;
  bool is_compressed = false;
};

// What PyTorchStreamReader (caffe2/serialize/inline_container.cc) would make of
// an archive. Its root is the first record's first path component; it looks
// records up ignoring case, so that names that differ in case only are one to it
// (kCaseCollision). Flavours: "torch-zip", "torchscript-zip",
// "torch-package", "pt2".
struct Layout {
  std::string root;  // without the slash
  std::string_view flavour;
};

inline constexpr std::string_view kCaseCollision = "torch.case-collision";

// The layout of an archive with these records in directory order; nothing if
// torch would not know it.
std::optional<Layout> recognise(std::span<const Record> records);

// The loader takes this record for raw numbers: `data/<key>`, `constants/<n>`.
// The key is digits or a plain word: `data/x.pkl` is no storage.
bool is_raw_record(const Layout& layout, std::string_view name);

// torch.load may unpickle this record, in whatever case its name is. Not of TorchScript: that has a
// loader of its own, which makes no Python objects.
bool is_loaded_pickle(const Layout& layout, std::string_view name);

// The metadata key of a short text record: "torch.version", "torch.byteorder",
// "torch.serialization_id"; empty for other records.
std::string_view metadata_key(const Layout& layout, std::string_view name);

// Records torch.root, of TorchScript torch.weights_only, and the anomalies:
//   torch.unexpected-record  no writer of torch makes a record of this name
//   torch.code-record        nor of this one, which bears code: .py, .so, .dll ...
//   torch.two-roots          a second root holds a data.pkl or a version
//   torch.compressed-record  torch stores all but source as they are
void report(const Layout& layout, std::span<const Record> records, ParseContext& context);

}  // namespace assay::torch
