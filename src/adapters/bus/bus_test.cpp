// Publishers and subscribers over real sockets: ipc in a folder of the test, and loopback with keys.

#include <gtest/gtest.h>
#include <cstdlib>
#include <filesystem>

#include "adapters/bus/intake.h"
#include "adapters/bus/publisher.h"
#include "adapters/bus/sequence_watch.h"
#include "adapters/bus/subscriber.h"
#include "tests/support/raw_socket.h"

namespace arbees::bus {
namespace {

// Nothing here waits so long, unless it has failed.
constexpr Duration kPatience = std::chrono::seconds(20);

class Bus : public ::testing::Test {
 protected:
  Bus() {
    char name[] = "/tmp/arbees-bus-XXXXXX";
    folder_ = ::mkdtemp(name);
  }
  ~Bus() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] Endpoint at(const std::string& name) const {
    return *parse_endpoint("ipc://" + folder_ + "/" + name, "");
  }
  [[nodiscard]] std::unique_ptr<Publisher> publisher(const PublisherOptions& options) {
    auto made = Publisher::bind(context_, options);
    EXPECT_TRUE(made) << (made ? "" : made.error());
    return made ? std::move(*made) : nullptr;
  }
  [[nodiscard]] std::unique_ptr<Subscriber> subscriber(const SubscriberOptions& options) {
    auto made = Subscriber::connect(context_, options);
    EXPECT_TRUE(made) << (made ? "" : made.error());
    return made ? std::move(*made) : nullptr;
  }
  // A subscriber sends its subscriptions, also again to a publisher that came back, from inside its calls.
  static void await(Publisher& publisher, Subscriber& subscriber) {
    const Timestamp end = net::IoLoop::now() + kPatience;
    while (!publisher.take_new_subscribers() && net::IoLoop::now() < end) {
      EXPECT_EQ(subscriber.receive(std::chrono::milliseconds(1), [](BusFrame&&) {}), 0U);
    }
  }
  static std::vector<BusFrame> receive(Subscriber& subscriber, std::size_t count) {
    std::vector<BusFrame> frames;
    const Timestamp end = net::IoLoop::now() + kPatience;
    while (frames.size() < count && net::IoLoop::now() < end) {
      subscriber.receive(std::chrono::milliseconds(100), [&](BusFrame&& frame) { frames.push_back(std::move(frame)); });
    }
    EXPECT_EQ(frames.size(), count);
    return frames;
  }

  std::string folder_;
  BusContext context_;
  Timestamp now_ = from_unix_ms(1'700'000'000'123);
};

TEST_F(Bus, CarriesNumberedMessagesOfTheTopicsAskedFor) {
  const auto sender = publisher({at("a"), {}});
  const auto receiver = subscriber({{at("a")}, {"prices.kalshi."}, {}});
  await(*sender, *receiver);
  EXPECT_TRUE(sender->publish("prices.kalshi.X", "kalshi_monitor", "{\"a\":1}", now_));
  EXPECT_TRUE(sender->publish("prices.poly.Y", "kalshi_monitor", "{}", now_));
  EXPECT_TRUE(sender->publish("prices.kalshi.X", "kalshi_monitor", "{\"a\":2}", now_));
  const auto frames = receive(*receiver, 2);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].topic, "prices.kalshi.X");
  EXPECT_EQ(frames[0].body,
            R"({"seq":1,"topic_seq":1,"timestamp_ms":1700000000123,"source":"kalshi_monitor","payload":{"a":1}})");
  EXPECT_EQ(frames[1].body,
            R"({"seq":3,"topic_seq":2,"timestamp_ms":1700000000123,"source":"kalshi_monitor","payload":{"a":2}})");
}

TEST_F(Bus, TellsWhichPublisherSentWhat) {
  const auto first = publisher({at("a"), {}});
  const auto second = publisher({at("b"), {}});
  const auto receiver = subscriber({{at("a"), at("b")}, {""}, {}});
  await(*first, *receiver);
  await(*second, *receiver);
  first->publish("same", "x", "{\"of\":0}", now_);
  second->publish("same", "x", "{\"of\":1}", now_);
  for (const BusFrame& frame : receive(*receiver, 2)) {
    EXPECT_NE(frame.body.find("\"of\":" + std::to_string(frame.publisher)), std::string::npos);
  }
}

TEST_F(Bus, ASubscriberFindsAPublisherThatStartsLaterOrAgain) {
  const auto receiver = subscriber({{at("a")}, {""}, {}});
  SequenceWatch watch;
  for (int life = 0; life < 2; ++life) {
    // Only the end of its context says that a publisher's address is free again.
    BusContext context;
    const auto made = Publisher::bind(context, {at("a"), {}});
    ASSERT_TRUE(made) << made.error();
    const std::unique_ptr<Publisher>& sender = *made;
    await(*sender, *receiver);
    const Timestamp later = now_ + std::chrono::seconds(life);
    for (int i = 0; i < 3; ++i) sender->publish("t", "x", "{}", later);
    for (const BusFrame& frame : receive(*receiver, 3)) watch.on(frame.topic, *decode_envelope(frame.body));
  }
  EXPECT_EQ(watch.counts().restarts, 1U);
  EXPECT_EQ(watch.counts().gaps, 0U);
}

TEST_F(Bus, OnlyTheSlowSubscriberLosesMessagesAndItIsCounted) {
  PublisherOptions options{at("a"), {}};
  options.high_water = 10;
  const auto sender = publisher(options);
  SubscriberOptions slow{{at("a")}, {""}, {}};
  slow.high_water = 10;
  const auto sleeper = subscriber(slow);
  await(*sender, *sleeper);
  const auto reader = subscriber({{at("a")}, {""}, {}});
  await(*sender, *reader);
  // More than both queues and the kernel's buffers hold; the reader takes each one before the next is sent.
  const std::string payload = "{\"filler\":\"" + std::string(60'000, 'x') + "\"}";
  constexpr std::uint64_t kMessages = 300;
  SequenceWatch watch;
  for (std::uint64_t i = 0; i < kMessages; ++i) {
    sender->publish("t", "x", payload, now_);
    for (const BusFrame& frame : receive(*reader, 1)) watch.on(frame.topic, *decode_envelope(frame.body));
  }
  EXPECT_EQ(watch.counts().messages, kMessages);
  EXPECT_EQ(watch.counts().missed, 0U);
  EXPECT_GT(sender->counts().slow, 0U);
  EXPECT_EQ(sender->counts().sent, kMessages);
}

TEST_F(Bus, RefusesWhatIsNoMessage) {
  const auto sender = publisher({at("a"), {}});
  EXPECT_FALSE(sender->publish("with space", "x", "{}", now_));
  EXPECT_FALSE(sender->publish("", "x", "{}", now_));
  EXPECT_FALSE(sender->publish("t", "x", std::string(70'000, ' '), now_));
  EXPECT_EQ(sender->counts().refused, 3U);
  EXPECT_EQ(sender->counts().sent, 0U);
}

TEST_F(Bus, AnAddressInUseIsAnErrorWithItsName) {
  const arbees::testing::RawListener other;
  const std::string address = "tcp://127.0.0.1:" + std::to_string(other.port());
  const auto refused = Publisher::bind(context_, {*parse_endpoint(address, ""), {}});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().find(address), std::string::npos) << refused.error();
}

TEST_F(Bus, CurveKeepsOutWhoDoesNotKnowTheKey) {
  CurveKeys server = make_curve_keys();
  if (server.empty()) GTEST_FAIL() << "libzmq was built without CURVE";
  CurveKeys client = make_curve_keys();
  client.server_key = curve_public_key(server.secret_key);
  EXPECT_EQ(client.server_key, server.public_key);
  const auto sender = publisher({at("a"), server});
  const auto plain = subscriber({{at("a")}, {""}, {}});
  const auto known = subscriber({{at("a")}, {""}, client});
  await(*sender, *known);
  sender->publish("t", "x", "{}", now_);
  EXPECT_EQ(receive(*known, 1).size(), 1U);
  std::size_t leaked = plain->receive(Duration::zero(), [](BusFrame&&) {});
  EXPECT_EQ(leaked, 0U);
}

// More than are taken at once, of two publishers, and again after the loop has slept.
TEST_F(Bus, ALoopTakesAllThatArrives) {
  net::IoLoop loop;
  const auto one = publisher({at("a"), {}});
  const auto other = publisher({at("b"), {}});
  std::vector<std::size_t> taken(2);
  const Intake intake(subscriber({{at("a"), at("b")}, {""}, {}}), loop,
                      [&](BusFrame&& frame) { EXPECT_EQ(frame.topic, std::to_string(taken.at(frame.publisher)++)); });
  const auto run_until = [&](const auto& is_done) {
    const Timestamp end = net::IoLoop::now() + kPatience;
    while (net::IoLoop::now() < end) {
      if (is_done()) return true;
      loop.run_for(std::chrono::milliseconds(50));
    }
    return false;
  };
  ASSERT_TRUE(run_until([&] { return one->take_new_subscribers(); }));
  ASSERT_TRUE(run_until([&] { return other->take_new_subscribers(); }));
  constexpr std::size_t kMany = 5 * Subscriber::kMostAtOnce / 2;
  std::size_t sent = 0;
  for (const std::size_t more : {kMany, std::size_t{1}, kMany}) {
    for (const std::size_t end = sent + more; sent < end; ++sent) {
      one->publish(std::to_string(sent), "x", "{}", now_);
      other->publish(std::to_string(sent), "y", "{}", now_);
    }
    EXPECT_TRUE(run_until([&] { return taken[0] == sent && taken[1] == sent; })) << taken[0] << ' ' << taken[1];
  }
}

}  // namespace
}  // namespace arbees::bus
