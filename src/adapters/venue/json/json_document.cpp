#include "adapters/venue/json/json_document.h"

namespace arbees {

JsonView::Kind JsonView::kind() const noexcept {
  return document_ == nullptr ? Kind::Absent : document_->nodes_[node_].kind;
}

std::string_view JsonView::text() const noexcept {
  return is_string() || is_number() ? document_->nodes_[node_].text : std::string_view();
}

JsonView JsonView::first_child() const noexcept {
  const std::uint32_t first = document_->nodes_[node_].first;
  return first == JsonDocument::kNone ? JsonView() : JsonView(document_, first);
}

JsonView JsonView::next() const noexcept {
  const std::uint32_t next = document_->nodes_[node_].next;
  return next == JsonDocument::kNone ? JsonView() : JsonView(document_, next);
}

JsonView JsonView::operator[](std::string_view key) const noexcept {
  if (!is_object()) return {};
  for (JsonView child = first_child(); child.document_ != nullptr; child = child.next()) {
    if (document_->nodes_[child.node_].key == key) return child;
  }
  return {};
}

const char* JsonDocument::parse(std::string_view text) {
  nodes_.clear();
  open_.clear();
  const char* error = walker_.walk(buffer_.assign(text), *this);
  if (error != nullptr) nodes_.clear();
  return error;
}

JsonView JsonDocument::root() const noexcept { return nodes_.empty() ? JsonView() : JsonView(this, 0); }

std::uint32_t JsonDocument::add(std::string_view key, JsonView::Kind kind, std::string_view text) {
  const auto index = static_cast<std::uint32_t>(nodes_.size());
  Node node;
  node.key = key;
  node.text = text;
  node.kind = kind;
  nodes_.push_back(node);
  if (open_.empty()) return index;
  Node& parent = nodes_[open_.back()];
  if (parent.first == kNone) {
    parent.first = index;
  } else {
    nodes_[parent.last].next = index;
  }
  parent.last = index;
  return index;
}

void JsonDocument::begin_object(std::string_view key) { open_.push_back(add(key, JsonView::Kind::Object, {})); }
void JsonDocument::end_object() { open_.pop_back(); }
void JsonDocument::begin_array(std::string_view key) { open_.push_back(add(key, JsonView::Kind::Array, {})); }
void JsonDocument::end_array() { open_.pop_back(); }

void JsonDocument::scalar(std::string_view key, const JsonScalar& value) {
  switch (value.kind) {
    case JsonKind::String: add(key, JsonView::Kind::String, value.text); break;
    case JsonKind::Number: add(key, JsonView::Kind::Number, value.text); break;
    case JsonKind::True: add(key, JsonView::Kind::True, value.text); break;
    case JsonKind::False: add(key, JsonView::Kind::False, value.text); break;
    case JsonKind::Null:
    case JsonKind::Absent: add(key, JsonView::Kind::Null, {}); break;
  }
}

}  // namespace arbees
