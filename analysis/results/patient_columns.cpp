#include <npcsim/base/units.hpp>
#include <npcsim/population/patient_sampler.hpp>
#include <npcsim/results/detail/column_buffer.hpp>
#include <npcsim/results/detail/patient_columns.hpp>

#include <algorithm>
#include <cctype>

namespace npcsim::detail {

namespace {

DrawKey key_of(const CompiledStudy& study) {
  return {static_cast<std::uint64_t>(study.study.seed),
          static_cast<std::uint32_t>(study.study.replicate)};
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// The attribute of a model may be called "patient", as the number of a patient is, or "patient_".
std::string column_of_attribute(const Program& program, const std::vector<std::int32_t>& visible,
                                std::string name) {
  if (name != "patient") return name;
  const auto taken = [&](const std::string& other) {
    return std::any_of(visible.begin(), visible.end(), [&](std::int32_t c) {
      return program.columns[static_cast<std::size_t>(c)].name == other;
    });
  };
  do {
    name += '_';
  } while (taken(name));
  return name;
}

// An attribute of a patient: a code of its levels, or a number.
struct Attribute {
  std::int32_t column;
  std::vector<ColumnBuffer<std::int8_t>> codes;  // one of the two
  std::vector<ColumnBuffer<double>> numbers;
};

}  // namespace

bool in_sample(const CompiledStudy& study, std::uint32_t patient, double share) {
  if (share >= 1) return true;
  return PatientDraws(key_of(study), patient).uniform(StreamName("output sample")) < share;
}

std::vector<std::int32_t> visible_columns(const Program& program) {
  std::vector<std::int32_t> visible;
  for (std::size_t c = 0; c < program.columns.size(); ++c) {
    if (!program.columns[c].hidden) visible.push_back(static_cast<std::int32_t>(c));
  }
  return visible;
}

void write_patient_columns(Hdf5File& file, const CompiledStudy& study, double share,
                           const StopSign& stop) {
  const Program& program = *study.program;
  const std::vector<std::int32_t> visible = visible_columns(program);
  file.make_group("/patients");
  file.set_attribute("/patients", "name", std::string_view("patients"));
  std::int64_t position = 0;
  ColumnBuffer<std::int64_t> patient(file, "/patients/patient", "", "number of the patient",
                                     position++);
  std::vector<Attribute> attributes;
  for (const std::int32_t c : visible) {
    const ColumnInfo& info = program.columns[static_cast<std::size_t>(c)];
    const std::string path = "/patients/" + column_of_attribute(program, visible, info.name);
    Attribute attribute{c, {}, {}};
    if (info.levels.empty()) {
      attribute.numbers.emplace_back(file, path, info.unit, info.label, position++);
    } else {
      attribute.codes.emplace_back(file, path, "code", info.label, position++);
      file.set_attribute(path, "levels", std::string_view(lines_of(info.levels)));
    }
    attributes.push_back(std::move(attribute));
  }
  const PatientSampler sampler(program, program.needed_rules(visible));
  PatientSampler::Workspace work;
  constexpr std::uint32_t chunk = 256;
  std::vector<double> columns(program.columns.size() * chunk);
  const auto patients = static_cast<std::uint64_t>(study.study.patients);
  for (std::uint64_t first = 0; first < patients; first += chunk) {
    go_on_unless(stop);
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(chunk, patients - first));
    static_cast<void>(
        sampler.draw(key_of(study), static_cast<std::uint32_t>(first), n, columns.data(), work));
    for (std::size_t i = 0; i < n; ++i) {
      if (!in_sample(study, static_cast<std::uint32_t>(first + i), share)) continue;
      patient.add(static_cast<std::int64_t>(first + i));
      for (Attribute& attribute : attributes) {
        const double value = columns[static_cast<std::size_t>(attribute.column) * n + i];
        for (auto& buffer : attribute.codes) buffer.add(static_cast<std::int8_t>(value));
        for (auto& buffer : attribute.numbers) buffer.add(value);
      }
    }
  }
  patient.flush();
  for (Attribute& attribute : attributes) {
    for (auto& buffer : attribute.codes) buffer.flush();
    for (auto& buffer : attribute.numbers) buffer.flush();
  }
}

void write_outcome_columns(Hdf5File& file, const CompiledStudy& study, const std::string& folder,
                           double share, const StopSign& stop) {
  const OutcomeShape& shape = study.shape;
  file.make_group("/outcomes");
  file.set_attribute("/outcomes", "name", std::string_view("outcomes"));
  std::int64_t position = 0;
  ColumnBuffer<std::int64_t> patient(file, "/outcomes/patient", "", "number of the patient",
                                     position++);
  ColumnBuffer<std::int32_t> strategy(file, "/outcomes/strategy", "code",
                                      "strategy that this twin lived under", position++);
  file.set_attribute(strategy.path(), "levels", std::string_view(lines_of(shape.strategies)));

  std::vector<ColumnBuffer<std::int32_t>> ticks;
  std::vector<ColumnBuffer<std::int8_t>> events;
  for (const EndpointShape& endpoint : shape.endpoints) {
    const std::string name = "/outcomes/" + lower(endpoint.name);
    ticks.emplace_back(file, name + "_ticks", "1/32 day",
                       endpoint.title + ", time of event or censoring since the endpoint's origin",
                       position++);
    file.set_attribute(ticks.back().path(), "ticks_per_month", ticks_per_month);
    events.emplace_back(file, name + "_event", "code",
                        endpoint.title +
                            ": 0 censored, 1 and above the cause of the event, -1 the patient does "
                            "not belong to the endpoint's set",
                        position++);
    // Line 0 stands for code 0, so that the line number is the code here as elsewhere.
    std::vector<std::string> causes = {"censored"};
    causes.insert(causes.end(), endpoint.causes.begin(), endpoint.causes.end());
    file.set_attribute(events.back().path(), "levels", std::string_view(lines_of(causes)));
  }
  struct MeasureColumn {
    std::vector<ColumnBuffer<std::int8_t>> flag;  // one of the two
    std::vector<ColumnBuffer<std::int32_t>> number;
  };
  std::vector<MeasureColumn> measures;
  for (const MeasureShape& measure : shape.measures) {
    const std::string meaning = measure.title + "; -1: does not apply";
    MeasureColumn column;
    if (measure.kind == MeasureKind::flag) {
      column.flag.emplace_back(file, "/outcomes/" + measure.name, "0 or 1", meaning, position++);
    } else if (measure.kind == MeasureKind::duration) {
      column.number.emplace_back(file, "/outcomes/" + measure.name + "_ticks", "1/32 day", meaning,
                                 position++);
      file.set_attribute(column.number.back().path(), "ticks_per_month", ticks_per_month);
    } else if (measure.kind == MeasureKind::portion) {
      column.number.emplace_back(file, "/outcomes/" + measure.name + "_millionths", "millionths",
                                 meaning, position++);
    } else {
      column.number.emplace_back(file, "/outcomes/" + measure.name, "count", meaning, position++);
    }
    measures.push_back(std::move(column));
  }

  read_patients(folder, [&](const OutcomeBlock& block) {
    go_on_unless(stop);
    for (std::uint32_t i = 0; i < block.count; ++i) {
      if (!in_sample(study, block.first_patient + i, share)) continue;
      for (std::size_t s = 0; s < shape.strategies.size(); ++s) {
        patient.add(static_cast<std::int64_t>(block.first_patient) + i);
        strategy.add(static_cast<std::int32_t>(s));
        for (std::size_t e = 0; e < shape.endpoints.size(); ++e) {
          const std::size_t at = block.endpoint_column(shape, s, e) + i;
          ticks[e].add(block.ticks[at]);
          events[e].add(block.events[at]);
        }
        for (std::size_t m = 0; m < measures.size(); ++m) {
          const std::int32_t value = block.measures[block.measure_column(shape, s, m) + i];
          const std::int32_t shown = value == measure_missing ? -1 : value;
          for (auto& buffer : measures[m].flag) buffer.add(static_cast<std::int8_t>(shown));
          for (auto& buffer : measures[m].number) buffer.add(shown);
        }
      }
    }
  });
  patient.flush();
  strategy.flush();
  for (auto& buffer : ticks) buffer.flush();
  for (auto& buffer : events) buffer.flush();
  for (MeasureColumn& column : measures) {
    for (auto& buffer : column.flag) buffer.flush();
    for (auto& buffer : column.number) buffer.flush();
  }
}

}  // namespace npcsim::detail
