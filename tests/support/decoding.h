#pragma once
// Helps tests of decoders: frames in, readable lines out; golden files; recorded data.
//
// tests/golden/<venue>/NAME.frames holds one frame a line (blank lines are skipped), NAME.txt what
// they must become. ARBEES_UPDATE_GOLDEN=1 rewrites the expectations.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/telemetry/event_text.h"
#include "adapters/venue/frame.h"
#include "tests/support/project_file.h"

namespace arbees::testing_support {

inline std::filesystem::path data_folder() { return project_file("../shared/data"); }
inline std::filesystem::path golden_folder(std::string_view venue) {
  return std::filesystem::path(project_file("tests/golden")) / venue;
}

// Fails the test when the file is missing.
inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << "cannot read " << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

inline std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder, std::string_view extension) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, error)) {
    if (entry.is_regular_file() && entry.path().extension() == extension) files.push_back(entry.path());
  }
  EXPECT_FALSE(files.empty()) << "no " << extension << " files in " << folder;
  std::sort(files.begin(), files.end());
  return files;
}

inline std::string text_of(const DecodedFrame& decoded) {
  std::string text;
  for (const Event& event : decoded.events) text += event_text(event) + "\n";
  for (const Anomaly& anomaly : decoded.anomalies) {
    text += "anomaly " + std::string(anomaly_name(anomaly.kind)) + " symbol='" + anomaly.symbol + "' detail='" +
            anomaly.detail + "'\n";
  }
  if (decoded.is_control) text += "control\n";
  return text;
}

// Decodes one frame and returns what it became, one line each.
inline std::string decode_text(FrameDecoder& decoder, std::string_view frame,
                               Timestamp at = from_unix_s(1'790'000'000)) {
  FrameBuffer buffer;
  DecodedFrame decoded;
  decoder.decode(buffer.assign(frame), at, decoded);
  return text_of(decoded);
}

// A new decoder for each file; compares every *.frames of the venue with its *.txt.
template <class MakeDecoder>
void check_golden(std::string_view venue, MakeDecoder&& make_decoder) {
  const char* update = std::getenv("ARBEES_UPDATE_GOLDEN");
  for (const auto& frames : files_in(golden_folder(venue), ".frames")) {
    auto decoder = make_decoder();
    std::string text;
    std::int64_t second = 1'790'000'000;
    for (const std::string& frame : lines_of(read_file(frames))) {
      text += "> " + frame + "\n" + decode_text(*decoder, frame, from_unix_s(second++));
    }
    const std::filesystem::path expected = std::filesystem::path(frames).replace_extension(".txt");
    if (update != nullptr && std::string_view(update) == "1") std::ofstream(expected, std::ios::binary) << text;
    EXPECT_EQ(read_file(expected), text) << frames;
  }
}

}  // namespace arbees::testing_support
