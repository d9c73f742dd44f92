// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace repomap {

/// What the place of a node in its parent says of the name in the node.
enum class BindingRule : std::uint8_t {
  kNone,                    ///< nothing: the name is used
  kNotVariable,             ///< the name is no variable: a member, a label
  kNotVariableIfFirst,      ///< as kNotVariable if it is the first child, as kUp if not
  kNotVariableUnlessFirst,  ///< as kNotVariable if it is not the first child
  kUp,                      ///< what the place of the parent in its own parent says
  kUpIfOnly,                ///< as kUp if it is the only child
  kUpIfFirst,               ///< as kUp if it is the first child
  kUpUnlessFirst,           ///< as kUp if it is not
  kBind,                    ///< a variable is declared
  kBindType,                ///< a type is declared
  kBindIfDeclared,          ///< as kBind if a word or sign says so: `for (const x of …)`, `local x`, `x := range …`
  kBindIfPattern,           ///< as kBind if the child is a pattern and not a value
  kBindIfFirst,             ///< as kBind if it is the first child
  kBindUnlessFirst,         ///< as kBind if it is not
  kAssignIfFirst,           ///< as kAssign if it is the first child
  kParameterIfFirst,        ///< as kParameter if it is the first child
  kAssign,                  ///< a variable is assigned to, which declares it
  kParameter,               ///< a parameter is declared
  kInferIfFirst,            ///< the first child is a type that the condition around it declares: `T extends infer U`
  kGlobal,                  ///< the name means the global in this function
  kOuter,                   ///< the name means what it means around this function
};

/// The rule for a child in the field `field` ("" for none) of a node of that kind.
BindingRule binding_rule(std::string_view language, std::string_view kind, std::string_view field);

}  // namespace repomap
