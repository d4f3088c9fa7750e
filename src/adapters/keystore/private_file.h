#pragma once
// Files that hold secrets: who may read them besides their owner.
//
// Every file that a secret is read from is examined by this one rule; the keystore's own, which we write ourselves,
// must moreover be ours and closed to others altogether. A file of root's that a service may read through its group is
// how service managers hand secrets over (systemd, Kubernetes), and counts as private.

#include <sys/stat.h>

#include <string>

namespace arbees {

// Whether group or others may read it. Only plain files keep what they hold: pipes and terminals are private.
[[nodiscard]] bool may_be_read_by_others(const struct stat& status) noexcept;

// Empty; or, for people, that others may read the file, and the remedy. A file that cannot be examined is left to its
// reader, who says so better.
[[nodiscard]] std::string exposed_file(const std::string& path);

}  // namespace arbees
