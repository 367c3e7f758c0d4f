#include "scanner/policy/lock.h"

#include <algorithm>
#include <array>
#include <utility>

#include "scanner/policy/table_reader.h"

namespace assay::policy {
namespace {

constexpr std::string_view kHeader =
    "# Who signed what when it was first seen. Written by assay scan --lock FILE\n"
    "# --update-lock; keep it under version control.\n"
    "version = 1\n";

struct TextField {
  std::string_view key;
  std::string Pin::* member;
  bool required;
};

// In the order they are written in.
constexpr std::array<TextField, 8> kFields{{{"repository", &Pin::repository, false},
                                            {"path", &Pin::path, true},
                                            {"kind", &Pin::kind, true},
                                            {"method", &Pin::method, true},
                                            {"identity", &Pin::identity, false},
                                            {"issuer", &Pin::issuer, false},
                                            {"fingerprint", &Pin::fingerprint, false},
                                            {"root_digest", &Pin::root_digest, false}}};

Pin read_pin(TableReader& in) {
  Pin pin;
  for (const TextField& field : kFields) {
    pin.*field.member = field.required ? in.required_text(field.key) : in.text(field.key);
  }
  if (!in.has("first_seen")) in.complain("[[pin]] has no 'first_seen': a date");
  pin.first_seen = in.date("first_seen").value_or(Date{});
  const bool by_identity = !pin.identity.empty() && !pin.issuer.empty();
  if (by_identity == !pin.fingerprint.empty() || pin.identity.empty() != pin.issuer.empty()) {
    in.complain("[[pin]] expected either 'identity' with 'issuer', or 'fingerprint'");
  }
  in.finish();
  return pin;
}

}  // namespace

Parsed<Lock> read_lock(std::string_view text) {
  const auto document = parse_toml(text);
  if (!document) return std::unexpected(document.error());
  TableReader in(*document, "the lock");
  if (!in.has("version")) in.complain("the lock has no 'version'; expected version = 1");
  in.integer("version", 1, 1);
  Lock lock;
  for (TableReader& pin : in.tables("pin", kMaxPins)) {
    lock.pins.push_back(read_pin(pin));
    in.adopt(pin);
  }
  in.finish();
  if (in.error()) return std::unexpected(*in.error());
  std::ranges::sort(lock.pins);
  lock.pins.erase(std::ranges::unique(lock.pins).begin(), lock.pins.end());
  return lock;
}

std::string write_lock(const Lock& lock) {
  std::string out(kHeader);
  for (const Pin& pin : lock.pins) {
    out += "\n[[pin]]\n";
    for (const TextField& field : kFields) {
      const std::string& text = pin.*field.member;
      if (!text.empty()) out += std::string(field.key) + " = " + toml_string(text) + "\n";
    }
    out += "first_seen = " + to_string(pin.first_seen) + "\n";
  }
  return out;
}

}  // namespace assay::policy
