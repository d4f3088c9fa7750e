#include "core/pricing/fair_value_kernel.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <algorithm>
#include <array>
#include <cmath>

#include "core/pricing/fast_law.h"

namespace arbees {

#if defined(__x86_64__)
namespace {

// Which vector registers the system saves (XCR0): without that an instruction set is not usable.
std::uint64_t saved_registers() noexcept {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (static_cast<std::uint64_t>(high) << 32) | low;
}

}  // namespace
#endif

// Asked of the processor itself: the compiler's helper would need a library that the pure core does not link.
bool is_supported(Kernel kernel) noexcept {
  if (kernel == Kernel::Scalar) return true;
#if defined(__x86_64__)
  constexpr std::uint64_t kYmm = 0x6;
  constexpr std::uint64_t kZmm = 0xe6;
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & bit_OSXSAVE) == 0 || (c & bit_FMA) == 0) return false;
  const std::uint64_t saved = saved_registers();
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  if (kernel == Kernel::Avx2) return (b & bit_AVX2) != 0 && (saved & kYmm) == kYmm;
  return (b & bit_AVX512F) != 0 && (saved & kZmm) == kZmm;
#else
  return false;
#endif
}

Kernel best_kernel() noexcept {
  if (is_supported(Kernel::Avx512)) return Kernel::Avx512;
  return is_supported(Kernel::Avx2) ? Kernel::Avx2 : Kernel::Scalar;
}

void run_kernel(Kernel kernel, const FastLaw& law, double x, const KernelRows& rows) noexcept {
  switch (kernel) {
    case Kernel::Avx512: return kernels::avx512(law, x, rows);
    case Kernel::Avx2: return kernels::avx2(law, x, rows);
    case Kernel::Scalar: return kernels::scalar(law, x, rows);
  }
}

namespace kernels {
namespace {

using Lanes = std::array<double, kKernelWidth>;

Lanes fast_cdf(const FastLaw& law, const Lanes& z) noexcept {
  const auto& coefficients = law.coefficients();
  Lanes cut{};
  Lanes x{};
  Lanes q{};
  for (std::size_t lane = 0; lane < kKernelWidth; ++lane) cut[lane] = std::clamp(z[lane], -law.reach(), law.reach());
  for (std::size_t lane = 0; lane < kKernelWidth; ++lane) {
    const double square = cut[lane] * cut[lane];
    x[lane] = (law.is_fat_tailed() ? square / (square + law.bend()) : square) * law.u_scale() - 1.0;
  }
  q.fill(coefficients[law.terms() - 1]);
  for (std::size_t term = law.terms() - 1; term-- > 0;) {
    for (std::size_t lane = 0; lane < kKernelWidth; ++lane) q[lane] = q[lane] * x[lane] + coefficients[term];
  }
  for (std::size_t lane = 0; lane < kKernelWidth; ++lane) q[lane] = cut[lane] * q[lane] + 0.5;
  return q;
}

}  // namespace

// Eight lanes side by side: plain arrays let any compiler keep eight chains of the polynomial in flight.
void scalar(const FastLaw& law, double x, const KernelRows& rows) noexcept {
  const double far = law.is_fat_tailed() ? law.reach() : HUGE_VAL;
  for (std::size_t group = 0; group < rows.count; group += kKernelWidth) {
    Lanes z{};
    for (std::size_t lane = 0; lane < kKernelWidth; ++lane)
      z[lane] = rows.slope[group + lane] * x + rows.lower[group + lane];
    Lanes p = fast_cdf(law, z);
    Lanes second{};
    if (rows.upper != nullptr) {
      for (std::size_t lane = 0; lane < kKernelWidth; ++lane) {
        second[lane] = rows.upper_slope[group + lane] * x + rows.upper[group + lane];
      }
      const Lanes less = fast_cdf(law, second);
      for (std::size_t lane = 0; lane < kKernelWidth; ++lane) p[lane] -= less[lane];
    }
    unsigned bits = 0;
    for (std::size_t lane = 0; lane < kKernelWidth; ++lane) {
      const std::size_t i = group + lane;
      rows.probability[i] = p[lane];
      const bool fires = std::fabs(p[lane] - rows.middle[i]) >= rows.half_width[i];
      const bool is_far = std::fabs(z[lane]) > far || std::fabs(second[lane]) > far;
      bits |= (fires || is_far ? 1U : 0U) << lane;
    }
    rows.candidates[group / kKernelWidth] = static_cast<std::uint8_t>(bits);
  }
}

}  // namespace kernels
}  // namespace arbees
