#pragma once
// The inner loop of 200 fair values with edge test, in three forms chosen at run time by what the processor has.
//
// For each row z = slope·x + offset, probability = F(z) (less F at a second offset for ranges) by the polynomial of
// FastLaw. A row becomes a candidate when its probability comes within the tolerance of a level at which an edge
// fires, passes it, or leaves the polynomial's reach; candidates are decided by the exact form. So all forms lead to
// the same decisions, whatever their last bits.

#include <cstddef>
#include <cstdint>

namespace arbees {

class FastLaw;

inline constexpr std::size_t kKernelWidth = 8;  // rows whose candidate bits share a byte
inline constexpr std::size_t kRowPadding = 16;  // arrays are padded to multiples of this

struct KernelRows {
  const double* slope = nullptr;
  const double* lower = nullptr;
  const double* upper_slope = nullptr;  // ranges: the second term; thresholds: null
  const double* upper = nullptr;
  const double* middle = nullptr;      // of the two probabilities at which an edge fires
  const double* half_width = nullptr;  // half their distance, less the tolerance
  double* probability = nullptr;
  std::uint8_t* candidates = nullptr;  // one bit a row, one byte for each kKernelWidth rows
  std::size_t count = 0;               // a multiple of kRowPadding
};

enum class Kernel : std::uint8_t { Scalar, Avx2, Avx512 };

// The best this processor runs.
[[nodiscard]] Kernel best_kernel() noexcept;
[[nodiscard]] bool is_supported(Kernel kernel) noexcept;

void run_kernel(Kernel kernel, const FastLaw& law, double x, const KernelRows& rows) noexcept;

namespace kernels {
void scalar(const FastLaw& law, double x, const KernelRows& rows) noexcept;
void avx2(const FastLaw& law, double x, const KernelRows& rows) noexcept;
void avx512(const FastLaw& law, double x, const KernelRows& rows) noexcept;
}  // namespace kernels

}  // namespace arbees
