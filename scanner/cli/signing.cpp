#include "scanner/cli/signing.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/text.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/trust.h"

namespace assay::cli {
namespace {

namespace fs = std::filesystem;
using provenance::Certificate;
using provenance::PrivateKey;

constexpr std::size_t kMaxKeyFile = 1U << 20;

std::optional<PrivateKey> read_key(const std::string& name, const std::string& password_file) {
  const auto pem = read_named(name, kMaxKeyFile);
  if (!pem) return std::nullopt;
  std::optional<std::string> password;
  if (!password_file.empty()) {
    password = read_named(password_file, kMaxKeyFile);
    if (!password) return std::nullopt;
    password->resize(std::min(password->find('\n'), password->size()));
  }
  auto key = PrivateKey::from_pem(as_bytes(*pem), password);
  if (key) return std::move(*key);
  complain(name + ": " + key.error().message, 0);
  return std::nullopt;
}

std::optional<std::vector<Certificate>> read_chain(const std::vector<std::string>& names) {
  std::vector<Certificate> chain;
  for (const std::string& name : names) {
    const auto pem = read_named(name, Certificate::kMaxPemSize);
    if (!pem) return std::nullopt;
    const auto certificates = Certificate::from_pem(as_bytes(*pem));
    if (!certificates) {
      complain(name + ": " + certificates.error().message, 0);
      return std::nullopt;
    }
    chain.insert(chain.end(), certificates->begin(), certificates->end());
  }
  return chain;
}

}  // namespace

std::optional<SigningKey> read_signing_key(const std::string& private_key,
                                           const std::string& password_file,
                                           const std::vector<std::string>& chain) {
  auto key = read_key(private_key, password_file);
  auto certificates = read_chain(chain);
  if (!key || !certificates) return std::nullopt;
  return SigningKey{std::move(*key), std::move(*certificates)};
}

bool write_whole(const std::string& path, const std::string& text) {
  const std::string part = path + ".part";
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  std::error_code error;
  if (out) fs::rename(part, path, error);
  if (out && !error) return true;
  fs::remove(part, error);
  return false;
}

}  // namespace assay::cli
