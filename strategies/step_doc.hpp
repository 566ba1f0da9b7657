// A strategy as its document says it: an ordered list of steps, and what to do when progression is
// documented.
#pragma once

#include <npcsim/base/binder.hpp>
#include <npcsim/model/condition_doc.hpp>

#include <string>
#include <utility>
#include <vector>

namespace npcsim {

/// One step, or one rule for a later line.
struct StepDoc {
  Name name;
  std::vector<Name> give;                           ///< agents or regimens
  std::vector<std::pair<Name, std::int64_t>> with;  ///< further agents, cycles (0: until stopped)
  Name assess;                                      ///< marker
  std::vector<Name> stop;                           ///< agents or regimens
  std::int64_t cycles = 0;                          ///< 0: until stopped
  bool planned = false;                             ///< cycles: planned
  ConditionDoc when;
  Name after;           ///< step; empty: the previous one
  double at_days = -1;  ///< since diagnosis; -1: not given
  double delay_days = 0;
  double within_days = -1;        ///< latest start after the trigger; -1: none
  double for_days = 0;            ///< of agents without cycles
  double time_on_agent_days = 0;  ///< no dose this long after the agent's first
  Value probability;
  std::string draw;  ///< name of the draw behind `probability`
  std::vector<Name> source;
  SourcePlace place;
};

struct StrategyDoc {
  std::string name;
  std::string model;
  std::string title;
  std::string description;
  std::vector<StepDoc> steps;
  std::vector<StepDoc> on_progression;
  std::vector<StepDoc> on_second_progression;
  Name plugin;                                   ///< shared library that decides instead of steps
  std::vector<std::pair<Name, Value>> settings;  ///< numbers for a plugin
  std::vector<Name> source;
  SourcePlace place;
  std::string folder;
};

void bind(Binder& binder, StepDoc& out);
void bind(Binder& binder, StrategyDoc& out);

/// Reads a whole strategy document. `parameters` are those of its model; may be nullptr. `uses`
/// receives the places where they must keep within a range.
StrategyDoc read_strategy(const Tree& tree, const ParameterTable* parameters,
                          Diagnostics& diagnostics, std::vector<FilledDefault>* defaults = nullptr,
                          std::vector<ValueUse>* uses = nullptr);

}  // namespace npcsim
