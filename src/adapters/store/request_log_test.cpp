#include "adapters/store/request_log.h"

#include <gtest/gtest.h>

#include "adapters/store/test_files.h"

namespace arbees {
namespace {

const Timestamp kNow = from_unix_s(1'769'710'079);

std::unique_ptr<RequestLog> open(const std::string& path, Timestamp now = kNow) {
  auto log = RequestLog::open(path, now);
  EXPECT_TRUE(log) << (log ? "" : log.error());
  return log ? std::move(*log) : nullptr;
}

TEST(RequestLog, RemembersRequestsAndAnswersAcrossRestarts) {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("requests.sqlite");
  {
    const auto log = open(path);
    EXPECT_FALSE(log->find("k1", "r1"));
    EXPECT_TRUE(log->begin({"k1", "r1", 7, "", ""}, kNow));
    EXPECT_TRUE(log->begin({"k2", "r2", 8, "", ""}, kNow));
    EXPECT_FALSE(log->begin({"k1", "r9", 9, "", ""}, kNow)) << "a key is begun once";
    EXPECT_TRUE(log->answer("k1", "executed", "{\"a\":1}"));
    EXPECT_FALSE(log->answer("nobody", "executed", "{}"));
  }
  const auto log = open(path);
  const auto by_key = log->find("k1", "another");
  ASSERT_TRUE(by_key);
  EXPECT_EQ(by_key->request_id, "r1");
  EXPECT_EQ(by_key->request, 7U);
  EXPECT_EQ(by_key->kind, "executed");
  EXPECT_EQ(by_key->answer, "{\"a\":1}");
  EXPECT_EQ(log->find("another", "r2")->key, "k2");
  const auto open_requests = log->unanswered();
  ASSERT_EQ(open_requests.size(), 1U);
  EXPECT_EQ(open_requests[0].key, "k2");
}

TEST(RequestLog, ForgetsAfterItsTime) {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("requests.sqlite");
  EXPECT_TRUE(open(path)->begin({"k1", "r1", 7, "", ""}, kNow));
  EXPECT_TRUE(open(path, kNow + RequestLog::kMemory)->find("k1", ""));
  EXPECT_FALSE(open(path, kNow + RequestLog::kMemory + std::chrono::seconds(1))->find("k1", ""));
}

TEST(RequestLog, AFileThatIsNoDatabaseIsAnError) { EXPECT_FALSE(RequestLog::open("/proc/version", kNow)); }

}  // namespace
}  // namespace arbees
