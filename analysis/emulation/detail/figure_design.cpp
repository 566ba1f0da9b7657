#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/emulation/detail/figure_checks.hpp>
#include <npcsim/emulation/detail/figure_design.hpp>
#include <npcsim/emulation/detail/figure_numbers.hpp>
#include <npcsim/emulation/detail/promised_figures.hpp>
#include <npcsim/evidence/effective_n.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim::detail {
namespace {

const EmulatedTarget* said_of(const EmulationDoc& doc, const std::string& id) {
  for (const auto& [name, target] : doc.targets) {
    if (name.text == id) return &target;
  }
  return nullptr;
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
    if (said != nullptr) check_keys(id, target, *said, "targets > " + id.text, diagnostics_);
    if (target.statistic == Statistic::p_value || target.statistic == Statistic::incidence_rate ||
        target.endpoint == "follow_up") {
      out.figure.not_simulated = "no result of a simulated study";
      return out;
    }
    find_groups(id, target, said, out);
    find_quantity(id, target, said, out);
    check_share(id, out);
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
    out.of_fractions = target.unit == "fraction";
    read_numbers(target, design_.longest_days(), out);
  }

  void open(const Name& id, const std::string& what, const std::string& hint) {
    diagnostics_.error(place_, "the figure '" + id.text + "' " + what, hint, path_of(id));
  }
  std::string path_of(const Name& id) const { return design_.doc.name + " > targets > " + id.text; }
  // The same of a figure that nobody has printed: it is left out.
  void open_or_leave_out(const Name& id, const std::string& what, const std::string& hint,
                         FigureDesign& out) {
    if (published_) {
      open(id, what, hint);
    } else {
      out.figure.not_simulated = what;
    }
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
             name == "all" ? "groups: {all: {}}" : suggestion(name, names));
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
    if (!published_ || !design_.choices.empty() || reference.arms == design_.groups[out.of].arms)
      return;
    if (target.confounded)
      open(id,
           "is confounded, for treatment was chosen, but the emulation '" + design_.doc.name +
               "' randomises its patients",
           "chosen: [{arm: ..., logit: ...}], or none: \"...\"");
    else if (target.kind == EvidenceKind::retrospective || target.kind == EvidenceKind::registry)
      diagnostics_.warning(
          place_,
          "the figure '" + id.text + "' compares treatments of a " +
              std::string(word(target.kind)) + " study, and the emulation randomises its patients",
          "chosen: [{arm: ..., logit: ...}], and confounded: true in the evidence", path_of(id));
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
      if (!measure.empty() && design_.doc.origin == "progression") {
        out.counts = true;
        open_or_leave_out(id, "is of the second line, but '" + measure + "' is of the first",
                          "share: {...}, with a measure of the second line, or none: \"...\"", out);
        return;
      }
      if (!measure.empty()) {
        out.counts = true;
        if (said != nullptr && !said->endpoint.empty())
          diagnostics_.error(
              said->endpoint.place,
              "'endpoint' changes nothing: the response is the measure '" + measure + "'",
              "share: {...} if another one is meant", "targets > " + id.text);
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
    const std::string gone = gone_at_origin(design_, out.endpoint);
    if (!gone.empty()) {
      const std::string second = design_.pool->find_endpoint("PFS2") >= 0
                                     ? "PFS2"
                                     : "an endpoint of the second progression";
      open_or_leave_out(id, gone,
                        out.counts_events ? "event: " + second
                        : said != nullptr && !said->endpoint.empty()
                            ? "endpoint: " + second
                            : "endpoints: {" + target.endpoint + ": " + second + "}",
                        out);
      return;
    }
    if (const std::string since = other_clock(design_, out.endpoint); !since.empty()) {
      open_or_leave_out(
          id,
          "is of '" + endpoint + "', which the model counts since '" + since +
              "': the study counts from its own origin, " + design_.doc.origin,
          (since == "first_dose" ? std::string("origin: first_dose, or ") : std::string()) +
              "an endpoint without 'since'",
          out);
      return;
    }
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
                target.statistic == Statistic::count || target.statistic == Statistic::auc ||
                (target.statistic == Statistic::difference && target.unit == "fraction")) &&
               !out.counts_events && !(out.at_days > 0)) {
      open(id, "has no time", "at: 36 months");
    }
  }

  // Shares have no time of their own: they are of whole lives, or of the whole follow-up.
  void check_share(const Name& id, const FigureDesign& out) {
    if (!out.figure.not_simulated.empty() || !(out.at_days > 0) || !design_.doc.times_known) return;
    const EmulationDoc& doc = design_.doc;
    if (out.counts && is_of_another_time(design_, out)) {
      open(id,
           "is of " + in_months(out.at_days) +
               ", but a share counts what happens in the whole simulated life, until " +
               in_months(doc.horizon_days) + " after diagnosis",
           "horizon: " + in_months(doc.horizon_days - design_.seen_days + out.at_days) +
               ", in an emulation of such figures alone; event: ENDPOINT; or none: \"...\"");
    } else if (out.counts_events && (doc.follow_least_days != doc.follow_most_days ||
                                     std::fabs(out.at_days - doc.follow_most_days) >= 1)) {
      open(id,
           "is of " + in_months(out.at_days) +
               ", but 'event' counts whoever has it within the follow-up of " +
               in_months(doc.follow_least_days) + " to " + in_months(doc.follow_most_days),
           "endpoint: " + said_of(doc, id.text)->event.text +
               " for the share without it at that time, or none: \"...\"");
    }
  }

  // Beyond the last follow-up there is no estimate: a curve that ends earlier says nothing there.
  void check_time(const Name& id, const Target& target, FigureDesign& out) {
    if (out.counts || out.counts_events || !design_.doc.times_known) return;
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

}  // namespace

const Study* find_publication(const EmulationDoc& doc, const Evidence& evidence,
                              Diagnostics& diagnostics) {
  std::vector<std::string> known;
  if (!doc.trial.empty()) {
    for (const auto& [id, trial] : evidence.trials) known.push_back(id.text);
    if (find(evidence.trials, doc.trial.text) == nullptr)
      diagnostics.error(doc.trial.place,
                        "the evidence has no running trial '" + doc.trial.text + "'",
                        suggestion(doc.trial.text, known));
    return nullptr;
  }
  const Study* const study = find(evidence.studies, doc.publication.text);
  if (study != nullptr) return study;
  for (const auto& [id, one] : evidence.studies) known.push_back(id.text);
  const std::string near = suggestion(doc.publication.text, known);
  diagnostics.error(doc.publication.place,
                    "the evidence has no study '" + doc.publication.text + "'",
                    (near.empty() ? near : near + " ") +
                        "evidence is read from the folder configs/evidence, beside the "
                        "document's own or above it");
  return nullptr;
}

std::vector<FigureDesign> design_figures(StudyDesign& design, const Evidence& evidence,
                                         Diagnostics& diagnostics) {
  const Study* const study = find_publication(design.doc, evidence, diagnostics);
  if (!design.doc.trial.empty()) {
    FigureMaker maker(design, evidence, false, diagnostics);
    std::vector<FigureDesign> out = promised_figures(
        design, [&maker](const Name& id, const Target& target) { return maker.make(id, target); });
    check_endpoints(design, out, diagnostics);
    return out;
  }
  if (study != nullptr && study->design == "randomised" && !design.doc.chosen.empty())
    diagnostics.error(design.doc.chosen.front().arm.place,
                      "nobody chose an arm in '" + design.doc.publication.text +
                          "': the evidence says that it was randomised",
                      "remove 'chosen', or correct 'design' in the evidence", "chosen");
  // Of a study that is not there every figure would be missing.
  if (study == nullptr) return {};
  std::vector<FigureDesign> out;
  FigureMaker maker(design, evidence, true, diagnostics);
  for (const auto& [id, target] : evidence.targets) {
    if (target.study.text == design.doc.publication.text) out.push_back(maker.make(id, target));
  }
  std::vector<std::string> ids;
  for (const FigureDesign& figure : out) ids.push_back(figure.figure.id);
  for (const auto& [name, entry] : design.doc.targets) {
    if (std::find(ids.begin(), ids.end(), name.text) == ids.end())
      diagnostics.error(
          name.place,
          "the study '" + design.doc.publication.text + "' has no figure '" + name.text + "'",
          suggestion(name.text, ids));
  }
  check_endpoints(design, out, diagnostics);
  return out;
}

}  // namespace npcsim::detail
