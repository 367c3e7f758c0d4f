#include "provenance/sigstore/signed_entry_timestamp.h"

#include <catch2/catch.hpp>

#include "provenance/sigstore/bundle_maker.h"

using namespace assay;
using namespace assay::provenance;
using namespace assay::provenance::testing;

TEST_CASE("a promise holds for its body, time, log and index, and for no other") {
  const Log log;
  LogEntry entry;
  entry.log_id = log.trusted().id;
  entry.log_index = 1234;
  entry.integrated_time = 1'700'000'000;
  entry.canonicalized_body = ByteString(10, std::byte{0xfb});
  entry.signed_entry_timestamp = log.promise(entry);
  const PublicKey key = log.trusted().key;

  const auto changed = [&](auto change) {
    LogEntry other = entry;
    change(other);
    return is_promised_by(other, key);
  };
  CHECK_FALSE(changed([](LogEntry& other) { other.log_index = 1235; }));
  CHECK_FALSE(changed([](LogEntry& other) { other.integrated_time = 0; }));
  CHECK_FALSE(changed([](LogEntry& other) { other.log_id[0] ^= std::byte{1}; }));
  CHECK_FALSE(changed([](LogEntry& other) { other.canonicalized_body[0] ^= std::byte{1}; }));
  CHECK_FALSE(changed([](LogEntry& other) { other.signed_entry_timestamp[9] ^= std::byte{1}; }));
  CHECK_FALSE(changed([](LogEntry& other) { other.signed_entry_timestamp.clear(); }));
  CHECK_FALSE(is_promised_by(entry, Log().trusted().key));
  CHECK(is_promised_by(entry, key));
}
