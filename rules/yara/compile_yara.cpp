// compile_yara OUTPUT NAME.yar...: compiles rule files into one image, for the
// build. An error or a warning (a slow rule) fails the build.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "rules/yara/libyara.h"

namespace {

using assay::libyara::Source;

std::vector<Source> read_sources(int count, char** paths) {
  std::vector<Source> sources;
  for (int i = 0; i < count; ++i) {
    const std::string path = paths[i];
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    sources.push_back({path.substr(path.rfind('/') + 1), std::move(text)});
  }
  return sources;
}

bool write(const char* path, const std::vector<std::byte>& bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  return out.flush().good();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 4;
  const std::vector<Source> sources = read_sources(argc - 2, argv + 2);
  const auto rules = assay::libyara::compile(sources, assay::libyara::Warnings::fail);
  if (!rules) {
    std::fprintf(stderr, "%s\n", rules.error().message.c_str());
    return 1;
  }
  const auto image = rules->image();
  return image && write(argv[1], *image) ? 0 : 1;
}
