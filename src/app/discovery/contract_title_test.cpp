#include "app/discovery/contract_title.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace arbees::app {
namespace {

CatalogEntry token(const char* title, const char* outcome) {
  CatalogEntry entry;
  entry.venue = Venue::Polymarket;
  entry.symbol = "7132";
  entry.other = "8243";
  entry.title = title;
  entry.outcome = outcome;
  entry.terms.asset = Asset::BTC;
  return entry;
}

TEST(ContractTitle, OfATokenNamesMarketAndOutcome) {
  EXPECT_EQ(contract_title(token("Bitcoin Up or Down - 1PM ET", "Down")), "Bitcoin Up or Down - 1PM ET: Down");
  CatalogEntry kalshi = token("BTC price at 1pm", "Yes");
  kalshi.other.clear();
  EXPECT_EQ(contract_title(kalshi), "BTC price at 1pm");
  EXPECT_EQ(contract_title(token("", "Up")), "");
}

TEST(ContractTitle, IsShortAndCannotMoveTheCursor) {
  EXPECT_EQ(contract_title(token("a\033[2Jb\xe2\x80\x93", "Up")), "a?[2Jb???: Up");
  const std::string title = contract_title(token(std::string(500, 'x').c_str(), "Up"));
  EXPECT_EQ(title.size(), 120U);
  EXPECT_THAT(title, testing::EndsWith("x...: Up"));
}

TEST(ContractTitle, TheLedgerIsToldTheAssetToo) {
  const ContractDescription description = contract_description(token("Bitcoin?", "Up"));
  EXPECT_EQ(description.contract.id, instrument_id(Venue::Polymarket, "7132"));
  EXPECT_EQ(description.contract.symbol_view(), "7132");
  EXPECT_EQ(description.asset, Asset::BTC);
  EXPECT_EQ(description.title, "Bitcoin?: Up");
}

}  // namespace
}  // namespace arbees::app
