#include "app/sign_fields.h"

#include <rapidjson/document.h>

#include <charconv>
#include <cstdlib>
#include <cstring>

#include "adapters/venue/encoding.h"
#include "adapters/venue/polymarket/uint256.h"
#include "adapters/venue/secret.h"

namespace arbees::app {
namespace {

// RapidJSON's allocator concept; remembers each block's size in front of it, so that Free can wipe the block.
class WipingAllocator {
 public:
  void* Malloc(std::size_t size) {
    if (size == 0) return nullptr;
    auto* block = static_cast<std::uint8_t*>(std::malloc(kHeader + size));
    if (block == nullptr) return nullptr;
    std::memcpy(block, &size, sizeof size);
    return block + kHeader;
  }
  void* Realloc(void* old, std::size_t old_size, std::size_t new_size) {
    void* fresh = Malloc(new_size);
    if (fresh != nullptr && old != nullptr) std::memcpy(fresh, old, old_size < new_size ? old_size : new_size);
    Free(old);
    return fresh;
  }
  static void Free(void* pointer) noexcept {
    if (pointer == nullptr) return;
    auto* block = static_cast<std::uint8_t*>(pointer) - kHeader;
    std::size_t size = 0;
    std::memcpy(&size, block, sizeof size);
    wipe(std::span(block, kHeader + size));
    std::free(block);
  }

 private:
  static constexpr std::size_t kHeader = alignof(std::max_align_t) > sizeof(std::size_t) ? alignof(std::max_align_t)
                                                                                         : sizeof(std::size_t);
};

using Pool = rapidjson::MemoryPoolAllocator<WipingAllocator>;
using Document = rapidjson::GenericDocument<rapidjson::UTF8<>, Pool, WipingAllocator>;
using Value = rapidjson::GenericValue<rapidjson::UTF8<>, Pool>;

// Iterative: the depth of a hostile line costs heap, not stack.
constexpr unsigned kParseFlags =
    rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseValidateEncodingFlag;

std::string snake_case(std::string_view camel) {
  std::string text;
  for (const char c : camel) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper) text.push_back('_');
    text.push_back(upper ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return text;
}

const Value* member(const Value& object, std::string_view name) {
  const Value key(rapidjson::StringRef(name.data(), static_cast<rapidjson::SizeType>(name.size())));
  const auto found = object.FindMember(key);
  return found == object.MemberEnd() || found->value.IsNull() ? nullptr : &found->value;
}

std::string_view characters(const Value& value) { return {value.GetString(), value.GetStringLength()}; }

}  // namespace

struct SignDocument::Json {
  Document document;
  const Value* object = nullptr;  // null: no fields

  [[nodiscard]] const Value* find(std::string_view name) const {
    if (object == nullptr) return nullptr;
    const Value* found = member(*object, name);
    return found != nullptr ? found : member(*object, snake_case(name));
  }
};

SignDocument::SignDocument(std::string_view line) : json_(std::make_unique<Json>()) {
  json_->document.Parse<kParseFlags>(line.data(), line.size());
  if (json_->document.HasParseError()) {
    error_ = FieldError{"malformed", "not JSON at byte " + std::to_string(json_->document.GetErrorOffset())};
  } else if (!json_->document.IsObject()) {
    error_ = FieldError{"malformed", "not a JSON object"};
  } else {
    json_->object = &json_->document;
  }
}

SignDocument::~SignDocument() = default;

bool SignDocument::is_object() const noexcept { return json_->object != nullptr; }

void SignDocument::enter(std::string_view name) {
  const Value* found = json_->find(name);
  if (found == nullptr) {
    fail("missing_field", name, "is missing");
  } else if (!found->IsObject()) {
    fail("invalid_field", name, "must be an object");
    found = nullptr;
  }
  json_->object = found;
}

void SignDocument::leave() noexcept { json_->object = json_->document.IsObject() ? &json_->document : nullptr; }

bool SignDocument::has(std::string_view name) const { return json_->find(name) != nullptr; }

std::string_view SignDocument::text(std::string_view name) {
  const Value* found = json_->find(name);
  if (found == nullptr) {
    fail("missing_field", name, "is missing");
    return {};
  }
  if (!found->IsString()) {
    fail("invalid_field", name, "must be text");
    return {};
  }
  return characters(*found);
}

std::string_view SignDocument::text_or(std::string_view name, std::string_view absent) {
  return has(name) ? text(name) : absent;
}

bool SignDocument::flag_or(std::string_view name, bool absent) {
  const Value* found = json_->find(name);
  if (found == nullptr) return absent;
  if (!found->IsBool()) {
    fail("invalid_field", name, "must be true or false");
    return absent;
  }
  return found->GetBool();
}

std::int64_t SignDocument::integer(std::string_view name) {
  const std::string_view digits = text(name);
  std::int64_t value = 0;
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool plain = !digits.empty() && digits.front() != '-' && end == digits.data() + digits.size();
  if (plain && status == std::errc()) return value;
  fail("invalid_field", name, "must be a whole number from 0 to 9223372036854775807");
  return 0;
}

std::int64_t SignDocument::integer_or(std::string_view name, std::int64_t absent) {
  return has(name) ? integer(name) : absent;
}

polymarket::Bytes32 SignDocument::number(std::string_view name) {
  const auto value = polymarket::parse_uint256(text(name));
  if (!value) fail("invalid_field", name, "must be a whole number below 2^256, in decimal digits");
  return value.value_or(polymarket::Bytes32{});
}

polymarket::Bytes32 SignDocument::number_or_zero(std::string_view name) {
  return has(name) ? number(name) : polymarket::Bytes32{};
}

polymarket::Bytes32 SignDocument::bytes32_or_zero(std::string_view name) {
  polymarket::Bytes32 bytes{};
  if (has(name) && !from_hex_text(text(name), bytes)) fail("invalid_field", name, "must be 64 hex digits");
  return bytes;
}

polymarket::Address SignDocument::address(std::string_view name) {
  const auto value = polymarket::parse_address(text(name));
  if (!value) fail("invalid_field", name, "must be an address of 40 hex digits");
  return value.value_or(polymarket::Address{});
}

polymarket::Address SignDocument::address_or(std::string_view name, const polymarket::Address& absent) {
  return has(name) ? address(name) : absent;
}

void SignDocument::fail(std::string_view code, std::string_view field, std::string_view what) {
  if (error_) return;
  error_ = FieldError{std::string(code), std::string(field).append(": ").append(what)};
}

}  // namespace arbees::app
