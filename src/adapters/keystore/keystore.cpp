#include "adapters/keystore/keystore.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "adapters/keystore/private_file.h"
#include "adapters/keystore/sealed.h"

namespace arbees {
namespace {

constexpr std::string_view kHeader = "arbees-keystore 1\n";
constexpr std::size_t kMaxFileBytes = 16 * 1024 * 1024;

class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return number_; }
  [[nodiscard]] bool is_open() const noexcept { return number_ >= 0; }

 private:
  int number_;
};

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// The whole file; the empty text if there is none.
Result<std::string, KeystoreError> read_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file.is_open()) {
    if (errno == ENOENT) return std::string();
    return failure(errno == ELOOP ? KeystoreError::Exposed : KeystoreError::Unreadable);
  }
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return failure(KeystoreError::Unreadable);
  // The open file is examined, not its name: it cannot be exchanged in between.
  const bool is_ours = S_ISREG(status.st_mode) && status.st_uid == ::geteuid();
  if (!is_ours || may_be_read_by_others(status) || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return failure(KeystoreError::Exposed);
  if (status.st_size < 0 || static_cast<std::size_t>(status.st_size) > kMaxFileBytes)
    return failure(KeystoreError::Damaged);
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::read(file.get(), text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return failure(KeystoreError::Unreadable);
    done += static_cast<std::size_t>(count);
  }
  return text;
}

Result<std::vector<SealedEntry>, KeystoreError> read_entries(const std::string& path) {
  const auto text = read_file(path);
  if (!text) return failure(text.error());
  std::vector<SealedEntry> entries;
  if (text->empty()) return entries;
  std::string_view rest = *text;
  if (!rest.starts_with(kHeader)) return failure(KeystoreError::Damaged);
  rest.remove_prefix(kHeader.size());
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return failure(KeystoreError::Damaged);
    auto entry = parse_sealed_line(rest.substr(0, end));
    if (!entry) return failure(KeystoreError::Damaged);
    entries.push_back(std::move(*entry));
    rest.remove_prefix(end + 1);
  }
  return entries;
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return ::fsync(file) == 0;
}

// After a crash the old file is there or the new one, never a part.
std::optional<KeystoreError> replace_file(const std::string& path, const std::vector<SealedEntry>& entries,
                                          int folder) {
  std::string text(kHeader);
  for (const SealedEntry& entry : entries) text.append(to_line(entry)).push_back('\n');
  const std::string temporary = path + ".new";
  ::unlink(temporary.c_str());  // left by a crash; the lock is ours
  bool written = false;
  {
    const Descriptor file(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
    written = file.is_open() && write_all(file.get(), text);
  }
  if (written && ::rename(temporary.c_str(), path.c_str()) == 0 && ::fsync(folder) == 0) return std::nullopt;
  ::unlink(temporary.c_str());
  return KeystoreError::Unwritable;
}

auto find_entry(std::vector<SealedEntry>& entries, std::string_view name) {
  return std::find_if(entries.begin(), entries.end(),
                      [&](const SealedEntry& sealed) { return sealed.entry.name == name; });
}

// Reads, changes and replaces the file while no other process does: the folder is locked, because the file itself
// is exchanged.
template <class Change>
std::optional<KeystoreError> update(const std::string& path, Change change) {
  const Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open() || ::flock(folder.get(), LOCK_EX) != 0) return KeystoreError::Unwritable;
  auto entries = read_entries(path);
  if (!entries) return entries.error();
  if (const auto error = change(*entries)) return error;
  return replace_file(path, *entries, folder.get());
}

}  // namespace

std::string_view keystore_error_text(KeystoreError error) noexcept {
  switch (error) {
    case KeystoreError::NotFound: return "there is no key of this name";
    case KeystoreError::Exists: return "there is a key of this name already; remove it first";
    case KeystoreError::BadName: return "a name is 1 to 64 letters, digits, '.', '_' or '-'";
    case KeystoreError::EmptySecret: return "the key is empty or longer than 64 KiB";
    case KeystoreError::EmptyPassword: return "the password is empty";
    case KeystoreError::WrongPassword: return "the password is wrong, or the entry was changed";
    case KeystoreError::Exposed:
      return "the file must be a plain file of this user that nobody else may access (chmod 600)";
    case KeystoreError::Damaged: return "the file is not a whole keystore";
    case KeystoreError::Unreadable: return "the file cannot be read";
    case KeystoreError::Unwritable: return "the file cannot be written";
    case KeystoreError::LibraryFailed: return "the cryptographic library failed";
  }
  return "";
}

Result<std::vector<KeystoreEntry>, KeystoreError> Keystore::list() const {
  const auto sealed = read_entries(path_);
  if (!sealed) return failure(sealed.error());
  std::vector<KeystoreEntry> entries;
  for (const SealedEntry& one : *sealed) entries.push_back(one.entry);
  return entries;
}

std::optional<KeystoreError> Keystore::add(const KeystoreEntry& entry, std::string_view secret,
                                           std::string_view password) {
  auto sealed = seal(entry, cost_, secret, password);
  if (!sealed) return sealed.error();
  return update(path_, [&](std::vector<SealedEntry>& entries) -> std::optional<KeystoreError> {
    if (find_entry(entries, entry.name) != entries.end()) return KeystoreError::Exists;
    entries.push_back(std::move(*sealed));
    return std::nullopt;
  });
}

std::optional<KeystoreError> Keystore::remove(std::string_view name) {
  if (::access(path_.c_str(), F_OK) != 0 && errno == ENOENT) return KeystoreError::NotFound;
  return update(path_, [&](std::vector<SealedEntry>& entries) -> std::optional<KeystoreError> {
    const auto found = find_entry(entries, name);
    if (found == entries.end()) return KeystoreError::NotFound;
    entries.erase(found);
    return std::nullopt;
  });
}

Result<std::string, KeystoreError> Keystore::reveal(std::string_view name, std::string_view password) const {
  auto entries = read_entries(path_);
  if (!entries) return failure(entries.error());
  const auto found = find_entry(*entries, name);
  if (found == entries->end()) return failure(KeystoreError::NotFound);
  return unseal(*found, password);
}

}  // namespace arbees
