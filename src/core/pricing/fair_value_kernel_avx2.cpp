// Eight rows at a time, as two vectors of four. The functions carry their own target, so the rest of the program runs
// on any processor.

#include "core/pricing/fair_value_kernel.h"
#include "core/pricing/fast_law.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace arbees::kernels {
namespace {

#define ARBEES_AVX2 __attribute__((target("avx2,fma")))
#define ARBEES_AVX2_INLINE ARBEES_AVX2 __attribute__((always_inline)) inline

constexpr std::size_t kLanes = 4;
template <bool kFat>
constexpr std::size_t kTerms = kFat ? FastLaw::kStudentCoefficients : FastLaw::kNormalCoefficients;

struct Constants {
  __m256d reach;
  __m256d negative_reach;
  __m256d bend;
  __m256d u_scale;
  const double* coefficients;
};

// Eight rows in two halves: each coefficient is loaded once for both.
struct Eight {
  __m256d low;
  __m256d high;
};

ARBEES_AVX2_INLINE Eight load(const double* from) { return {_mm256_loadu_pd(from), _mm256_loadu_pd(from + kLanes)}; }

// Every second coefficient, from number kAt down. Unrolled by recursion: at -O2 a loop would stay one.
template <int kAt>
ARBEES_AVX2_INLINE Eight horner(const Constants& k, Eight x, Eight q) {
  if constexpr (kAt < 0) {
    return q;
  } else {
    const __m256d coefficient = _mm256_broadcast_sd(k.coefficients + kAt);
    return horner<kAt - 2>(k, x,
                           {_mm256_fmadd_pd(q.low, x.low, coefficient), _mm256_fmadd_pd(q.high, x.high, coefficient)});
  }
}

template <bool kFat>
ARBEES_AVX2_INLINE Eight polynomial_argument(const Constants& k, Eight cut) {
  const __m256d one = _mm256_set1_pd(1.0);
  Eight u = {_mm256_mul_pd(cut.low, cut.low), _mm256_mul_pd(cut.high, cut.high)};
  if constexpr (kFat) {
    // Two quotients from one division: a/b and c/d are a·d and c·b over b·d.
    const Eight below = {_mm256_add_pd(u.low, k.bend), _mm256_add_pd(u.high, k.bend)};
    const __m256d inverse = _mm256_div_pd(one, _mm256_mul_pd(below.low, below.high));
    u = {_mm256_mul_pd(_mm256_mul_pd(u.low, below.high), inverse),
         _mm256_mul_pd(_mm256_mul_pd(u.high, below.low), inverse)};
  }
  return {_mm256_fmsub_pd(u.low, k.u_scale, one), _mm256_fmsub_pd(u.high, k.u_scale, one)};
}

template <bool kFat>
ARBEES_AVX2_INLINE Eight fast_cdf(const Constants& k, Eight z) {
  const Eight cut = {_mm256_min_pd(_mm256_max_pd(z.low, k.negative_reach), k.reach),
                     _mm256_min_pd(_mm256_max_pd(z.high, k.negative_reach), k.reach)};
  const Eight x = polynomial_argument<kFat>(k, cut);
  // Even and odd powers apart: two short chains instead of a long one, which is what the processor waits for.
  constexpr int kLast = static_cast<int>(kTerms<kFat>) - 1;
  const Eight square = {_mm256_mul_pd(x.low, x.low), _mm256_mul_pd(x.high, x.high)};
  const __m256d highest_odd = _mm256_broadcast_sd(k.coefficients + kLast);
  const __m256d highest_even = _mm256_broadcast_sd(k.coefficients + kLast - 1);
  const Eight odd = horner<kLast - 2>(k, square, {highest_odd, highest_odd});
  const Eight even = horner<kLast - 3>(k, square, {highest_even, highest_even});
  const Eight q = {_mm256_fmadd_pd(odd.low, x.low, even.low), _mm256_fmadd_pd(odd.high, x.high, even.high)};
  const __m256d half = _mm256_set1_pd(0.5);
  return {_mm256_fmadd_pd(cut.low, q.low, half), _mm256_fmadd_pd(cut.high, q.high, half)};
}

ARBEES_AVX2_INLINE unsigned mask_of(__m256d low, __m256d high) {
  return static_cast<unsigned>(_mm256_movemask_pd(low)) | (static_cast<unsigned>(_mm256_movemask_pd(high)) << kLanes);
}

template <bool kFat>
ARBEES_AVX2_INLINE unsigned far_lanes(const Constants& k, Eight z) {
  if constexpr (!kFat) return 0U;
  const __m256d sign = _mm256_set1_pd(-0.0);
  return mask_of(_mm256_cmp_pd(_mm256_andnot_pd(sign, z.low), k.reach, _CMP_GT_OQ),
                 _mm256_cmp_pd(_mm256_andnot_pd(sign, z.high), k.reach, _CMP_GT_OQ));
}

ARBEES_AVX2_INLINE Eight linear(const double* slope, __m256d x, const double* offset) {
  const Eight slopes = load(slope);
  const Eight offsets = load(offset);
  return {_mm256_fmadd_pd(slopes.low, x, offsets.low), _mm256_fmadd_pd(slopes.high, x, offsets.high)};
}

template <bool kFat, bool kRange>
ARBEES_AVX2 void all_rows(const Constants& k, double spot, const KernelRows& rows) {
  const __m256d x = _mm256_set1_pd(spot);
  const __m256d sign = _mm256_set1_pd(-0.0);
  for (std::size_t i = 0; i < rows.count; i += kKernelWidth) {
    const Eight z = linear(rows.slope + i, x, rows.lower + i);
    Eight p = fast_cdf<kFat>(k, z);
    unsigned candidates = far_lanes<kFat>(k, z);
    if constexpr (kRange) {
      const Eight second = linear(rows.upper_slope + i, x, rows.upper + i);
      const Eight less = fast_cdf<kFat>(k, second);
      p = {_mm256_sub_pd(p.low, less.low), _mm256_sub_pd(p.high, less.high)};
      candidates |= far_lanes<kFat>(k, second);
    }
    _mm256_storeu_pd(rows.probability + i, p.low);
    _mm256_storeu_pd(rows.probability + i + kLanes, p.high);
    const Eight middle = load(rows.middle + i);
    const Eight reach = load(rows.half_width + i);
    const __m256d low = _mm256_cmp_pd(_mm256_andnot_pd(sign, _mm256_sub_pd(p.low, middle.low)), reach.low, _CMP_GE_OQ);
    const __m256d high =
        _mm256_cmp_pd(_mm256_andnot_pd(sign, _mm256_sub_pd(p.high, middle.high)), reach.high, _CMP_GE_OQ);
    rows.candidates[i / kKernelWidth] = static_cast<std::uint8_t>(candidates | mask_of(low, high));
  }
}

}  // namespace

ARBEES_AVX2 void avx2(const FastLaw& law, double x, const KernelRows& rows) noexcept {
  Constants k;
  k.reach = _mm256_set1_pd(law.reach());
  k.negative_reach = _mm256_set1_pd(-law.reach());
  k.bend = _mm256_set1_pd(law.bend());
  k.u_scale = _mm256_set1_pd(law.u_scale());
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
void avx2(const FastLaw& law, double x, const KernelRows& rows) noexcept { scalar(law, x, rows); }
}  // namespace arbees::kernels

#endif
