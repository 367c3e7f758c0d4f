#pragma once

#include <zlib.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/text.h"
#include "provenance/git/clone.h"
#include "provenance/git/object_id.h"

// Repositories for tests, in memory.
namespace assay::provenance::git::testing {

inline std::string deflated(std::string_view content) {
  std::string out(compressBound(content.size()), '\0');
  uLongf size = out.size();
  compress(reinterpret_cast<Bytef*>(out.data()), &size,
           reinterpret_cast<const Bytef*>(content.data()), content.size());
  out.resize(size);
  return out;
}

inline std::string raw_id(std::string_view id) { return std::string(as_text(*from_hex(id))); }

inline std::string big_endian(std::uint32_t value) {
  return {static_cast<char>(value >> 24U), static_cast<char>(value >> 16U),
          static_cast<char>(value >> 8U), static_cast<char>(value)};
}

struct Repository {
  std::map<std::string, std::string> files;  // below .git

  std::string add_loose(std::string_view type, std::string_view content) {
    const std::string id = object_id(type, as_bytes(content));
    std::string text = std::string(type) + " " + std::to_string(content.size());
    text += '\0';
    files["objects/" + id.substr(0, 2) + "/" + id.substr(2)] =
        deflated(text + std::string(content));
    return id;
  }

  // `headers` stand behind the committer.
  std::string add_commit(const std::string& tree, const std::string& headers = "") {
    const std::string id = add_loose("commit", "tree " + tree +
                                                   "\nauthor A <a@b> 1700000000 +0000\ncommitter A "
                                                   "<a@b> 1700000000 +0000\n" +
                                                   headers + "\nmessage\n");
    files["HEAD"] = "ref: refs/heads/main\n";
    files["refs/heads/main"] = id + "\n";
    return id;
  }

  // A pack of entries that are ready to be stored, each by its id.
  void add_pack(const std::vector<std::pair<std::string, std::string>>& entries) {
    std::string pack =
        "PACK" + big_endian(2) + big_endian(static_cast<std::uint32_t>(entries.size()));
    std::map<std::string, std::uint32_t> offsets;
    for (const auto& [id, stored] : entries) {
      offsets[raw_id(id)] = static_cast<std::uint32_t>(pack.size());
      pack += stored;
    }
    files["objects/pack/pack-1.pack"] = pack + std::string(20, '\0');
    std::string index = "\377tOc" + big_endian(2);
    for (unsigned byte = 0; byte < 256; ++byte) {
      std::uint32_t count = 0;
      for (const auto& [id, offset] : offsets) count += static_cast<unsigned char>(id[0]) <= byte;
      index += big_endian(count);
    }
    std::string crcs, places;
    for (const auto& [id, offset] : offsets) {
      index += id;
      crcs += big_endian(0);
      places += big_endian(offset);
    }
    files["objects/pack/pack-1.idx"] = index + crcs + places + std::string(40, '\0');
  }

  // The first byte of an entry, for sizes below 16.
  static std::string head(unsigned type, std::size_t size) {
    return {static_cast<char>(type << 4U | (size & 0xFU))};
  }

  // As answered() says.
  CloneAnswer check(const std::vector<WorkFile>& work = {}, std::size_t* rounds = nullptr) const;
};

// Answers `check` of the repository whatever it asks for until that is nothing; how often,
// in `rounds`.
inline CloneAnswer answered(CloneCheck check, const Repository& repository,
                            const std::vector<WorkFile>& work, std::size_t* rounds = nullptr) {
  for (const auto& [path, content] : repository.files) {
    check.store.push_back({path, content.size()});
  }
  for (std::size_t round = 0;; ++round) {
    CloneAnswer answer = check_clone(check, work);
    if (rounds) *rounds = round;
    if (answer.needs.empty() || round > 100) return answer;
    for (const StoreNeed& need : answer.needs) {
      check.parts.push_back(
          {need.path, need.offset, repository.files.at(need.path).substr(need.offset, need.size)});
    }
  }
}

inline CloneAnswer Repository::check(const std::vector<WorkFile>& work, std::size_t* rounds) const {
  return answered({.now = 2'000'000'000}, *this, work, rounds);
}

inline std::string entry(std::string_view mode, std::string_view name, std::string_view id) {
  std::string text = std::string(mode) + " " + std::string(name);
  text += '\0';
  return text + raw_id(id);
}

}  // namespace assay::provenance::git::testing
