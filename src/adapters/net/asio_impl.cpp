// The bodies of Asio and Beast, compiled once (…_SEPARATE_COMPILATION is set for this folder).

#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
