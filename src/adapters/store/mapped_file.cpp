#include "adapters/store/mapped_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "adapters/store/file_descriptor.h"

namespace arbees {

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

void MappedFile::let_go(std::size_t first_bytes) const noexcept {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t whole_pages = std::min(first_bytes, bytes_.size()) / page * page;
  if (whole_pages != 0) ::madvise(const_cast<std::byte*>(bytes_.data()), whole_pages, MADV_DONTNEED);
}

Result<MappedFile, std::string> MappedFile::open(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return failure(fmt::format("{}: {}", path, std::generic_category().message(errno)));
  struct stat status{};
  if (::fstat(file.get(), &status) != 0)
    return failure(fmt::format("{}: {}", path, std::generic_category().message(errno)));
  if (!S_ISREG(status.st_mode)) return failure(fmt::format("{}: not a regular file", path));
  MappedFile mapped;
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return mapped;
  void* const memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (memory == MAP_FAILED) return failure(fmt::format("{}: {}", path, std::generic_category().message(errno)));
  ::madvise(memory, size, MADV_SEQUENTIAL);
  mapped.bytes_ = {static_cast<const std::byte*>(memory), size};
  return mapped;
}

}  // namespace arbees
