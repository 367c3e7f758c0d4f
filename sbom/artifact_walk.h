#pragma once

#include <cstddef>
#include <vector>

#include "core/artifact.h"

namespace assay::sbom {

// Visits `root` and everything inside it, without recursion: `enter` before and
// `leave` after an artifact's members. When `enter` returns false, the members
// are passed over; `leave` is called all the same.
template <typename Enter, typename Leave>
void walk(const Artifact& root, Enter enter, Leave leave) {
  struct Level {
    const Artifact* artifact;
    std::size_t next;
  };
  const auto first_member = [&](const Artifact& artifact) {
    return enter(artifact) ? std::size_t{0} : artifact.members.size();
  };
  std::vector<Level> stack{{&root, first_member(root)}};
  while (!stack.empty()) {
    Level& top = stack.back();
    if (top.next == top.artifact->members.size()) {
      leave(*top.artifact);
      stack.pop_back();
      continue;
    }
    const Artifact& member = top.artifact->members[top.next++];
    stack.push_back({&member, first_member(member)});
  }
}

}  // namespace assay::sbom
