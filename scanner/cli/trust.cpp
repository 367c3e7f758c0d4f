#include "scanner/cli/trust.h"

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "core/text.h"
#include "scanner/cli/commands.h"
#include "scanner/file_source.h"
#include "scanner/source_files.h"

namespace assay::cli {
namespace {

constexpr std::size_t kMaxTrustFile = 16U << 20;

// True when there was nothing to read, or it was read.
bool read_into(const std::string& name, std::string& content) {
  if (name.empty()) return true;
  auto text = read_named(name, kMaxTrustFile);
  if (!text) return false;
  content += *text;
  // An empty file must not mean that none was given.
  if (text->empty()) content += '\n';
  return true;
}

}  // namespace

std::optional<std::string> read_named(const std::string& name, std::size_t limit) {
  const auto opened = open_file({.report_path = name, .system_path = name});
  if (!opened) {
    complain(name + ": " + opened.error().message, 0);
    return std::nullopt;
  }
  FileSource file(FileDescriptor(dup(opened->get())));
  if (file.size() > limit) {
    complain(name + ": larger than is read", 0);
    return std::nullopt;
  }
  return std::string(as_text(read_bytes(file, 0, file.size())));
}

std::optional<VerifyRequest> trust_of(const TrustOptions& options) {
  VerifyRequest request;
  bool is_read = read_into(options.public_key, request.public_key) &&
                 read_into(options.trusted_root, request.trusted_root) &&
                 read_into(options.revocations, request.revocations) &&
                 read_into(options.allowed_signers, request.allowed_signers) &&
                 read_into(options.openpgp_keys, request.openpgp_keys);
  for (const std::string& anchors : options.anchors) {
    is_read = is_read && read_into(anchors, request.anchors);
  }
  if (!is_read) return std::nullopt;
  if (!options.identity.empty() || !options.issuer.empty()) {
    request.expected = ExpectedIdentity{options.identity, options.issuer};
  }
  request.ignore_paths = options.ignore_paths;
  request.ignore_git = options.ignore_git;
  request.ignore_unsigned = options.ignore_unsigned;
  request.strict = options.strict;
  request.legacy = options.legacy;
  request.now = current_seconds();
  return request;
}

std::optional<ExpectedIdentity> required_signer(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size()) return std::nullopt;
  return ExpectedIdentity{std::string(text.substr(0, at)), std::string(text.substr(at + 1))};
}

std::int64_t current_seconds() {
  if (const char* text = std::getenv("SOURCE_DATE_EPOCH")) {
    std::int64_t seconds = 0;
    const char* const end = text + std::strlen(text);
    const auto [stop, error] = std::from_chars(text, end, seconds);
    if (error == std::errc{} && stop == end) return seconds;
  }
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace assay::cli
