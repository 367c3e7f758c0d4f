#pragma once

#include <cstddef>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "core/bytes.h"

namespace assay::test {

// Calls `show` with the bytes of each file that a line of standard input names,
// behind a line "file NAME".
template <typename Show>
int for_each_listed_file(Show show) {
  std::ios::sync_with_stdio(false);
  std::string name;
  while (std::getline(std::cin, name)) {
    std::ifstream file(name, std::ios::binary);
    if (!file) {
      std::cerr << "cannot read " << name << '\n';
      return 1;
    }
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::cout << "file\t" << name << '\n';
    show(as_bytes(text));
  }
  return 0;
}

}  // namespace assay::test
