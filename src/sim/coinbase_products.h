#pragma once
// What Coinbase lists: products and currencies of the Exchange, and the products of Advanced Trade.

#include <string>
#include <string_view>

#include "sim/world.h"

namespace arbees::sim::coinbase {

// JSON arrays, as GET /products and GET /currencies of the Exchange answer them and the channel `status` tells them.
[[nodiscard]] std::string product_list(const World& world);
[[nodiscard]] std::string currency_list(const World& world);
// One of them; empty if there is no such product or currency.
[[nodiscard]] std::string product_object(const World& world, std::string_view id);
[[nodiscard]] std::string currency_object(const World& world, std::string_view id);

// One product of Advanced Trade.
[[nodiscard]] std::string brokerage_product(const World& world, const SpotProduct& product);
// "Bitcoin"; the ticker itself for assets without a listed name.
[[nodiscard]] std::string_view currency_name(Asset asset) noexcept;

}  // namespace arbees::sim::coinbase
