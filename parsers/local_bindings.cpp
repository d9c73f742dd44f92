// SPDX-License-Identifier: Apache-2.0
//
// All identifiers of the name are looked at once. Those that bind it tell which nodes own a binding; the owners are
// nested, so one pass in document order with a stack of the owners that are open tells each identifier's own.
#include "parsers/local_bindings.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "parsers/name_role.hpp"

namespace repomap {
namespace {

constexpr std::uint32_t kNone = SyntaxNode::kNone;
constexpr int kMaxClosures = 256;  // nested in one method; deeper ones count as methods

constexpr int kMaxHidden = 64;  // declarations around a place that come into force behind it

struct Site {
  std::uint32_t node = kNone;
  NameSite name;
  std::uint32_t owner = kNone;  // what the name is bound in, as far as is known
};

/// How one node binds the name.
struct Owner {
  bool binds = false;
  bool assigns = false;
  bool is_global = false;
  bool is_outer = false;
  std::uint32_t visible_from = SyntaxNode::kNone;  // byte
};

using Owners = std::map<std::uint32_t, Owner>;

Owners owners_of(const std::vector<Site>& sites, bool is_type) {
  Owners owners;
  for (const Site& site : sites) {
    if (site.name.owner == kNone || site.name.is_type != is_type) {
      continue;
    }
    Owner& owner = owners[site.name.owner];
    owner.binds |= site.name.role == NameRole::kBind;
    owner.assigns |= site.name.role == NameRole::kAssign || site.name.role == NameRole::kUse;
    owner.is_global |= site.name.role == NameRole::kGlobal;
    owner.is_outer |= site.name.role == NameRole::kOuter;
    owner.visible_from = std::min(owner.visible_from, site.name.visible_from);
  }
  return owners;
}

/// The open owners around a place in the document, outermost first.
class OpenOwners {
 public:
  OpenOwners(const DocumentSyntax& syntax, const Owners& owners)
      : syntax_(syntax), owners_(owners), next_(owners.begin()) {}

  /// REQUIRES: nodes come in document order.
  void move_to(std::uint32_t node) {
    for (; next_ != owners_.end() && next_->first <= node; ++next_) {
      close_before(next_->first);
      if (declares(next_->first, next_->second)) {
        open_.push_back(next_->first);
      }
    }
    close_before(node);
  }

  /// The innermost open one that begins before the node `limit` and knows the name at `byte`; kNone if there is none
  /// or it stands for the global.
  std::uint32_t innermost(std::uint32_t limit, std::uint32_t byte) const {
    auto behind = std::ranges::lower_bound(open_, limit);
    for (int step = 0; behind != open_.begin() && step < kMaxHidden; ++step) {
      const std::uint32_t node = *--behind;
      const Owner& owner = owners_.at(node);
      if (byte >= owner.visible_from) {
        return owner.is_global ? kNone : node;
      }
    }
    return kNone;
  }

 private:
  void close_before(std::uint32_t node) {
    while (!open_.empty() && syntax_.nodes()[open_.back()].end_node <= node) {
      open_.pop_back();
    }
  }

  bool declares(std::uint32_t node, const Owner& owner) const {
    if (owner.is_global || owner.binds) {
      return true;
    }
    return owner.assigns && !owner.is_outer && (open_.empty() || !is_closed_over(node));
  }

  /// Whether a closure assigns to a variable of the function around it, or of a closure between.
  bool is_closed_over(std::uint32_t node) const {
    for (int step = 0; step < kMaxClosures && syntax_.traits_of(node).has(NodeTrait::kClosure); ++step) {
      node = syntax_.nodes()[node].scope;
      if (node == kNone) {
        return false;
      }
      if (std::ranges::binary_search(open_, node)) {
        return true;
      }
    }
    return false;
  }

  const DocumentSyntax& syntax_;
  const Owners& owners_;
  Owners::const_iterator next_;
  std::vector<std::uint32_t> open_;  // ascending
};

std::uint32_t begin_of(const DocumentSyntax& syntax, std::uint32_t node) { return syntax.nodes()[node].bytes.begin; }

/// Finds the owners of the sites that have none yet.
void resolve(const DocumentSyntax& syntax, std::vector<Site>& sites, bool in_types, bool of_types) {
  const Owners owners = owners_of(sites, in_types);
  OpenOwners open(syntax, owners);
  for (Site& site : sites) {
    open.move_to(site.node);
    if (site.owner == kNone && site.name.is_type == of_types) {
      const bool is_declared_here = site.name.role == NameRole::kBind && site.name.is_type == in_types;
      site.owner = is_declared_here ? site.name.owner : open.innermost(site.name.before, begin_of(syntax, site.node));
    }
  }
}

std::string_view text_of(const DocumentSyntax& syntax, std::string_view text, std::uint32_t node) {
  const ByteRange bytes = syntax.nodes()[node].bytes;
  return text.substr(bytes.begin, bytes.end - bytes.begin);
}

std::vector<Site> sites_of(const DocumentSyntax& syntax, std::string_view text, std::string_view name) {
  std::vector<Site> sites;
  for (const std::uint32_t node : syntax.identifiers()) {
    if (text_of(syntax, text, node) == name) {
      const NameSite site = name_site(syntax, text, node);
      if (site.role != NameRole::kNotVariable) {
        sites.push_back({node, site, kNone});
      }
    }
  }
  return sites;
}

bool declares(const Site& site) { return site.name.role == NameRole::kBind || site.name.role == NameRole::kAssign; }

}  // namespace

NameBindings::NameBindings(const DocumentSyntax& syntax, std::string_view text, std::string_view name) : name_(name) {
  std::vector<Site> sites = sites_of(syntax, text, name);
  resolve(syntax, sites, true, true);
  resolve(syntax, sites, false, false);
  resolve(syntax, sites, true, false);  // a type that is named like a value: `T::new()`, `new T()`
  places_.reserve(sites.size());
  for (const Site& site : sites) {
    places_.push_back({site.node, syntax.nodes()[site.node].bytes, site.owner, declares(site)});
  }
}

std::optional<LocalBinding> NameBindings::binding_of(std::uint32_t identifier) const {
  const auto self = std::ranges::lower_bound(places_, identifier, {}, &Place::node);
  if (self == places_.end() || self->node != identifier || self->owner == kNone) {
    return std::nullopt;
  }
  LocalBinding binding;
  bool has_definition = false;
  for (const Place& place : places_) {
    if (place.owner != self->owner) {
      continue;
    }
    if (binding.occurrences.empty() || (!has_definition && place.declares)) {
      binding.definition = place.bytes;
    }
    has_definition |= place.declares;
    binding.occurrences.push_back(place.bytes);
  }
  return binding;
}

}  // namespace repomap
