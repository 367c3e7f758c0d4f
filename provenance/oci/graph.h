#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "provenance/evidence.h"
#include "provenance/oci/document.h"
#include "provenance/oci/layout.h"

// What leads to what in a layout.
namespace assay::provenance::oci {

// One blob that something leads to.
struct Node {
  Descriptor first;  // the first descriptor that led to it
  const BlobFile* file = nullptr;
  std::optional<Document> document;
  Checks checks;  // what is wrong with it, if anything
  CoverageState state = CoverageState::covered;
};

class Graph {
 public:
  // Follows index.json as far as contents are there; what else is wanted is in needed().
  explicit Graph(const LayoutFiles& files);

  const std::map<std::string, Node>& nodes() const { return nodes_; }
  const Node* find(std::string_view digest) const;
  // The content of a blob that was asked for; nothing, and asked for, when it is not here.
  std::optional<Bytes> content(const std::string& digest, std::uint64_t max_size);

  const std::vector<Descriptor>& roots() const { return roots_; }
  const std::set<std::string>& needed() const { return needed_; }
  // Of the layout as such, and of files that are no blobs.
  const Checks& checks() const { return checks_; }
  std::vector<Coverage> extra() const;

  // All that the blob leads to, itself included. A `subject` is not led to.
  std::vector<const Node*> reachable(const std::string& digest) const;

 private:
  struct Step {
    std::string digest;
    std::size_t depth = 0;
  };

  void check_marker(const LayoutFiles& files);
  void read_index(const LayoutFiles& files);
  void check_tags();
  void follow(const Descriptor& descriptor, std::size_t depth, bool may_be_document);
  void follow_document(const Descriptor& descriptor, std::size_t depth, Node& node);
  void open(const Step& step);
  void check_file(Node& node) const;
  void over(std::string message);

  std::map<std::string, const BlobFile*, std::less<>> files_;
  std::vector<std::string> no_blobs_;
  std::map<std::string, Node> nodes_;
  std::vector<Step> open_;
  std::vector<Descriptor> roots_;
  std::set<std::string> needed_;
  std::set<std::string> queued_;   // digests of documents
  std::set<std::string> counted_;  // digests whose content counts
  std::uint64_t asked_size_ = 0;
  std::size_t descriptors_ = 0;
  std::size_t documents_ = 0;
  Checks checks_;
};

}  // namespace assay::provenance::oci
