#pragma once
// The user WebSocket: orders and trades of whoever names valid credentials in the first frame.
//
// A connection that names none, or wrong ones, is closed. `markets` narrows it to some conditions; none means all.

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "adapters/net/http_server.h"
#include "sim/clob_auth.h"
#include "sim/faults.h"
#include "sim/servers.h"

namespace arbees::sim {

class ClobUserChannel {
 public:
  ClobUserChannel(const ServerContext& context, const ClobAuthority& authority) noexcept
      : context_(context), authority_(authority) {}
  ~ClobUserChannel();

  [[nodiscard]] std::unique_ptr<net::ServerSocketHandler> accept();
  // To every connection of this address that wants this condition.
  void tell(const polymarket::Address& address, const std::string& condition_id, std::string_view text);

 private:
  class Connection;

  ServerContext context_;
  const ClobAuthority& authority_;
  std::set<Connection*> connections_;
};

}  // namespace arbees::sim
