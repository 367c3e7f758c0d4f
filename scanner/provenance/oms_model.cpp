#include "scanner/provenance/oms_model.h"

#include <map>

namespace assay {
namespace {

namespace oms = provenance::oms;
using provenance::ByteString;
using provenance::HashKind;

HashKind hash_kind_of(oms::HashType hash) {
  switch (hash) {
    case oms::HashType::sha256:
      return HashKind::sha256;
    case oms::HashType::blake2b:
      return HashKind::blake2b;
    case oms::HashType::blake3:
      break;
  }
  return HashKind::blake3;
}

std::optional<oms::HashType> hash_type_of(HashKind hash) {
  switch (hash) {
    case HashKind::sha256:
      return oms::HashType::sha256;
    case HashKind::blake2b:
      return oms::HashType::blake2b;
    case HashKind::blake3:
      return oms::HashType::blake3;
    default:
      return std::nullopt;
  }
}

oms::FileKind kind_of(const ObservedFile& file) {
  switch (file.link) {
    case LinkKind::inside:
      return oms::FileKind::link_inside;
    case LinkKind::to_blob:
      return oms::FileKind::link_to_blob;
    case LinkKind::outside:
      return oms::FileKind::link_outside;
    case LinkKind::none:
      break;
  }
  return file.is_file ? oms::FileKind::regular : oms::FileKind::other;
}

// `row` holds digests of equal size in a row.
std::vector<ByteString> split(std::string_view row, std::size_t size) {
  std::vector<ByteString> digests;
  for (std::size_t at = 0; at + size <= row.size(); at += size) {
    const Bytes digest = as_bytes(row.substr(at, size));
    digests.emplace_back(digest.begin(), digest.end());
  }
  return digests;
}

}  // namespace

oms::Model model_of(const std::vector<ObservedFile>& files, bool single_file) {
  oms::Model model{.files = {}, .single_file = single_file};
  for (const ObservedFile& observed : files) {
    oms::ModelFile file{
        .path = observed.path, .kind = kind_of(observed), .size = observed.size, .digests = {}};
    for (const ObservedDigests& given : observed.digests) {
      const auto hash = hash_type_of(given.request.hash);
      if (!hash || given.request.is_git_blob) continue;
      file.digests.push_back(
          {{*hash, given.request.shard_size}, split(given.digests, oms::digest_size(*hash))});
    }
    model.files.push_back(std::move(file));
  }
  return model;
}

std::vector<DigestNeed> digest_needs(const oms::Model& model,
                                     const std::vector<oms::DigestNeed>& needs) {
  std::map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < model.files.size(); ++i) places[model.files[i].path] = i;
  std::vector<DigestNeed> out;
  for (const oms::DigestNeed& need : needs) {
    out.push_back({places.at(need.path),
                   {.hash = hash_kind_of(need.plan.hash), .shard_size = need.plan.shard_size}});
  }
  return out;
}

}  // namespace assay
