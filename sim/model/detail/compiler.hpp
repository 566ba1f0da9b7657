// The state of one compilation; its parts are in compile_*.cpp.
#pragma once

#include <npcsim/model/compile.hpp>
#include <npcsim/random/stream.hpp>

namespace npcsim {

class Compiler {
 public:
  Compiler(const CompileInput& input, Diagnostics& diagnostics)
      : input_(input), model_(*input.model), diagnostics_(diagnostics) {}

  Program run();

 private:
  void states();
  void columns();
  class AttributeRule;
  static ColumnKind column_kind(const std::string& name);
  void attribute(const Name& name, const AttributeDoc& doc);
  void join_copula(const Name& name, ColumnRule& rule) const;
  void pattern_members(const AttributeDoc& doc, std::int32_t pattern);
  bool has_other_levels(std::int32_t column) const;  ///< than those of a flag
  void check_levels(const Name& name, const AttributeDoc& doc, const ColumnInfo& info);
  void copulas();
  void diagnosed_by_study(const AttributeDoc& instead_of);
  void check_diagnosed_on();
  std::int32_t calendar_column(const HazardDoc& doc, const LifeTable& table);
  void frailties();
  void processes();
  void process(const Name& name, const ProcessDoc& doc);
  void hazard(const HazardDoc& doc, Process& out);
  void covariates_on_parameter(const HazardDoc& doc, const AncillaryDoc& entry, Process& out);
  void tabulate_hazard(Process& out) const;
  void life_table(const HazardDoc& doc, Process& out);
  std::vector<LifeTableRow> life_table_rows(const HazardDoc& doc, const Table& table);
  void agents();
  void agent(const AgentDoc& doc, Agent& out);
  void stop_risks(const AgentDoc& doc, Agent& out);
  void effect(std::int32_t agent, const EffectDoc& doc);
  void kernel(const AgentDoc& agent, const EffectDoc& doc, Track& track);
  void finish_track(Track& track);
  void lesion_control();
  void markers();
  void toxicities();
  void observation();
  void endpoints();
  void reachability();
  void order_processes();

  std::int32_t add_column(ColumnInfo info, ColumnRule rule);
  std::int32_t hidden_normal(const std::string& name);
  std::uint32_t stream(const std::string& name, SourcePlace place);
  std::int32_t harm(const std::string& name, SourcePlace place);
  Linear linear(const LinearDoc& doc);
  std::vector<LinearTerm> linear_terms(const std::vector<TermDoc>& terms);
  std::int32_t column(const Name& name);
  /// The column of something that is a number or a flag; -1, with a message, for levels: their
  /// numbers are no measure of anything.
  std::int32_t term(const Name& name);
  /// False, with a message, if the condition names an attribute that stands further down.
  bool declared_before(const ConditionDoc& condition);
  std::int32_t state(const Name& name);
  std::int32_t find_process(const Name& name);
  std::int32_t find_agent(const Name& name);
  Origin origin(const Name& name);
  /// Agents of a name that is an agent or a class; reports an unknown one.
  std::vector<std::int32_t> agents_of(const Name& name);
  void unknown(const Name& name, const std::string& what, const std::vector<std::string>& choices);
  double at(const Value& value, double fallback = 0) const {
    return value.given ? value.at(input_.parameters) : fallback;
  }

  const CompileInput& input_;
  const ModelDoc& model_;
  Diagnostics& diagnostics_;
  bool states_are_clear_ = true;
  Program program_;
  std::vector<std::pair<std::uint32_t, std::string>> streams_;
};

}  // namespace npcsim
