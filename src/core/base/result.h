#pragma once
// Result<T, E>: a value or the reason why there is none. In the core, E is a small enum.

#include <tl/expected.hpp>
#include <utility>

namespace arbees {

template <class T, class E>
using Result = tl::expected<T, E>;

template <class E>
[[nodiscard]] constexpr tl::unexpected<E> failure(E error) noexcept {
  return tl::unexpected<E>(std::move(error));
}

}  // namespace arbees
