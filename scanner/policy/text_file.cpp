#include "scanner/policy/text_file.h"

#include "core/text.h"
#include "scanner/file_source.h"
#include "scanner/source_files.h"

namespace assay::policy {

Parsed<std::string> read_text_file(const std::string& name, std::size_t limit) {
  auto opened = open_file({.report_path = name, .system_path = name});
  if (!opened) return fail(opened.error().code, 0, escaped(name) + ": " + opened.error().message);
  FileSource file(std::move(*opened));
  if (file.size() > limit) {
    return fail(ParseErrc::over_budget, 0,
                escaped(name) + ": larger than " + std::to_string(limit) + " bytes");
  }
  std::string text(as_text(read_bytes(file, 0, file.size())));
  if (file.error()) return std::unexpected(*file.error());
  return text;
}

}  // namespace assay::policy
