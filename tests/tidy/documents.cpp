#include "tests/tidy/documents.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace arbees::tidy {
namespace {

const std::vector<std::string_view>& project_folders() {
  static const std::vector<std::string_view> kFolders = {"src/",  "tests/", "docs/",   "cmake/", "scripts/",
                                                         "fuzz/", "bench/", "config/", "web/",   "deploy/"};
  return kFolders;
}

// A file, a folder that holds one, or the common stem of x.h and x.cpp.
bool exists(const std::string& path, const std::vector<std::string>& paths) {
  const std::string folder = path.ends_with('/') ? path : path + "/";
  return std::any_of(paths.begin(), paths.end(), [&](const std::string& known) {
    return known == path || known == path + ".h" || known.starts_with(folder);
  });
}

bool is_elsewhere(std::string_view target) { return starts_with_any(target, {"http://", "https://", "mailto:"}); }

bool has_heading(std::string_view text, std::string_view anchor) {
  for (const std::string_view line : lines_of(text)) {
    const std::size_t level = line.find_first_not_of('#');
    if (level == 0 || level == std::string_view::npos || line[level] != ' ') continue;
    if (anchor_of(line.substr(level + 1)) == anchor) return true;
  }
  return false;
}

// Blanks fenced code blocks: what is shown there is no link.
std::string without_code_blocks(std::string_view text) {
  std::string out;
  bool in_block = false;
  for (const std::string_view line : lines_of(text)) {
    const bool is_fence = line.starts_with("```");
    if (!in_block && !is_fence) out += line;
    out += '\n';
    if (is_fence) in_block = !in_block;
  }
  return out;
}

// Whether a code span is meant as a path of this project and not as a pattern.
bool names_a_path(std::string_view span) {
  return starts_with_any(span, project_folders()) && span.find_first_of(" *<>{}$") == std::string_view::npos &&
         span.find("…") == std::string_view::npos;
}

}  // namespace

Findings check_cited_documents(const SourceFile& file, const std::vector<std::string>& paths) {
  const std::string folder = "docs/";
  Findings findings;
  for (std::size_t at = file.text.find(folder); at != std::string::npos; at = file.text.find(folder, at + 1)) {
    std::size_t end = at;
    while (end < file.text.size() && (std::isalnum(static_cast<unsigned char>(file.text[end])) != 0 ||
                                      std::string_view("/_-.").find(file.text[end]) != std::string_view::npos)) {
      ++end;
    }
    std::string path = file.text.substr(at, end - at);
    while (path.ends_with('.')) path.pop_back();
    if (path.ends_with(".md") && !exists(path, paths))
      add_finding(findings, file, line_of(file.text, at), path + " does not exist");
  }
  return findings;
}

std::string anchor_of(std::string_view heading) {
  std::string anchor;
  for (const char c : heading) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_') {
      anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (c == ' ') {
      anchor += '-';
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      anchor += c;
    }
  }
  return anchor;
}

Findings check_document(const SourceFile& file, const std::vector<std::string>& paths, ReadText read) {
  Findings findings;
  const std::string text = without_code_blocks(file.text);
  for (std::size_t at = text.find("]("); at != std::string::npos; at = text.find("](", at + 1)) {
    const std::size_t end = text.find(')', at);
    if (end == std::string::npos) break;
    const std::string target = text.substr(at + 2, end - at - 2);
    if (is_elsewhere(target)) continue;
    const std::size_t hash = std::min(target.find('#'), target.size());
    const std::filesystem::path folder = std::filesystem::path(file.path).parent_path();
    const std::string path =
        hash == 0 ? file.path : (folder / target.substr(0, hash)).lexically_normal().generic_string();
    if (!exists(path, paths)) {
      add_finding(findings, file, line_of(text, at), "link to " + target + ": no such file");
    } else if (hash < target.size() && !has_heading(hash == 0 ? file.text : read(path), target.substr(hash + 1))) {
      add_finding(findings, file, line_of(text, at), "link to " + target + ": no such heading");
    }
  }
  for (std::size_t open = text.find('`'); open != std::string::npos; open = text.find('`', open + 1)) {
    const std::size_t close = text.find('`', open + 1);
    if (close == std::string::npos) break;
    const std::string span = text.substr(open + 1, close - open - 1);
    if (names_a_path(span) && !exists(span, paths)) {
      add_finding(findings, file, line_of(text, open), "`" + span + "` does not exist");
    }
    open = close;
  }
  return findings;
}

}  // namespace arbees::tidy
