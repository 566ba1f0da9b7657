#include <npcsim/population/patient_sampler.hpp>
#include <npcsim/results/detail/column_buffer.hpp>
#include <npcsim/results/detail/patient_columns.hpp>
#include <npcsim/run/block_simulator.hpp>

namespace npcsim::detail {

namespace {

// Names of JournalEntry::Kind in its order.
std::vector<std::string> kind_names() {
  return {"diagnosis", "fired",   "documented", "begin",   "finish",  "assessed",
          "toxicity",  "stopped", "left",       "horizon", "reduced", "held"};
}

void write_names(Hdf5File& file, const std::string& what, const std::vector<std::string>& names) {
  file.append("/names/" + what, names);
}

template <class List>
std::vector<std::string> names_of(const List& list) {
  std::vector<std::string> names;
  for (const auto& item : list) names.push_back(item.name);
  return names;
}

}  // namespace

void write_journal_columns(Hdf5File& file, const CompiledStudy& study, double share,
                           const StopSign& stop) {
  const Program& program = *study.program;
  write_names(file, "kind", kind_names());
  write_names(file, "strategy", study.shape.strategies);
  write_names(file, "state", program.states);
  write_names(file, "process", names_of(program.processes));
  write_names(file, "agent", names_of(program.agents));
  write_names(file, "marker", names_of(program.markers));
  write_names(file, "toxicity", names_of(program.toxicities));
  for (const Agent& agent : program.agents) {
    if (!agent.causes.empty()) write_names(file, "stop_cause/" + agent.name, agent.causes);
  }
  for (const Marker& marker : program.markers) {
    if (!marker.levels.empty()) write_names(file, "level/" + marker.name, marker.levels);
  }

  file.make_group("/journal");
  file.set_attribute("/journal", "name", std::string_view("journal"));
  ColumnBuffer<std::int64_t> patient(file, "/journal/patient", "", "number of the patient", 0);
  ColumnBuffer<std::int32_t> strategy(file, "/journal/strategy", "code", "row of /names/strategy",
                                      1);
  ColumnBuffer<double> days(file, "/journal/days", "days", "since diagnosis", 2);
  ColumnBuffer<std::int8_t> kind(file, "/journal/kind", "code", "row of /names/kind", 3);
  file.set_attribute(strategy.path(), "levels", std::string_view(lines_of(study.shape.strategies)));
  file.set_attribute(kind.path(), "levels", std::string_view(lines_of(kind_names())));
  ColumnBuffer<std::int32_t> index(file, "/journal/index", "code",
                                   "whose event: process, agent, marker or toxicity; -1 none", 4);
  ColumnBuffer<std::int32_t> detail(file, "/journal/detail", "see kind",
                                    "state entered, doses, level, cause, occurrence, per cent of "
                                    "the full dose or number of the dose; -1 none",
                                    5);
  ColumnBuffer<std::int32_t> value(file, "/journal/value", "see kind",
                                   "of a finish: 0 done, 1 stopped, 2 interrupted; of a held dose: "
                                   "days",
                                   6);

  const PatientSampler sampler(program, study.needed);
  BlockSimulator simulator(study, sampler);
  Journal journal;
  const auto patients = static_cast<std::uint64_t>(study.study.patients);
  for (std::uint64_t p = 0; p < patients; ++p) {
    go_on_unless(stop);
    const auto number = static_cast<std::uint32_t>(p);
    if (!in_sample(study, number, share)) continue;
    for (std::size_t s = 0; s < study.strategies.size(); ++s) {
      if (!simulator.replay(number, s, journal)) continue;
      for (const JournalEntry& entry : journal) {
        patient.add(static_cast<std::int64_t>(p));
        strategy.add(static_cast<std::int32_t>(s));
        days.add(entry.days);
        kind.add(static_cast<std::int8_t>(entry.kind));
        index.add(entry.index);
        detail.add(entry.detail);
        value.add(entry.value);
      }
    }
  }
  patient.flush();
  strategy.flush();
  days.flush();
  kind.flush();
  index.flush();
  detail.flush();
  value.flush();
}

}  // namespace npcsim::detail
