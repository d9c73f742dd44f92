// SPDX-License-Identifier: Apache-2.0
#include "ranking/identifier_weight.hpp"

namespace repomap {
namespace {

constexpr std::size_t kLongName = 8;
constexpr std::size_t kManyDefiners = 5;

/// Which classes of characters a name has. Only names with bytes beyond ASCII need Unicode's tables.
struct Shape {
  bool upper = false;
  bool lower = false;
  bool joiner = false;
  bool beyond_ascii = false;
};

Shape shape_of(std::string_view name) {
  Shape shape;
  for (const char c : name) {
    shape.upper |= c >= 'A' && c <= 'Z';
    shape.lower |= c >= 'a' && c <= 'z';
    shape.joiner |= c == '_' || c == '-';
    shape.beyond_ascii |= (static_cast<unsigned char>(c) & 0x80U) != 0;
  }
  return shape;
}

}  // namespace

bool IdentifierWeight::is_long_compound(std::string_view name) const {
  Shape shape = shape_of(name);
  bool letter = shape.upper || shape.lower;
  if (shape.beyond_ascii) {
    if (code_points(name) < kLongName) {
      return false;
    }
    shape.upper = shape.upper || upper_.found_in(name);
    shape.lower = shape.lower || lower_.found_in(name);
    letter = letter || letter_.found_in(name);
  }
  return (shape.joiner && letter) || (shape.upper && shape.lower);
}

double IdentifierWeight::of(std::string_view name, std::size_t defining_files) const {
  double weight = 1;
  if (name.size() >= kLongName && is_long_compound(name)) {
    weight *= 10;
  }
  if (name.starts_with('_')) {
    weight *= 0.1;
  }
  if (defining_files > kManyDefiners) {
    weight *= 0.1;
  }
  return weight;
}

}  // namespace repomap
