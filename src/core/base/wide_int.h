#pragma once
// 128-bit integers for products of two 64-bit ones; a compiler extension, named once.

namespace arbees {

__extension__ using Int128 = __int128;
__extension__ using Uint128 = unsigned __int128;

}  // namespace arbees
