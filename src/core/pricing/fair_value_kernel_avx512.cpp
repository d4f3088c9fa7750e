// Eight rows at a time; comparisons give bit masks directly.

#include "core/pricing/fair_value_kernel.h"
#include "core/pricing/fast_law.h"

#if defined(__x86_64__)
#include <immintrin.h>

#if defined(__GNUC__) && !defined(__clang__)
// The header of g++ 12 starts min and max from an undefined register on purpose (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace arbees::kernels {
namespace {

#define ARBEES_AVX512 __attribute__((target("avx512f")))
#define ARBEES_AVX512_INLINE ARBEES_AVX512 __attribute__((always_inline)) inline

template <bool kFat>
constexpr std::size_t kTerms = kFat ? FastLaw::kStudentCoefficients : FastLaw::kNormalCoefficients;

struct Constants {
  __m512d reach;
  __m512d negative_reach;
  __m512d bend;
  __m512d u_scale;
  const double* coefficients;
};

// Every second coefficient, from number kAt down. Unrolled by recursion: at -O2 a loop would stay one.
template <int kAt>
ARBEES_AVX512_INLINE __m512d horner(const Constants& k, __m512d x, __m512d q) {
  if constexpr (kAt < 0) {
    return q;
  } else {
    return horner<kAt - 2>(k, x, _mm512_fmadd_pd(q, x, _mm512_set1_pd(k.coefficients[kAt])));
  }
}

template <bool kFat>
ARBEES_AVX512_INLINE __m512d fast_cdf(const Constants& k, __m512d z) {
  const __m512d cut = _mm512_min_pd(_mm512_max_pd(z, k.negative_reach), k.reach);
  const __m512d square = _mm512_mul_pd(cut, cut);
  __m512d u = square;
  if constexpr (kFat) u = _mm512_div_pd(square, _mm512_add_pd(square, k.bend));
  const __m512d x = _mm512_fmsub_pd(u, k.u_scale, _mm512_set1_pd(1.0));
  // Even and odd powers apart: two short chains instead of a long one, which is what the processor waits for.
  constexpr int kLast = static_cast<int>(kTerms<kFat>) - 1;
  const __m512d x2 = _mm512_mul_pd(x, x);
  const __m512d first = horner<kLast - 2>(k, x2, _mm512_set1_pd(k.coefficients[kLast]));
  const __m512d second = horner<kLast - 3>(k, x2, _mm512_set1_pd(k.coefficients[kLast - 1]));
  const __m512d q = kLast % 2 != 0 ? _mm512_fmadd_pd(first, x, second) : _mm512_fmadd_pd(second, x, first);
  return _mm512_fmadd_pd(cut, q, _mm512_set1_pd(0.5));
}

template <bool kFat>
ARBEES_AVX512_INLINE unsigned far_lanes(const Constants& k, __m512d z) {
  if constexpr (!kFat) return 0U;
  return static_cast<unsigned>(_mm512_cmp_pd_mask(z, k.reach, _CMP_GT_OQ)) |
         static_cast<unsigned>(_mm512_cmp_pd_mask(z, k.negative_reach, _CMP_LT_OQ));
}

template <bool kFat, bool kRange>
ARBEES_AVX512 void all_rows(const Constants& k, double x, const KernelRows& rows) {
  const __m512d all_x = _mm512_set1_pd(x);
  for (std::size_t i = 0; i < rows.count; i += kKernelWidth) {
    const __m512d z = _mm512_fmadd_pd(_mm512_loadu_pd(rows.slope + i), all_x, _mm512_loadu_pd(rows.lower + i));
    __m512d p = fast_cdf<kFat>(k, z);
    unsigned candidates = far_lanes<kFat>(k, z);
    if constexpr (kRange) {
      const __m512d second =
          _mm512_fmadd_pd(_mm512_loadu_pd(rows.upper_slope + i), all_x, _mm512_loadu_pd(rows.upper + i));
      p = _mm512_sub_pd(p, fast_cdf<kFat>(k, second));
      candidates |= far_lanes<kFat>(k, second);
    }
    _mm512_storeu_pd(rows.probability + i, p);
    const __m512d distance = _mm512_abs_pd(_mm512_sub_pd(p, _mm512_loadu_pd(rows.middle + i)));
    candidates |= static_cast<unsigned>(_mm512_cmp_pd_mask(distance, _mm512_loadu_pd(rows.half_width + i), _CMP_GE_OQ));
    rows.candidates[i / kKernelWidth] = static_cast<std::uint8_t>(candidates);
  }
}

}  // namespace

ARBEES_AVX512 void avx512(const FastLaw& law, double x, const KernelRows& rows) noexcept {
  Constants k;
  k.reach = _mm512_set1_pd(law.reach());
  k.negative_reach = _mm512_set1_pd(-law.reach());
  k.bend = _mm512_set1_pd(law.bend());
  k.u_scale = _mm512_set1_pd(law.u_scale());
  k.coefficients = law.coefficients().data();
  const bool is_range = rows.upper != nullptr;
  if (law.is_fat_tailed()) {
    is_range ? all_rows<true, true>(k, x, rows) : all_rows<true, false>(k, x, rows);
  } else {
    is_range ? all_rows<false, true>(k, x, rows) : all_rows<false, false>(k, x, rows);
  }
  // Left to themselves compilers forget this on some ways out; what follows would run eight times slower.
  _mm256_zeroupper();
}

}  // namespace arbees::kernels

#else

namespace arbees::kernels {
void avx512(const FastLaw& law, double x, const KernelRows& rows) noexcept { scalar(law, x, rows); }
}  // namespace arbees::kernels

#endif
