#include <npcsim/base/units.hpp>
#include <npcsim/comparison/subgroup_figures.hpp>
#include <npcsim/results/detail/report_data.hpp>
#include <npcsim/results/months_text.hpp>
#include <npcsim/results/risk_classes.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <tuple>

namespace npcsim {

namespace {

constexpr const char* risk_endpoints[] = {"OS", "PFS"};

/// Where a class stands among the subgroups of a study.
struct ClassPlace {
  std::size_t subgroup = 0;
  std::size_t level = 0;
};

struct ClassInSystem {
  std::size_t system = 0;
  std::size_t position = 0;  ///< among the classes of the system
};

/// The class of a system that the word of an arm names: its flag, the flag after the study or the
/// system ("m1a": shen_2015_m1a), or the only flag that ends with the word. Where several end with
/// it, such as high_risk and very_high_risk, the word alone does not say which is meant.
std::optional<std::size_t> class_named(const std::string& word, const std::string& study,
                                       const Name& system, const std::vector<RiskClass>& classes) {
  if (word.empty()) return std::nullopt;
  for (const std::string& flag : {word, study + "_" + word, system.text + "_" + word}) {
    for (std::size_t c = 0; c < classes.size(); ++c) {
      if (classes[c].flag.text == flag) return c;
    }
  }
  std::optional<std::size_t> only;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (!classes[c].flag.text.ends_with("_" + word)) continue;
    if (only) return std::nullopt;
    only = c;
  }
  return only;
}

std::optional<double> printed(double value) {
  return is_printed(value) ? std::optional<double>(value) : std::nullopt;
}

std::optional<double> counted(std::int64_t count) {
  return count > 0 ? std::optional<double>(static_cast<double>(count)) : std::nullopt;
}

template <class List>
std::string joined(const List& names, const std::string& between) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : between) + name;
  return out;
}

std::string quoted(const std::string& word) { return "'" + word + "'"; }

class Comparison {
 public:
  Comparison(const Evidence& evidence, const OutcomeShape& shape, const Tally& tally)
      : evidence_(evidence), shape_(shape), tally_(tally) {}

  std::vector<RiskClassRow> rows() {
    for (const auto& [id, target] : evidence_.targets) add(id.text, target);
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Found& a, const Found& b) { return a.order < b.order; });
    std::vector<RiskClassRow> out;
    for (Found& found : found_) {
      std::move(found.rows.begin(), found.rows.end(), std::back_inserter(out));
    }
    return out;
  }

 private:
  /// System, endpoint, statistic, time, class; figures that are alike keep the order of documents.
  using Order = std::tuple<std::size_t, std::size_t, Statistic, double, std::size_t>;
  struct Found {
    Order order;
    std::vector<RiskClassRow> rows;
  };

  const RiskSystem& system(const ClassInSystem& at) const {
    return evidence_.systems[at.system].second;
  }

  std::optional<std::size_t> class_named(const std::string& word, const std::string& study,
                                         const ClassInSystem& in) const {
    return npcsim::class_named(word, study, evidence_.systems[in.system].first, system(in).classes);
  }

  std::optional<ClassInSystem> class_of(const std::string& flag) const {
    for (std::size_t s = 0; s < evidence_.systems.size(); ++s) {
      const std::vector<RiskClass>& classes = evidence_.systems[s].second.classes;
      for (std::size_t c = 0; c < classes.size(); ++c) {
        if (classes[c].flag.text == flag) return ClassInSystem{s, c};
      }
    }
    return std::nullopt;
  }

  std::optional<std::size_t> endpoint_of(const std::string& name) const {
    if (std::find(std::begin(risk_endpoints), std::end(risk_endpoints), name) ==
        std::end(risk_endpoints)) {
      return std::nullopt;
    }
    for (std::size_t e = 0; e < shape_.endpoints.size(); ++e) {
      if (shape_.endpoints[e].name == name) return e;
    }
    return std::nullopt;
  }

  std::optional<ClassPlace> level_of(const std::string& subgroup, const std::string& level) const {
    for (std::size_t g = 0; g < shape_.subgroups.size(); ++g) {
      if (shape_.subgroups[g].name != subgroup) continue;
      const std::vector<std::string>& levels = shape_.subgroups[g].levels;
      const auto found = std::find(levels.begin(), levels.end(), level);
      if (found == levels.end()) return std::nullopt;
      return ClassPlace{g, static_cast<std::size_t>(found - levels.begin())};
    }
    return std::nullopt;
  }

  /// Who is in no class of a system cannot be told from who is in the other one, so the level "no"
  /// stands for a class only where two classes divide all patients.
  std::optional<ClassPlace> place_of(const RiskSystem& system, std::size_t position) const {
    if (!system.classified) return std::nullopt;
    if (const auto own = level_of(system.classes[position].flag.text, "yes")) return own;
    if (system.classes.size() != 2 || !system.applies_to.is_null()) return std::nullopt;
    return level_of(system.classes[1 - position].flag.text, "no");
  }

  std::uint64_t patients(const ClassPlace& at, std::size_t strategy, std::size_t endpoint) const {
    return tally_.subgroup(strategy, endpoint, at.subgroup, at.level).in_set;
  }

  SubgroupPlace place(const ClassPlace& at, std::size_t strategy, std::size_t endpoint) const {
    return {strategy, endpoint, at.subgroup, at.level};
  }

  /// What stands for the word of an arm.
  struct Given {
    bool known = false;                   ///< it is a treatment, simulated here or not
    std::vector<std::size_t> strategies;  ///< of the study
  };
  Given given(const std::string& word, const std::string& study) const {
    Given out;
    const Treatment* treatment = find(evidence_.treatments, word);
    if (treatment == nullptr) return out;
    const ArmOfStudy* own = find(treatment->by_study, study);
    const std::vector<Name>& names = own == nullptr ? treatment->strategies : own->strategies;
    out.known = !names.empty();
    for (std::size_t s = 0; s < shape_.strategies.size(); ++s) {
      if (std::any_of(names.begin(), names.end(),
                      [&](const Name& name) { return name.text == shape_.strategies[s]; })) {
        out.strategies.push_back(s);
      }
    }
    return out;
  }

  std::vector<std::size_t> all_strategies() const {
    std::vector<std::size_t> out(shape_.strategies.size());
    for (std::size_t s = 0; s < out.size(); ++s) out[s] = s;
    return out;
  }

  RiskClassRow published_part(const std::string& id, const Target& target,
                              const ClassInSystem& at) const {
    const RiskClass& own = system(at).classes[at.position];
    RiskClassRow row;
    row.system = evidence_.systems[at.system].first.text;
    row.system_title = system(at).title;
    row.risk_class = own.flag.text;
    row.label = own.label;
    row.words = own.words;
    row.figure = id;
    row.study = target.study.text;
    row.arm = target.has_contrast ? target.contrast.of.text : target.arm.text;
    row.against = target.contrast.against.text;
    row.arm_is_class = class_named(row.arm, row.study, at) == at.position;
    row.endpoint = target.endpoint;
    row.at_months = printed(target.at_months);
    switch (target.statistic) {
      case Statistic::median:
        row.statistic = "median";
        row.unit = "months";
        break;
      case Statistic::landmark_survival:
        row.statistic = "survival";
        row.unit = "share";
        break;
      case Statistic::hazard_ratio:
        row.statistic = "hazard_ratio";
        row.unit = "ratio";
        break;
      default:
        row.statistic = std::string(word(target.statistic));
    }
    row.printed_as = target.reading_word;
    row.published = printed(target.value);
    const Bounds& ends = target.reading == Reading::range ? target.range : target.interval;
    row.published_low = printed(ends.low);
    row.published_high = printed(ends.high);
    row.published_level = printed(target.level);
    row.n = counted(target.n);
    row.cohort = counted(target.cohort);
    if (const Study* study = find(evidence_.studies, target.study.text)) {
      if (!row.cohort) row.cohort = counted(study->patients);
      std::vector<std::string> keys;
      std::vector<std::string> references;
      for (const Name& key : study->source) {
        keys.push_back(key.text);
        if (const std::string* full = find(evidence_.sources, key.text)) {
          references.push_back(*full);
        }
      }
      row.source = joined(keys, " ");
      row.reference = joined(references, " | ");
    }
    row.chosen = target.confounded;
    row.quoted_in = target.quoted_in.text;
    if (const std::string* full = find(evidence_.sources, target.quoted_in.text)) {
      row.review = *full;
    }
    row.place = target.where;
    row.doubt = target.doubt;
    return row;
  }

  /// Fills in what was simulated; `make` is called if somebody is there.
  template <class Make>
  static void simulate(RiskClassRow& row, bool somebody, const Make& make) {
    if (!somebody) {
      row.reason = "no simulated patient is in the class";
      return;
    }
    const SummaryRow figure = make();
    row.versus = figure.versus;
    row.simulated = figure.value;
    row.se = figure.se;
    row.lo95 = figure.lo95;
    row.hi95 = figure.hi95;
  }

  void add_survival(const Target& target, const ClassPlace& at, std::size_t endpoint,
                    const RiskClassRow& head, std::vector<RiskClassRow>& out) const {
    const double horizon = Ticks{shape_.horizon_ticks}.months();
    const bool landmark = target.statistic == Statistic::landmark_survival;
    if (landmark && target.at_months > horizon) {
      out.push_back(head);
      out.back().reason = "after the end of follow-up at " + in_months(horizon);
      return;
    }
    const Given arm = head.arm_is_class ? Given{} : given(head.arm, head.study);
    for (const std::size_t s : arm.strategies.empty() ? all_strategies() : arm.strategies) {
      RiskClassRow row = head;
      row.strategy = shape_.strategies[s];
      simulate(row, patients(at, s, endpoint) > 0, [&] {
        if (!landmark) return subgroup_median(tally_, place(at, s, endpoint));
        const auto tick = static_cast<std::int32_t>(
            std::lround(target.at_months * static_cast<double>(ticks_per_month)));
        return subgroup_survival(tally_, place(at, s, endpoint), tick);
      });
      if (!row.simulated && row.reason.empty()) {
        row.reason = "not reached within " + in_months(horizon);
      }
      out.push_back(row);
    }
  }

  void add_ratio(const ClassInSystem& in, const ClassPlace& at, std::size_t endpoint,
                 const RiskClassRow& head, std::vector<RiskClassRow>& out) const {
    const auto refuse = [&](const std::string& reason) {
      out.push_back(head);
      out.back().reason = reason;
    };
    const auto compare = [&](const SubgroupPlace& of, const ClassPlace& other,
                             std::size_t strategy) {
      RiskClassRow row = head;
      row.strategy = shape_.strategies[of.strategy];
      simulate(row,
               patients(at, of.strategy, endpoint) > 0 && patients(other, strategy, endpoint) > 0,
               [&] { return subgroup_hazard_ratio(tally_, of, place(other, strategy, endpoint)); });
      if (!row.simulated && row.reason.empty()) row.reason = "cannot be estimated";
      out.push_back(row);
    };
    if (head.arm_is_class) {
      const auto other = class_named(head.against, head.study, in);
      const auto there = other ? place_of(system(in), *other) : std::nullopt;
      if (!there) return refuse(quoted(head.against) + " is no class that the study reports");
      for (const std::size_t s : all_strategies()) compare(place(at, s, endpoint), *there, s);
      return;
    }
    // Survival until a treatment that somebody chose is not what the treatment does.
    if (head.chosen) {
      return refuse("treatment was chosen, not assigned: no strategy is such an arm");
    }
    const Given of = given(head.arm, head.study);
    const Given against = given(head.against, head.study);
    if (of.strategies.empty() || against.strategies.empty()) {
      return refuse("no strategies of the study stand for " + quoted(head.arm) + " and " +
                    quoted(head.against));
    }
    for (const std::size_t s : of.strategies) {
      for (const std::size_t r : against.strategies) {
        if (s != r) compare(place(at, s, endpoint), at, r);
      }
    }
  }

  void add(const std::string& id, const Target& target) {
    if (target.risk_class.empty()) return;
    const auto endpoint = endpoint_of(target.endpoint);
    const auto in = class_of(target.risk_class.text);
    if (!endpoint || !in) return;
    const auto at = place_of(system(*in), in->position);
    if (!at) return;
    RiskClassRow head = published_part(id, target, *in);
    head.subgroup = shape_.subgroups[at->subgroup].name + "=" +
                    shape_.subgroups[at->subgroup].levels[at->level];
    std::uint64_t all = 0;
    for (std::size_t level = 0; level < shape_.subgroups[at->subgroup].levels.size(); ++level) {
      all += patients({at->subgroup, level}, 0, *endpoint);
    }
    if (all > 0) {
      head.share = static_cast<double>(patients(*at, 0, *endpoint)) / static_cast<double>(all);
    }
    Found found{{in->system, *endpoint, target.statistic, head.at_months.value_or(0), in->position},
                {}};
    switch (target.statistic) {
      case Statistic::median:
      case Statistic::landmark_survival:
        add_survival(target, *at, *endpoint, head, found.rows);
        break;
      case Statistic::hazard_ratio:
        add_ratio(*in, *at, *endpoint, head, found.rows);
        break;
      case Statistic::p_value:
        found.rows.push_back(head);
        found.rows.back().reason = "a P value is one of the size of its cohort";
        break;
      default:
        found.rows.push_back(head);
        found.rows.back().reason = "no statistic of a subgroup";
    }
    found_.push_back(std::move(found));
  }

  const Evidence& evidence_;
  const OutcomeShape& shape_;
  const Tally& tally_;
  std::vector<Found> found_;
};

}  // namespace

std::vector<RiskClassRow> risk_class_rows(const Evidence& evidence, const OutcomeShape& shape,
                                          const Tally& tally) {
  return Comparison(evidence, shape, tally).rows();
}

}  // namespace npcsim
