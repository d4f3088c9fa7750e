// The functions carry their own target, so the rest of the program runs
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
  __m256d bend_factor;
  __m256d bend_shift;
  __m256d far;  // distance beyond which the polynomial does not hold
  const double* coefficients;
};

// Rows are taken sixteen at a time, as four vectors: each coefficient is loaded once for all, and four chains of the
// polynomial are in flight. Unrolled by hand: at -O2 a loop would stay one.
struct Rows {
  __m256d a;
  __m256d b;
  __m256d c;
  __m256d d;
};

ARBEES_AVX2_INLINE Rows load(const double* from) {
  return {_mm256_loadu_pd(from), _mm256_loadu_pd(from + kLanes), _mm256_loadu_pd(from + 2 * kLanes),
          _mm256_loadu_pd(from + 3 * kLanes)};
}

ARBEES_AVX2_INLINE void store(double* to, Rows rows) {
  _mm256_storeu_pd(to, rows.a);
  _mm256_storeu_pd(to + kLanes, rows.b);
  _mm256_storeu_pd(to + 2 * kLanes, rows.c);
  _mm256_storeu_pd(to + 3 * kLanes, rows.d);
}

ARBEES_AVX2_INLINE Rows fused(Rows x, Rows y, __m256d z) {
  return {_mm256_fmadd_pd(x.a, y.a, z), _mm256_fmadd_pd(x.b, y.b, z), _mm256_fmadd_pd(x.c, y.c, z),
          _mm256_fmadd_pd(x.d, y.d, z)};
}

// From coefficient number kAt down.
template <int kAt>
ARBEES_AVX2_INLINE Rows horner(const Constants& k, Rows x, Rows q) {
  if constexpr (kAt < 0) {
    return q;
  } else {
    return horner<kAt - 1>(k, x, fused(q, x, _mm256_broadcast_sd(k.coefficients + kAt)));
  }
}

ARBEES_AVX2_INLINE __m256d cut(const Constants& k, __m256d z) {
  return _mm256_min_pd(_mm256_max_pd(z, k.negative_reach), k.reach);
}

// With b = z² + bend, the polynomial's argument u·scale − 1 is (scale − 1) − scale·bend/b, and two inverses come from
// one division: 1/b is c/(b·c). What lies beyond the reach needs no cut here: it is decided by the exact form.
ARBEES_AVX2_INLINE void bend(const Constants& k, __m256d first, __m256d second, __m256d& x_first, __m256d& x_second) {
  const __m256d inverse = _mm256_div_pd(k.bend_factor, _mm256_mul_pd(first, second));
  x_first = _mm256_fmadd_pd(second, inverse, k.bend_shift);
  x_second = _mm256_fmadd_pd(first, inverse, k.bend_shift);
}

// The measure of how far z is: z² + bend in the fat-tailed law; nothing in the normal one.
template <bool kFat>
ARBEES_AVX2_INLINE Rows fast_cdf(const Constants& k, Rows z, Rows& distance) {
  const __m256d one = _mm256_set1_pd(1.0);
  Rows x;
  if constexpr (kFat) {
    distance = {_mm256_fmadd_pd(z.a, z.a, k.bend), _mm256_fmadd_pd(z.b, z.b, k.bend), _mm256_fmadd_pd(z.c, z.c, k.bend),
                _mm256_fmadd_pd(z.d, z.d, k.bend)};
    bend(k, distance.a, distance.b, x.a, x.b);
    bend(k, distance.c, distance.d, x.c, x.d);
  } else {
    distance = z;
    z = {cut(k, z.a), cut(k, z.b), cut(k, z.c), cut(k, z.d)};
    x = {_mm256_fmsub_pd(_mm256_mul_pd(z.a, z.a), k.u_scale, one),
         _mm256_fmsub_pd(_mm256_mul_pd(z.b, z.b), k.u_scale, one),
         _mm256_fmsub_pd(_mm256_mul_pd(z.c, z.c), k.u_scale, one),
         _mm256_fmsub_pd(_mm256_mul_pd(z.d, z.d), k.u_scale, one)};
  }
  constexpr int kLast = static_cast<int>(kTerms<kFat>) - 1;
  const __m256d highest = _mm256_broadcast_sd(k.coefficients + kLast);
  const Rows q = horner<kLast - 1>(k, x, {highest, highest, highest, highest});
  return fused(z, q, _mm256_set1_pd(0.5));
}

ARBEES_AVX2_INLINE Rows linear(const double* slope, __m256d x, const double* offset) {
  const Rows slopes = load(slope);
  const Rows offsets = load(offset);
  return {_mm256_fmadd_pd(slopes.a, x, offsets.a), _mm256_fmadd_pd(slopes.b, x, offsets.b),
          _mm256_fmadd_pd(slopes.c, x, offsets.c), _mm256_fmadd_pd(slopes.d, x, offsets.d)};
}

// Lanes that pass a level or, where it matters, lie beyond the reach: their bits are set in the sign.
template <bool kFat>
ARBEES_AVX2_INLINE __m256d candidates(const Constants& k, __m256d p, __m256d distance, const double* middle,
                                      const double* half_width) {
  const __m256d sign = _mm256_set1_pd(-0.0);
  const __m256d from_middle = _mm256_andnot_pd(sign, _mm256_sub_pd(p, _mm256_loadu_pd(middle)));
  const __m256d fires = _mm256_cmp_pd(from_middle, _mm256_loadu_pd(half_width), _CMP_GE_OQ);
  if constexpr (!kFat) return fires;
  return _mm256_or_pd(fires, _mm256_cmp_pd(distance, k.far, _CMP_GT_OQ));
}

ARBEES_AVX2_INLINE std::uint8_t mask_of(__m256d low, __m256d high) {
  return static_cast<std::uint8_t>(static_cast<unsigned>(_mm256_movemask_pd(low)) |
                                   (static_cast<unsigned>(_mm256_movemask_pd(high)) << kLanes));
}

template <bool kFat, bool kRange>
ARBEES_AVX2_INLINE void sixteen_rows(const Constants& k, __m256d x, const KernelRows& rows, std::size_t i) {
  Rows z;
  Rows p = fast_cdf<kFat>(k, linear(rows.slope + i, x, rows.lower + i), z);
  if constexpr (kRange) {
    Rows other;
    const Rows less = fast_cdf<kFat>(k, linear(rows.upper_slope + i, x, rows.upper + i), other);
    p = {_mm256_sub_pd(p.a, less.a), _mm256_sub_pd(p.b, less.b), _mm256_sub_pd(p.c, less.c),
         _mm256_sub_pd(p.d, less.d)};
    z = {_mm256_max_pd(z.a, other.a), _mm256_max_pd(z.b, other.b), _mm256_max_pd(z.c, other.c),
         _mm256_max_pd(z.d, other.d)};
  }
  store(rows.probability + i, p);
  const double* middle = rows.middle + i;
  const double* half = rows.half_width + i;
  std::uint8_t* out = rows.candidates + i / kKernelWidth;
  out[0] = mask_of(candidates<kFat>(k, p.a, z.a, middle, half),
                   candidates<kFat>(k, p.b, z.b, middle + kLanes, half + kLanes));
  out[1] = mask_of(candidates<kFat>(k, p.c, z.c, middle + 2 * kLanes, half + 2 * kLanes),
                   candidates<kFat>(k, p.d, z.d, middle + 3 * kLanes, half + 3 * kLanes));
}

template <bool kFat, bool kRange>
ARBEES_AVX2 void all_rows(const Constants& k, double spot, const KernelRows& rows) {
  const __m256d x = _mm256_set1_pd(spot);
  for (std::size_t i = 0; i < rows.count; i += kRowPadding) sixteen_rows<kFat, kRange>(k, x, rows, i);
}

}  // namespace

ARBEES_AVX2 void avx2(const FastLaw& law, double x, const KernelRows& rows) noexcept {
  Constants k;
  k.reach = _mm256_set1_pd(law.reach());
  k.negative_reach = _mm256_set1_pd(-law.reach());
  k.bend = _mm256_set1_pd(law.bend());
  k.u_scale = _mm256_set1_pd(law.u_scale());
  k.bend_factor = _mm256_set1_pd(-law.u_scale() * law.bend());
  k.bend_shift = _mm256_set1_pd(law.u_scale() - 1.0);
  k.far = _mm256_set1_pd(law.reach() * law.reach() + law.bend());
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
