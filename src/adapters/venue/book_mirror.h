#pragma once
// What a feed's events say a book is: enough to compare it with the venue's own words, and to see it crossed.
//
// The digest is the exclusive or of one hash per level, so every change updates it in constant time and two books are
// equal exactly when their digests are (but for one chance in 2^64).

#include <cstdint>
#include <string>
#include <vector>

#include "core/market/event.h"

namespace arbees {

class BookMirror {
 public:
  struct Level {
    Price price;
    Quantity quantity;
  };

  // Takes a record of the book it mirrors. False: the change takes away more than was there (nothing is changed).
  bool apply(const BookUpdate& update);
  // The feed said that the book is not to be believed.
  void fault() noexcept { is_proven_ = false; }

  [[nodiscard]] bool is_proven() const noexcept { return is_proven_; }
  [[nodiscard]] std::uint64_t digest() const noexcept { return digest_; }
  [[nodiscard]] bool is_crossed() const noexcept;
  // Ascending by price.
  [[nodiscard]] const std::vector<Level>& bids() const noexcept { return bids_; }
  [[nodiscard]] const std::vector<Level>& asks() const noexcept { return asks_; }

 private:
  std::vector<Level> bids_;
  std::vector<Level> asks_;
  std::uint64_t digest_ = 0;
  bool is_proven_ = false;
};

// For people: "bid 0.4700: 120 streamed, 100 by REST"; empty if there is none.
[[nodiscard]] std::string first_difference(const BookMirror& streamed, const BookMirror& rest);

}  // namespace arbees
