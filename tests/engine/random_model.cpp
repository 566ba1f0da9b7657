#include "random_model.hpp"

#include <npcsim/base/quantity_text.hpp>
#include <npcsim/io/yaml_reader.hpp>

#include <random>
#include <stdexcept>

#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

class Writer {
 public:
  explicit Writer(const RandomChoice& choice) : choice_(choice), random_(choice.seed) {}

  double number(double low, double high) {
    // Multiples of 1/64: exact in binary, and times 30.4375 too.
    const double u = static_cast<double>(random_()) / 4294967296.0;
    return static_cast<double>(static_cast<int>((low + (high - low) * u) * 64)) / 64.0;
  }
  int whole(int low, int high) {
    return low + static_cast<int>(static_cast<double>(random_()) / 4294967296.0 * (high - low + 1));
  }
  std::string time(double months) {
    return choice_.days ? shortest(months * 30.4375) + " d" : shortest(months) + " months";
  }
  std::string time(double low, double high) { return time(number(low, high)); }

  // Families whose parameters are times and pure numbers, so that days and months say the same
  // number of days.
  std::string hazard(double typical) {
    const double low = typical / 2;
    const double high = typical * 2;
    switch (whole(0, 4)) {
      case 0:
        return "{weibull: {shape: " + shortest(number(0.6, 2)) + ", scale: " + time(low, high) +
               "}, source: assumed}";
      case 1:
        return "{weibull: {shape: 1, scale: " + time(low, high) + "}, source: assumed}";
      case 2:
        return "{llogis: {shape: " + shortest(number(0.8, 2.5)) + ", scale: " + time(low, high) +
               "}, source: assumed}";
      case 3:
        return "{lnorm: {median: " + time(low, high) + ", sdlog: " + shortest(number(0.5, 1.5)) +
               "}, source: assumed}";
      default:
        return "{weibull: {shape: " + shortest(number(0.8, 1.6)) + ", scale: " + time(low, high) +
               "}, cure: {kind: mixture, share: " + shortest(number(0.1, 0.5)) +
               "}, source: assumed}";
    }
  }
  std::string log_hr(double low, double high) {
    return shortest(number(low, high) * choice_.effect);
  }
  std::string kernel() {
    switch (whole(0, 3)) {
      case 0:
        return "";
      case 1:
        return ", kernel: {half_life: " + time(1, 6) +
               ", step: 21 d, steps: " + std::to_string(whole(1, 12)) +
               ", durable: " + shortest(number(0, 0.5)) + "}";
      case 2:
        return ", kernel: {onset: 21 d, ramp: 63 d, half_life: " + time(1, 6) +
               ", step: 21 d, steps: 6}";
      default:
        return ", kernel: {onset: 7 d, duration: " + time(3, 12) +
               ", durable: " + shortest(number(0, 0.5)) + "}";
    }
  }
  std::string process(const std::string& name, const std::string& from, const std::string& to,
                      double typical, bool clock_may_reset) {
    std::string clock = "forward";
    if (clock_may_reset) clock = whole(0, 1) == 0 ? "reset" : "forward";
    std::string out = "    " + name + ":\n      from: " + from + "\n      to: " + to +
                      "\n      clock: " + clock + "\n      hazard: " + hazard(typical) + "\n";
    if (whole(0, 1) == 1) out += "      log_hr: {x: " + shortest(number(-0.8, 0.8)) + "}\n";
    if (whole(0, 1) == 1) out += "      frailty: {w: " + shortest(number(0.25, 1)) + "}\n";
    return out;
  }

  std::string study() {
    const bool simple = choice_.simple;
    std::string out =
        "study: random\nmodel:\n  model: random\n  states: [first_line, progressed, second, "
        "dead]\n";
    const bool late_dose = whole(0, 1) == 1;
    if (!simple && late_dose) out += "  first_dose: 14 d\n";
    out +=
        "  attributes:\n    x: {bernoulli: 0.5, source: assumed}\n    age: {uniform: [40, 70], "
        "source: assumed}\n";
    out += "  frailties: {w: {gamma: {variance: " + shortest(number(0.1, 1)) +
           "}, source: assumed}}\n  processes:\n";
    out += process("progression", "first_line", "progressed", 10, false);
    out += process("second_progression", "progressed", "second", 10, true);
    out += process("death_before", "first_line", "dead", 60, false);
    out += process("death_after", simple ? "progressed" : "[progressed, second]", "dead", 20, true);
    if (simple) out += process("death_second", "second", "dead", 10, true);
    out += "    background: {from: " +
           std::string(simple ? "first_line" : "[first_line, progressed, second]") +
           ", to: dead, clock: age, hazard: {weibull: {shape: 6, scale: 90 years}, source: "
           "assumed}}\n";
    if (!simple && whole(0, 1) == 1) {
      out +=
          "    recovery: {from: progressed, to: first_line, clock: reset, hazard: " + hazard(20) +
          "}\n";
    }
    out += choice_.more_processes;
    out += "  agents:\n";
    const std::string lead = ", source: assumed";
    if (simple) {
      out += "    drug: {effects: [{process: [progression, second_progression], log_hr: " +
             log_hr(-1.5, -0.2) + lead +
             "}]}\n    other: {effects: [{process: death_before, log_hr: " + log_hr(-1, 0.5) +
             lead + "}]}\n";
    } else {
      out += "    drug:\n      class: chemo\n      cycle: {every: 21 d, cap: " +
             std::to_string(whole(3, 12)) +
             "}\n      stop: {toxicity: {per_cycle: " + shortest(number(0.02, 0.2)) +
             "}}\n      effects:\n        - {process: [progression, second_progression], log_hr: " +
             log_hr(-1.5, -0.2) + kernel() + lead + ", carry_over: {to: death_after, share: 0.5}" +
             (whole(0, 1) == 0 ? ", dose_exponent: 1" : "") + "}\n";
      out +=
          "    other:\n      effects:\n        - {process: [progression, death_before], log_hr: " +
          log_hr(-1, 0.5) + kernel() + ", masked_by: {class: chemo, share: 0.4}" + lead + "}\n";
      out +=
          "    rt:\n      course: {dose: 60 Gy, fractions: 30, over: 42 d}\n      effects:\n       "
          " - {process: "
          "progression, log_hr: " +
          log_hr(-1.5, -0.2) + ", course_share: {half_way: 0.5, end: 1}" + lead + "}\n";
      out += "  toxicities: {harm: {of: chemo, per_cycle: " + shortest(number(0.05, 0.3)) +
             (whole(0, 1) == 0 ? ", delay: 7 d" : "") + ", reduce: {by: 25 %, most: 3}}}\n";
      out += "  observation: {processes: [progression, second_progression], every: " +
             std::string(whole(0, 1) == 0 ? "42 d" : "63 d") +
             ", at_once: 0.2, sensitivity: 0.9, source: assumed}\n";
    }
    out += "  endpoints:\n";
    if (simple) {
      out += "    PFS: {processes: [progression, death_before, background]}\n";
    } else {
      out += "    PFS: {documented: progression, states: [dead]}\n";
    }
    // Endpoints that do not count death are censored there.
    out +=
        "    OS: {states: [dead]}\n    TTP: {processes: [progression]}\n    second: {states: "
        "[second]}\n";
    const std::string months_3 = time(3);
    out += "strategies:\n";
    if (!choice_.strategies.empty()) {
      out += choice_.strategies;
    } else {
      out += "  - {strategy: untreated}\n";
      if (simple) {
        out += "  - {strategy: treated, steps: [{give: [drug, other]}]}\n";
      } else {
        out +=
            "  - strategy: treated\n    steps:\n      - {give: drug, cycles: 6}\n      - {give: "
            "rt, probability: 0.7}\n"
            "      - {give: other, at: " +
            months_3 + ", for: " + time(6) + "}\n    on_progression: [{give: drug, cycles: 4}]\n";
      }
    }
    return out + "patients: " + std::to_string(choice_.patients) +
           "\nseed: " + std::to_string(1000 + choice_.seed) + "\nhorizon: " + time(120) +
           "\nlandmarks: [6, 12, 60]\n";
  }

 private:
  const RandomChoice& choice_;
  std::mt19937 random_;
};

}  // namespace

std::string random_study(const RandomChoice& choice) { return Writer(choice).study(); }

std::unique_ptr<CompiledStudy> compiled(const std::string& text) {
  Diagnostics problems;
  Library library;
  library.roots = {NPCSIM_SOURCE_DIR};
  Tree tree = read_yaml_text("random.yaml", text, problems);
  inline_documents(library, tree, problems);
  auto study = compile_study(library, tree, problems);
  if (problems.has_errors()) throw std::runtime_error(problems.text("nothing was run") + text);
  return study;
}

OutcomeBlock outcomes(const CompiledStudy& study, bool columnwise, std::uint32_t first,
                      std::uint32_t count) {
  const PatientSampler sampler(*study.program, study.needed);
  BlockSimulator simulator(study, sampler, columnwise);
  OutcomeBlock block;
  std::uint64_t candidates = 0;
  if (!simulator.run(first, count > 0 ? count : static_cast<std::uint32_t>(study.study.patients),
                     block, candidates)) {
    throw std::runtime_error("no eligible patients");
  }
  return block;
}

std::vector<Journal> journals(const CompiledStudy& study, std::size_t strategy,
                              std::uint32_t patients) {
  const PatientSampler sampler(*study.program, study.needed);
  BlockSimulator simulator(study, sampler);
  std::vector<Journal> out(patients);
  for (std::uint32_t i = 0; i < patients; ++i) simulator.replay(i, strategy, out[i]);
  return out;
}

Journal journal(const CompiledStudy& study, std::uint32_t patient, std::size_t strategy) {
  const PatientSampler sampler(*study.program, study.needed);
  BlockSimulator simulator(study, sampler);
  Journal out;
  simulator.replay(patient, strategy, out);
  return out;
}

RunOptions cut(int threads, std::uint32_t block_patients) {
  RunOptions options;
  options.threads = threads;
  options.block_patients = block_patients;
  return options;
}

bool same(const OutcomeBlock& a, const OutcomeBlock& b) {
  return a.ticks == b.ticks && a.events == b.events && a.measures == b.measures &&
         a.levels == b.levels;
}

}  // namespace npcsim::testing
