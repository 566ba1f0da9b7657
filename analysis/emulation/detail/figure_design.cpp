#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/emulation/detail/figure_design.hpp>
#include <npcsim/evidence/effective_n.hpp>

#include <algorithm>

namespace npcsim::detail {
namespace {

const EmulatedTarget* said_of(const EmulationDoc& doc, const std::string& id) {
  for (const auto& [name, target] : doc.targets) {
    if (name.text == id) return &target;
  }
  return nullptr;
}

// Value, bounds and standard error on the scale of the figure.
void read_numbers(const Target& target, double follow_most_days, Figure& out) {
  const auto scaled = [&](double natural) { return to_scale(out.scale, natural); };
  const double by = target.statistic == Statistic::count && target.n > 0
                        ? 1.0 / static_cast<double>(target.n)
                        : 1.0;
  if (is_printed(target.value)) {
    out.printed.value = target.value * by;
    out.value = scaled(out.printed.value);
  }
  switch (target.reading) {
    case Reading::exact:
    case Reading::about:
      break;
    case Reading::more_than:
    case Reading::at_least:
      out.reading = FigureReading::above;
      break;
    case Reading::less_than:
    case Reading::at_most:
      out.reading = FigureReading::below;
      break;
    case Reading::range:
      out.reading = FigureReading::within;
      break;
    case Reading::not_reached:
      out.reading = FigureReading::above;
      out.printed.value = follow_most_days / days_per_month;
      out.value = scaled(out.printed.value);
      break;
  }
  if (is_printed(target.range.low)) {
    out.reading = FigureReading::within;
    out.printed = {not_printed, target.range.low * by, target.range.high * by, not_printed};
    out.low = scaled(out.printed.low);
    out.high = scaled(out.printed.high);
    out.value = 0.5 * (out.low + out.high);
  } else {
    out.printed.low = target.interval.low * by;
    out.printed.high = target.interval.high * by;
    out.printed.level = target.level;
  }
  if (!is_printed(target.interval.low) || !is_printed(target.level)) return;
  // The quantile that the library uses for the interval of a ratio is asked for on its own scale.
  Target as_scaled = target;
  as_scaled.unit = "scaled";
  as_scaled.interval.low = scaled(target.interval.low * by);
  as_scaled.interval.high = scaled(target.interval.high * by);
  out.se = standard_error_of_interval(as_scaled).value_or(0);
}

// A group of the study, cut down to a risk class where the figure is about one.
std::int32_t group_of(StudyDesign& design, const std::string& name, const Name& risk_class,
                      Diagnostics& diagnostics) {
  const std::int32_t group = design.find_group(name);
  if (group < 0 || risk_class.empty() || design.find_arm(name) < 0) return group;
  const std::string cut = name + " of " + risk_class.text;
  const std::int32_t known = design.find_group(cut);
  if (known >= 0) return known;
  ConditionDoc flag;
  flag.kind = ConditionDoc::Kind::test;
  flag.variable = risk_class;
  flag.flag = true;
  GroupDesign made = design.groups[static_cast<std::size_t>(group)];
  made.name = cut;
  made.when = RecordCondition::both(made.when, RecordCondition(flag, *design.pool, diagnostics));
  design.groups.push_back(std::move(made));
  return static_cast<std::int32_t>(design.groups.size()) - 1;
}

ConditionDoc measure_holds(const std::string& measure, SourcePlace place) {
  ConditionDoc out;
  out.kind = ConditionDoc::Kind::test;
  out.variable = {measure, place};
  out.flag = true;
  return out;
}

// The measure behind a published response endpoint, if the model has it.
std::string response_measure(const std::string& endpoint, const PatientPool& pool) {
  for (const Marker& marker : pool.program().markers) {
    const std::string name =
        endpoint == "ORR" ? "objective_" + marker.name : "best_" + marker.name + "_" + endpoint;
    if (pool.find_measure(name) >= 0) return name;
  }
  return {};
}

class FigureMaker {
 public:
  /// `published`: the figures are in print; otherwise they are what a trial may report one day.
  FigureMaker(StudyDesign& design, const Evidence& evidence, bool published,
              Diagnostics& diagnostics)
      : design_(design), evidence_(evidence), published_(published), diagnostics_(diagnostics) {}

  FigureDesign make(const Name& id, const Target& target) {
    FigureDesign out;
    const EmulatedTarget* said = said_of(design_.doc, id.text);
    fill_figure(id, target, out.figure);
    out.at_days = said != nullptr && said->at_days > 0 ? said->at_days
                  : is_printed(target.at_months)       ? target.at_months * days_per_month
                                                       : 0;
    out.figure.at_months =
        is_printed(target.at_months) ? target.at_months : out.at_days / days_per_month;
    place_ = id.place;
    for (const auto& [name, entry] : design_.doc.targets) {
      if (name.text == id.text) place_ = name.place;
    }
    if (said != nullptr && said->at_days > 0 && is_printed(target.at_months))
      diagnostics_.error(said->at_place,
                         "the figure '" + id.text + "' has a time of its own, " +
                             in_months(target.at_months * days_per_month),
                         "remove 'at'", "targets > " + id.text);
    if (said != nullptr && !said->none.empty()) {
      out.figure.not_simulated = said->none;
      return out;
    }
    if (target.statistic == Statistic::p_value || target.statistic == Statistic::incidence_rate ||
        target.endpoint == "follow_up") {
      out.figure.not_simulated = "no result of a simulated study";
      return out;
    }
    find_groups(id, target, said, out);
    find_quantity(id, target, said, out);
    check_time(id, target, out);
    return out;
  }

 private:
  void fill_figure(const Name& id, const Target& target, Figure& out) const {
    out.id = id.text;
    out.statistic = target.statistic;
    out.endpoint = target.endpoint;
    out.scale = scale_of(target.statistic);
    out.kind = target.kind;
    out.confounded = target.confounded;
    out.derived = target.derived;
    out.conflicting = !target.conflicts_with.empty();
    out.left_out = left_out(evidence_, id.text).value_or("");
    // Until the shares of classes are known, see EmulatedStudy::settle_effective_n.
    out.n = effective_n(evidence_, target, 1.0).value_or(0);
    read_numbers(target, design_.doc.follow_most_days, out);
  }

  void open(const Name& id, const std::string& what, const std::string& hint) {
    diagnostics_.error(place_, "the figure '" + id.text + "' " + what, hint,
                       design_.doc.name + " > targets > " + id.text);
  }

  void find_groups(const Name& id, const Target& target, const EmulatedTarget* said,
                   FigureDesign& out) {
    std::string of = target.has_contrast ? target.contrast.of.text : target.arm.text;
    std::string against = target.has_contrast ? target.contrast.against.text : "";
    Name risk_class = target.risk_class;
    if (said != nullptr && !said->group.empty()) of = said->group.text;
    if (said != nullptr && !said->of.empty()) of = said->of.text;
    if (said != nullptr && !said->against.empty()) against = said->against.text;
    std::vector<std::string> names;
    for (const GroupDesign& group : design_.groups) names.push_back(group.name);
    const auto find = [&](const std::string& name) {
      const std::int32_t group = group_of(design_, name, risk_class, diagnostics_);
      if (group < 0)
        open(id,
             "is about '" + name + "', which is neither an arm nor a group of the emulation '" +
                 design_.doc.name + "'",
             suggestion(name, names));
      return group;
    };
    const std::int32_t group = find(of);
    if (group < 0) return;
    out.of = static_cast<std::size_t>(group);
    out.figure.of = design_.groups[out.of].name;
    if (against.empty()) return;
    out.against = find(against);
    if (out.against < 0) return;
    if (out.against == static_cast<std::int32_t>(out.of)) {
      // The evidence has told of a record that does so itself.
      if (!diagnostics_.has_error_at(id.place))
        open(id, "compares '" + of + "' with itself", "of: ..., against: ...");
      return;
    }
    const GroupDesign& reference = design_.groups[static_cast<std::size_t>(out.against)];
    out.figure.against = reference.name;
    // Treatment that was chosen makes groups differ in prognosis, too: randomised arms do not.
    if (published_ && target.confounded && design_.choices.empty() &&
        reference.arms != design_.groups[out.of].arms)
      open(id,
           "is confounded, for treatment was chosen, but the emulation '" + design_.doc.name +
               "' randomises its patients",
           "chosen: [{arm: ..., logit: ...}], or none: \"...\"");
  }

  void find_quantity(const Name& id, const Target& target, const EmulatedTarget* said,
                     FigureDesign& out) {
    if (said != nullptr && said->has_share) {
      out.counts = true;
      out.share = RecordCondition(said->share, *design_.pool, diagnostics_);
      return;
    }
    if (said != nullptr && !said->in.empty()) {
      out.counts = true;
      const std::int32_t group = design_.find_group(said->in.text);
      if (group < 0 || !design_.groups[static_cast<std::size_t>(group)].of_all_arms()) {
        diagnostics_.error(said->in.place, "'" + said->in.text + "' is no group of all arms",
                           "groups: {" + said->in.text + ": {when: {...}}}");
        return;
      }
      out.share = design_.groups[static_cast<std::size_t>(group)].when;
      return;
    }
    if (target.statistic == Statistic::response_rate) {
      const std::string measure = response_measure(target.endpoint, *design_.pool);
      if (!measure.empty()) {
        out.counts = true;
        out.share = RecordCondition(measure_holds(measure, place_), *design_.pool, diagnostics_);
        return;
      }
    }
    std::string endpoint = target.endpoint;
    bool unknown = false;  // reported where the document names it
    for (const auto& [published, own] : design_.doc.endpoints) {
      if (published.text != target.endpoint) continue;
      endpoint = own.text;
      unknown = design_.pool->find_endpoint(own.text) < 0;
    }
    if (said != nullptr && !said->endpoint.empty()) endpoint = said->endpoint.text;
    if (said != nullptr && !said->event.empty()) {
      endpoint = said->event.text;
      out.counts_events = true;
    }
    if (target.statistic == Statistic::c_index || target.statistic == Statistic::auc) {
      if (said == nullptr || said->score.empty()) {
        open(id, "needs the score whose discrimination it is", "score: [{when: {...}, points: 1}]");
        return;
      }
      if (said->endpoint.empty()) endpoint = "OS";
      for (const ScoreTerm& term : said->score)
        out.score.push_back({RecordCondition(term.when, *design_.pool, diagnostics_), term.points});
    }
    out.endpoint = design_.pool->find_endpoint(endpoint);
    if (out.counts_events && out.endpoint >= 0) out.cause = cause_of(*said, out.endpoint);
    std::vector<std::string> names;
    for (const EndpointShape& shape : design_.pool->base().shape.endpoints)
      names.push_back(shape.name);
    const bool timed =
        target.statistic == Statistic::median || target.statistic == Statistic::landmark_survival ||
        target.statistic == Statistic::hazard_ratio || target.statistic == Statistic::difference ||
        out.counts_events || (said != nullptr && said->at_days > 0) ||
        target.statistic == Statistic::count || !out.score.empty();
    if (out.endpoint < 0 && timed) {
      if (unknown && (said == nullptr || (said->endpoint.empty() && said->event.empty()))) return;
      open(id, "is of '" + endpoint + "', which is no endpoint of the model",
           "say endpoint, share, event or none; " + suggestion(endpoint, names));
    } else if (!timed) {
      open(id,
           "is a " + std::string(word(target.statistic)) +
               ": say who is counted, or why the model cannot",
           "share: {...}, event: ENDPOINT, or none: \"...\"");
    } else if ((target.statistic == Statistic::landmark_survival ||
                target.statistic == Statistic::count || target.statistic == Statistic::auc) &&
               !out.counts_events && !(out.at_days > 0)) {
      open(id, "has no time", "at: 36 months");
    }
  }

  // Beyond the last follow-up there is no estimate: a curve that ends earlier says nothing there.
  void check_time(const Name& id, const Target& target, FigureDesign& out) {
    if (out.counts || out.counts_events) return;
    const std::string most = in_months(design_.longest_days());
    const std::string hint = "a longer 'follow_up' or 'horizon', or none: \"beyond the follow-up\"";
    if (out.at_days > 0 && !design_.is_followed(out.at_days)) {
      if (published_) {
        open(id,
             "is of " + in_months(out.at_days) + ", but nobody is followed beyond " + most +
                 " after the origin",
             hint);
      } else {
        out.figure.not_simulated = "nobody is followed beyond " + most;
      }
    }
    const double median = is_printed(target.value) ? target.value : target.range.low;
    if (published_ && target.statistic == Statistic::median &&
        median * days_per_month > design_.longest_days())
      open(id,
           "is a median of " + shortest(median) + " months, but nobody is followed beyond " + most +
               " after the origin",
           hint);
  }

  // Code of the cause that the document asks for; 0: any.
  std::int8_t cause_of(const EmulatedTarget& said, std::int32_t endpoint) {
    if (said.cause.empty()) return 0;
    const EndpointShape& shape =
        design_.pool->base().shape.endpoints[static_cast<std::size_t>(endpoint)];
    for (std::size_t c = 0; c < shape.causes.size(); ++c) {
      if (shape.causes[c] == said.cause.text) return static_cast<std::int8_t>(c + 1);
    }
    diagnostics_.error(said.cause.place,
                       "'" + said.cause.text + "' is no cause of the endpoint '" + shape.name + "'",
                       suggestion(said.cause.text, shape.causes));
    return 0;
  }

  StudyDesign& design_;
  const Evidence& evidence_;
  bool published_;
  Diagnostics& diagnostics_;
  SourcePlace place_;
};

// Endpoints of the figures stand on the left and those of the model on the right.
void check_endpoints(const StudyDesign& design, const std::vector<FigureDesign>& figures,
                     Diagnostics& diagnostics) {
  std::vector<std::string> published;
  for (const FigureDesign& figure : figures) {
    if (std::find(published.begin(), published.end(), figure.figure.endpoint) == published.end())
      published.push_back(figure.figure.endpoint);
  }
  std::vector<std::string> own;
  for (const EndpointShape& shape : design.pool->base().shape.endpoints) own.push_back(shape.name);
  for (const auto& [left, right] : design.doc.endpoints) {
    if (std::find(published.begin(), published.end(), left.text) == published.end())
      diagnostics.error(left.place, "no figure of the study is of the endpoint '" + left.text + "'",
                        suggestion(left.text, published), "endpoints");
    if (design.pool->find_endpoint(right.text) < 0)
      diagnostics.error(right.place, "the model has no endpoint '" + right.text + "'",
                        suggestion(right.text, own), "endpoints");
  }
}

// What a trial will report of an arm.
struct Promise {
  const char* endpoint;
  Statistic statistic;
  double months;
};
constexpr Promise of_an_arm[] = {{"PFS", Statistic::median, 0},
                                 {"PFS", Statistic::landmark_survival, 12},
                                 {"PFS", Statistic::landmark_survival, 24},
                                 {"OS", Statistic::median, 0},
                                 {"OS", Statistic::landmark_survival, 12},
                                 {"OS", Statistic::landmark_survival, 24},
                                 {"OS", Statistic::landmark_survival, 36},
                                 {"ORR", Statistic::response_rate, 0}};
constexpr Promise of_two_arms[] = {{"PFS", Statistic::hazard_ratio, 0},
                                   {"OS", Statistic::hazard_ratio, 0}};

// "nct04890522_control_os_24m"
std::string promise_id(const StudyDesign& design, const std::string& arm, const Promise& promise) {
  std::string endpoint = promise.endpoint;
  for (char& c : endpoint) c = static_cast<char>(c + ('a' - 'A'));
  std::string id = design.doc.name + "_" + arm + "_" + endpoint;
  if (promise.statistic == Statistic::median) id += "_median";
  if (promise.statistic == Statistic::hazard_ratio) id += "_hr";
  if (promise.months > 0) id += "_" + std::to_string(static_cast<int>(promise.months)) + "m";
  return id;
}

std::vector<FigureDesign> promised_figures(StudyDesign& design, const Evidence& evidence,
                                           Diagnostics& diagnostics) {
  std::vector<FigureDesign> out;
  FigureMaker maker(design, evidence, false, diagnostics);
  const auto add = [&](const Promise& promise, std::size_t arm, bool contrast) {
    Target target;
    target.study = design.doc.publication;
    target.endpoint = promise.endpoint;
    target.statistic = promise.statistic;
    target.kind = EvidenceKind::randomised;
    if (promise.months > 0) target.at_months = promise.months;
    target.arm = {design.arms[arm].name, {}};
    if (contrast) {
      target.has_contrast = true;
      target.contrast = {{design.arms[arm].name, {}}, {design.arms.front().name, {}}};
    }
    const Name id{promise_id(design, design.arms[arm].name, promise), design.doc.place};
    out.push_back(maker.make(id, target));
    out.back().figure.published = false;
  };
  for (std::size_t a = 0; a < design.arms.size(); ++a) {
    for (const Promise& promise : of_an_arm) add(promise, a, false);
    if (a == 0) continue;
    for (const Promise& promise : of_two_arms) add(promise, a, true);
  }
  return out;
}

}  // namespace

std::vector<FigureDesign> design_figures(StudyDesign& design, const Evidence& evidence,
                                         Diagnostics& diagnostics) {
  if (!design.doc.trial.empty()) {
    std::vector<std::string> known;
    for (const auto& [id, trial] : evidence.trials) known.push_back(id.text);
    if (find(evidence.trials, design.doc.trial.text) == nullptr)
      diagnostics.error(design.doc.trial.place,
                        "the evidence has no running trial '" + design.doc.trial.text + "'",
                        suggestion(design.doc.trial.text, known));
    std::vector<FigureDesign> out = promised_figures(design, evidence, diagnostics);
    check_endpoints(design, out, diagnostics);
    return out;
  }
  const Study* study = find(evidence.studies, design.doc.publication.text);
  if (study != nullptr && study->design == "randomised" && !design.doc.chosen.empty())
    diagnostics.error(design.doc.chosen.front().arm.place,
                      "nobody chose an arm in '" + design.doc.publication.text +
                          "': the evidence says that it was randomised",
                      "remove 'chosen', or correct 'design' in the evidence", "chosen");
  std::vector<FigureDesign> out;
  FigureMaker maker(design, evidence, true, diagnostics);
  for (const auto& [id, target] : evidence.targets) {
    if (target.study.text == design.doc.publication.text) out.push_back(maker.make(id, target));
  }
  for (const auto& [name, entry] : design.doc.targets) {
    const bool known = std::any_of(out.begin(), out.end(), [&](const FigureDesign& figure) {
      return figure.figure.id == name.text;
    });
    if (!known)
      diagnostics.error(name.place, "the study '" + design.doc.publication.text +
                                        "' has no figure '" + name.text + "'");
  }
  if (study == nullptr)
    diagnostics.error(design.doc.publication.place,
                      "the evidence has no study '" + design.doc.publication.text + "'");
  check_endpoints(design, out, diagnostics);
  return out;
}

}  // namespace npcsim::detail
