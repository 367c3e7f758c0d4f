#include <set>

#include "core/byte_reader.h"
#include "core/text.h"
#include "provenance/git/clone.h"
#include "provenance/git/delta.h"
#include "provenance/git/pack_builder.h"
#include "tests/support/fuzz_properties.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::git;
using namespace assay::provenance::git::testing;

namespace {

// A repository out of records (what, two bytes of size, content), whose objects have the
// ids that they should, so that mutations come further than to the comparison of ids.
class Maker {
 public:
  explicit Maker(Bytes input) {
    ByteReader in{input};
    while (in.remaining() > 3) {
      const unsigned what = in.u8();
      const auto size = std::min<std::uint64_t>(in.le<std::uint16_t>(), in.remaining());
      add(what, std::string(as_text(in.take(size))));
    }
    pack_.write(repository_, "pack-1", form_);
    repository_.add_commit(tree_, "gpgsig nobody\n");
    for (const auto& [path, content] : raw_) repository_.files[path] = content;
  }

  const Repository& repository() const { return repository_; }
  const std::vector<WorkFile>& work() const { return work_; }
  const std::set<std::string>& contents() const { return contents_; }

 private:
  void add(unsigned what, const std::string& content) {
    switch (what % 8) {
      case 0:
        return note(repository_.add_loose("blob", content), content);
      case 1:
        tree_ = repository_.add_loose("tree", with_ids(content));
        return note(tree_, with_ids(content));
      case 2:
        return note_packed(pack_.add_blob(content), content);
      case 3:
        tree_ = pack_.add(2, "tree", with_ids(content));
        return note_packed(tree_, with_ids(content));
      case 4:
        return add_delta(what, content);
      case 5:
        return add_raw(what, content);
      case 6:
        form_ = static_cast<IndexForm>(content.size() % 3);
        return;
      default:
        return add_work(what, content);
    }
  }

  // What would be an id in a tree becomes that of an object that is there.
  std::string with_ids(std::string tree) const {
    if (ids_.empty()) return tree;
    for (auto end = tree.find('\0'); end < tree.size() && tree.size() - end > 20;
         end = tree.find('\0', end + 21)) {
      const auto index = static_cast<unsigned char>(tree[end + 1]);
      if (index < 0xF0) tree.replace(end + 1, 20, raw_id(ids_[index % ids_.size()]));
    }
    return tree;
  }

  void note(const std::string& id, const std::string& content) {
    ids_.push_back(id);
    contents_.insert(id);
    if (const auto pointer = parse_lfs_pointer(content)) contents_.insert(pointer->sha256);
  }

  void note_packed(const std::string& id, const std::string& content) {
    packed_.emplace_back(id, content);
    note(id, content);
  }

  void add_delta(unsigned what, const std::string& delta) {
    if (packed_.empty()) return;
    const auto [base, content] = packed_[what / 16 % packed_.size()];
    const auto made = apply_delta(as_bytes(content), as_bytes(delta), 1U << 16);
    const std::string result = made ? std::string(as_text(*made)) : "";
    const std::string id = object_id("blob", as_bytes(result));
    if ((what & 8U) != 0) {
      pack_.add_delta_by_id(id, base, delta);
    } else {
      pack_.add_delta(id, base, delta);
    }
    note_packed(id, result);
  }

  // In the place of what was made.
  void add_raw(unsigned what, const std::string& content) {
    constexpr std::array<const char*, 8> kPaths{
        "HEAD", "refs/heads/main", "packed-refs",        "objects/pack/pack-1.idx",
        ".git", "commondir",       "objects/pack/2.idx", "objects/pack/pack-1.pack"};
    raw_[kPaths[what / 8 % kPaths.size()]] = content;
  }

  void add_work(unsigned what, const std::string& text) {
    const auto end = std::min(text.find('\0'), text.size());
    const std::string content = text.substr(std::min(end + 1, text.size()));
    WorkFile file = work_file(text.substr(0, end), as_bytes(content));
    if ((what & 8U) != 0) file.link_target = content;
    file.followed_link = (what & 16U) != 0;
    if ((what & 32U) != 0) file.blob_id.clear();
    work_.push_back(std::move(file));
  }

  Repository repository_;
  PackBuilder pack_;
  IndexForm form_ = IndexForm::v2;
  std::string tree_ = std::string(40, 'a');
  std::vector<std::string> ids_;
  std::vector<std::pair<std::string, std::string>> packed_;  // id, content
  std::map<std::string, std::string> raw_;
  std::vector<WorkFile> work_;
  std::set<std::string> contents_;  // ids and digests that any tree can vouch for
};

// With everything at hand from the start.
CloneAnswer at_once(const Repository& repository, const std::vector<WorkFile>& work) {
  CloneCheck check{.now = 2'000'000'000};
  for (const auto& [path, content] : repository.files) {
    check.store.push_back({path, content.size()});
    check.parts.push_back({path, 0, content});
  }
  return check_clone(check, work);
}

}  // namespace

// Read by and by a clone says what it says at once, and calls covered only what it has.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Maker maker(test::input(data, size));
  const CloneAnswer answer = at_once(maker.repository(), maker.work());
  test::require(answer.needs.empty(), "everything was at hand");
  const CloneAnswer by_and_by = answered({.now = 2'000'000'000}, maker.repository(), maker.work());
  test::require(by_and_by.needs.empty(), "it ends");
  test::require(by_and_by.evidence == answer.evidence, "read by and by it says the same");
  test::require(answer.evidence.state() != "verified", "no key was given");
  const auto& coverage = answer.evidence.coverage;
  test::require(std::ranges::adjacent_find(coverage, std::ranges::greater_equal{},
                                           &Coverage::path) == coverage.end(),
                "paths are in order and once each");
  for (const Coverage& file : coverage) {
    if (file.state != CoverageState::covered) continue;
    // Of two work files by one name the last counts.
    const auto found =
        std::ranges::find_if(maker.work().rbegin(), maker.work().rend(),
                             [&](const WorkFile& one) { return one.path == file.path; });
    test::require(found != maker.work().rend(), "what is covered is there");
    const std::string blob =
        found->link_target ? object_id("blob", as_bytes(*found->link_target)) : found->blob_id;
    test::require(maker.contents().contains(blob) || maker.contents().contains(found->sha256),
                  "what is covered is in the repository");
  }
  return 0;
}
