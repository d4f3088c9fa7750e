#pragma once
// The files of web/, compiled in (src/CMakeLists.txt makes page.cpp of them): the binary is complete by itself.

#include <string_view>

namespace arbees {

extern const std::string_view kPageHtml;
extern const std::string_view kPageScript;
extern const std::string_view kPageStyle;

}  // namespace arbees
