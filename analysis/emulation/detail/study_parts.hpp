// What an emulated study is made of.
#pragma once

#include <npcsim/emulation/detail/sampled_statistic.hpp>
#include <npcsim/emulation/emulated_study.hpp>

#include <string>
#include <vector>

namespace npcsim {

struct EmulatedStudy::Parts {
  detail::StudyDesign design;
  std::vector<detail::FigureDesign> figures;
  std::string kind;

  detail::ArmTwins twins_of_arms(const Twins& others, const Twins& treated) const {
    detail::ArmTwins out;
    for (const detail::ArmDesign& arm : design.arms)
      out.push_back(arm.treated ? &treated : &others);
    return out;
  }

  std::vector<double> values_of(const NamedValues& named) const {
    const ParameterTable& table = design.pool->base().model.parameters;
    std::vector<double> values = table.values();
    for (const auto& [name, value] : named) {
      const std::int32_t index = table.find(name);
      if (index >= 0 && !design.pool->is_fixed(name))
        values[static_cast<std::size_t>(index)] = value;
    }
    return values;
  }
};

}  // namespace npcsim
