// What the ledger has committed is there after the process was killed, and nothing of it is half there.

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>

#include "adapters/store/ledger_check.h"
#include "adapters/store/ledger_test_reports.h"
#include "adapters/store/test_files.h"

namespace arbees {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the short words of these tests
using testing::IsEmpty;

std::vector<Report> random_reports(std::uint64_t seed, LedgerModel& model) {
  RandomSession session(seed);
  for (int i = 0; i < 80; ++i) {
    session.add_order();
    if (i % 9 == 8) session.settle_one();
  }
  model = session.model;
  return session.reports;
}

// Records and commits; tells through the pipe how many reports are committed, after each commit.
[[noreturn]] void write_until_killed(const std::string& path, const std::vector<Report>& reports, int pipe,
                                     std::uint64_t seed) {
  auto ledger = Ledger::open(path, Ledger::Durability::Normal);
  if (!ledger || !(*ledger)->begin_session(kSession, "paper", kStart)) ::_exit(3);
  Random random(seed);
  for (std::uint32_t done = 0; done < reports.size();) {
    if (!(*ledger)->record(reports[done++])) ::_exit(4);
    if (!random.chance(1, 4)) continue;
    if (!(*ledger)->commit()) ::_exit(5);
    if (::write(pipe, &done, sizeof(done)) != sizeof(done)) ::_exit(6);
  }
  for (;;) ::pause();  // everything is recorded; wait to be killed
}

// Lets a child write until it has told of `commits` commits, then kills it. The reports known to be committed.
std::uint32_t write_and_kill(const std::string& path, const std::vector<Report>& reports, std::uint64_t seed,
                             std::uint64_t commits) {
  int ends[2] = {-1, -1};
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) write_until_killed(path, reports, ends[1], seed);
  ::close(ends[1]);
  std::uint32_t committed = 0;
  for (std::uint64_t i = 0; i < commits; ++i) {
    if (::read(ends[0], &committed, sizeof(committed)) != sizeof(committed)) break;
  }
  ::kill(child, SIGKILL);
  // What it committed before the signal came counts too.
  while (::read(ends[0], &committed, sizeof(committed)) == sizeof(committed)) continue;
  ::close(ends[0]);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;
  return committed;
}

std::size_t fills_in(const std::vector<Report>& reports, std::size_t count) {
  std::set<std::uint64_t> fills;
  for (std::size_t i = 0; i < count; ++i) {
    const auto* const filled = std::get_if<OrderFilled>(&reports[i].body);
    if (filled != nullptr) fills.insert(filled->venue_fill_id);
  }
  return fills.size();
}

TEST(LedgerCrash, AKilledProcessLosesNothingItHadCommitted) {
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const TemporaryFolder folder;
    const std::string path = folder.file("ledger.sqlite");
    LedgerModel model;
    const std::vector<Report> reports = random_reports(seed, model);
    Random random(seed);
    const std::uint32_t committed = write_and_kill(path, reports, seed, 1 + random.below(40));

    const auto after_crash = read_ledger(path);
    ASSERT_TRUE(after_crash.has_value()) << after_crash.error();
    EXPECT_GE(after_crash->fills.size(), fills_in(reports, committed));
    for (const std::string& problem : audit_ledger(*after_crash).problems) ADD_FAILURE() << problem;

    // The next process goes on: told everything again, it ends where an undisturbed one would have.
    auto ledger = Ledger::open(path, Ledger::Durability::Normal);
    ASSERT_TRUE(ledger.has_value()) << ledger.error();
    ASSERT_TRUE((*ledger)->begin_session(kSession, "paper", kStart));
    for (const Report& report : reports) ASSERT_TRUE((*ledger)->record(report));
    ASSERT_TRUE((*ledger)->commit());
    const auto healed = read_ledger(path);
    ASSERT_TRUE(healed.has_value());
    EXPECT_EQ(healed->fills.size(), model.fills);
    EXPECT_EQ(healed->ignored_duplicates, model.duplicates);
    const LedgerAudit audit = audit_ledger(*healed);
    EXPECT_THAT(audit.problems, IsEmpty());
    for (const auto& [venue, units] : model.cash) {
      EXPECT_EQ(audit.cash.at(std::string(venue_name(venue))), Money::from_units(units));
    }
  }
}

}  // namespace
}  // namespace arbees
