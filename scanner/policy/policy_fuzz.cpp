#include "scanner/policy/lock.h"
#include "scanner/policy/policy.h"
#include "tests/support/fuzz_properties.h"

// Reading twice comes to the same; a lock that was read is written so that it reads back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  using assay::test::require;
  const std::string_view text = as_text(test::input(data, size));
  const auto policy = policy::read_policy(text);
  const auto again = policy::read_policy(text);
  require(policy.has_value() == again.has_value(), "a policy is read alike twice");
  if (!policy) {
    require(policy.error().message == again.error().message, "and refused for one reason");
    require(!policy.error().message.empty(), "a refusal says why");
  } else {
    require(policy->provenance.size() == again->provenance.size(), "with the same entries");
    (void)policy::known_signers(*policy, "a/b");
  }
  const auto lock = policy::read_lock(text);
  if (!lock) return 0;
  const std::string written = policy::write_lock(*lock);
  if (written.size() > policy::kMaxTomlSize) return 0;
  const auto read_back = policy::read_lock(written);
  require(read_back.has_value(),
          "what is written can be read: " + (read_back ? "" : read_back.error().message));
  require(*read_back == *lock, "and is the same lock");
  require(policy::write_lock(*read_back) == written, "written the same");
  return 0;
}
