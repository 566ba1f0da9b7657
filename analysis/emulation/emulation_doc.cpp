#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/emulation/emulation_doc.hpp>
#include <npcsim/run/study_doc.hpp>

namespace npcsim {
namespace {

struct FollowUp {
  double least = 0;
  double most = 0;
};

void bind(Binder& binder, FollowUp& out) {
  const Key least{.name = "least",
                  .help = "follow-up of the last patient who entered, if alive",
                  .required = true,
                  .example = "12 months",
                  .dimension = Dimension::time,
                  .least = 0};
  binder.number(least, out.least);
  binder.number({.name = "most",
                 .help = "follow-up of the first patient; it is uniform in between",
                 .required = true,
                 .example = "48 months",
                 .dimension = Dimension::time,
                 .least = 0,
                 .above_least = true},
                out.most);
  // What could not be read has been reported.
  if (out.most > 0 && out.most < out.least && !binder.describing())
    binder.error(binder.node().place(), "'most' is below 'least'");
}

std::size_t problems(Binder& binder) {
  const Diagnostics* const diagnostics = binder.context().diagnostics;
  return diagnostics == nullptr ? 0 : diagnostics->error_count();
}

// Where a key of this map stands; the map itself if it is not there.
SourcePlace place_of(const Binder& binder, std::string_view key) {
  const Tree* node = binder.node().find(key);
  return node != nullptr ? node->place() : binder.node().place();
}

// Two keys that each say what the figure is: one of them would be passed over.
void check_one_quantity(Binder& binder, const EmulatedTarget& target) {
  const bool counted = target.has_share || !target.in.empty();
  const std::string share = target.has_share ? "share" : "in";
  if (target.has_share && !target.in.empty())
    binder.error(target.in.place, "'share' and 'in' both say who is counted", "keep one of them");
  if (counted && !target.event.empty())
    binder.error(target.event.place, "'" + share + "' and 'event' both say who is counted",
                 "keep one of them");
  if (target.endpoint.empty()) return;
  if (counted) {
    binder.error(target.endpoint.place,
                 "'endpoint' changes nothing where '" + share + "' says who is counted",
                 "keep one of them");
  } else if (!target.event.empty()) {
    binder.error(target.endpoint.place, "'event' and 'endpoint' name two endpoints of one figure",
                 "keep 'event' for a share of patients with the event");
  }
}

struct Logit {
  Value intercept;
  std::vector<ChoiceTerm> terms;
};

void bind(Binder& binder, Logit& out) {
  binder.value({.name = "intercept",
                .help = "log odds when every variable is 0",
                .required = true,
                .example = "$select_lrrt"},
               out.intercept);
  const Key terms{.name = "terms",
                  .help =
                      "log odds by variable: attributes, measures under the first arm, or a "
                      "frailty by its normal score (of a log-normal one per standard deviation of "
                      "its logarithm; of any other, of the normal number of the same rank)",
                  .example = "{liver: $select_lrrt_liver, aggressiveness: -0.15}"};
  if (const Tree* tree = binder.raw(terms, "map of log odds by variable")) {
    if (!tree->is_map()) binder.error(tree->place(), "'terms' must be a map of log odds");
    for (std::size_t i = 0; tree->is_map() && i < tree->size(); ++i) {
      ChoiceTerm term;
      term.of = {tree->keys()[i].text, tree->keys()[i].place};
      binder.read_value(tree->items()[i], terms, term.coef);
      out.terms.push_back(std::move(term));
    }
  }
}

}  // namespace

void bind(Binder& binder, EmulatedArm& out) {
  binder.name({.name = "strategy", .help = "strategy document", .required = true, .example = "pf"},
              out.strategy);
  binder.number({.name = "share",
                 .help = "patients randomised to it, relative to the other arms",
                 .fallback = "1",
                 .least = 0,
                 .above_least = true},
                out.share);
  binder.names({.name = "received",
                .help = "agent: only patients who lived, and stayed without progression, until "
                        "they received it (of several agents: one of them) belong to the arm",
                .example = "lrrt"},
               out.received);
}

void bind(Binder& binder, EmulatedChoice& out) {
  binder.name({.name = "arm", .help = "arm that is chosen", .required = true}, out.arm);
  Logit logit;
  binder.child({.name = "logit",
                .help = "log odds of choosing it",
                .required = true,
                .example = "{intercept: $select_lrrt, terms: {liver: $select_lrrt_liver}}"},
               logit);
  out.intercept = logit.intercept;
  out.terms = std::move(logit.terms);
}

void bind(Binder& binder, ScoreTerm& out) {
  condition(binder, {.name = "when", .help = "who gets the points", .required = true}, out.when);
  binder.value({.name = "points", .help = "points", .required = true, .example = "1"}, out.points);
}

void bind(Binder& binder, EmulatedGroup& out) {
  binder.names({.name = "arms", .help = "arms that belong to it; default: all"}, out.arms);
  condition(binder,
            {.name = "when",
             .help = "who belongs to it, by attributes and by what happened under the arm, also "
                     "after the origin, as the authors grouped them",
             .example = "{liver: true, cycles_pd1: {min: 8}}"},
            out.when);
  binder.list({.name = "score", .help = "points of each patient, for `above` and `most`"},
              out.score);
  binder.value({.name = "above", .help = "more points than these", .example = "158"}, out.above);
  binder.value({.name = "most", .help = "at most these points", .example = "158"}, out.most);
  if (out.score.empty() != !(out.above.given || out.most.given) && !binder.describing())
    binder.error(binder.node().place(), "a score and its limits go together",
                 "score: [{when: {...}, points: 1}] with above or most");
}

void bind(Binder& binder, EmulatedTarget& out) {
  out.has_share = binder.has("share");
  condition(
      binder,
      {.name = "share",
       .help = "who is counted: the figure is their share of the group. Measures are those of "
               "the whole simulated life until `horizon`, over all lines of treatment, "
               "whatever the follow-up: set `horizon` to it",
       .example = "{liver: true}"},
      out.share);
  out.share_place = place_of(binder, "share");
  binder.name({.name = "in",
               .help = "group of all arms: the figure is the share of its own group that is in "
                       "this one",
               .example = "high_risk"},
              out.in);
  binder.name({.name = "event",
               .help = "endpoint: the figure is the share of the group with its event within "
                       "follow-up",
               .example = "DMFS"},
              out.event);
  binder.name(
      {.name = "cause",
       .help = "process or `progression`: of `event`, only patients whose first event it is",
       .example = "distant_progression"},
      out.cause);
  binder.name({.name = "endpoint", .help = "endpoint of the model, instead of the figure's"},
              out.endpoint);
  binder.name({.name = "group", .help = "group, instead of the figure's arm"}, out.group);
  binder.name({.name = "of", .help = "group, instead of the contrast's `of`"}, out.of);
  binder.name({.name = "against", .help = "group, instead of the contrast's `against`"},
              out.against);
  binder.list({.name = "score", .help = "marker whose discrimination the figure is"}, out.score);
  out.score_place = place_of(binder, "score");
  binder.number({.name = "at",
                 .help = "time of the figure where its record has none",
                 .dimension = Dimension::time,
                 .least = 0,
                 .above_least = true},
                out.at_days);
  out.at_place = place_of(binder, "at");
  binder.text({.name = "none", .help = "why the model cannot say it; it is shown and not counted"},
              out.none);
  if (binder.describing()) return;
  if (binder.has("none") && binder.node().size() > 1)
    binder.error(place_of(binder, "none"),
                 "'none' says that the model cannot say the figure, and the other keys what it is",
                 "remove 'none', or the others");
  if (binder.has("cause") && !binder.has("event"))
    binder.error(place_of(binder, "cause"), "'cause' is of events, and there is no 'event'",
                 "event: " + (out.endpoint.empty() ? std::string("PFS") : out.endpoint.text));
  check_one_quantity(binder, out);
}

void bind(Binder& binder, EmulatedApart& out) {
  binder.names({.name = "figures",
                .help = "hazard ratios of the evidence",
                .required = true,
                .example = "[fujian_high_risk_lrrt_os_hr]"},
               out.figures);
  binder.names({.name = "effect",
                .help = "parameters of what the treatment does; where they are 0 it does nothing",
                .required = true,
                .example = "[rt_l, rt_d, rt_after]"},
               out.effect);
  binder.names({.name = "choice",
                .help = "parameters of `chosen`; where they are 0 the patient does not matter",
                .required = true,
                .example = "[select_liver, select_frailty]"},
               out.choice);
}

void bind(Binder& binder, EmulationDoc& out) {
  out.place = binder.node().place();
  Name name;
  binder.own_name(
      {.name = "study", .help = "name of the emulation", .required = true, .example = "you_2020"},
      name);
  out.name = name.text;
  std::string kind;
  binder.text({.name = "kind",
               .help = "what kind of study it is",
               .required = true,
               .choices = "emulation"},
              kind);
  binder.text({.name = "title", .help = "one line for people"}, out.title);
  if (out.title.empty()) out.title = out.name;
  binder.text({.name = "description", .help = "what a reader should know"}, out.description);
  binder.raw({.name = "model", .help = "model document", .required = true, .example = "dmnpc"},
             "name, path or map");
  binder.raw({.name = "population",
              .help = "population document that patients are drawn from",
              .example = "{preset: review, eligible: {bone_only: true}}"},
             "name, path or map");
  binder.raw({.name = "parameters",
              .help = "values of parameters that differ in this study, by name",
              .example = "{pd1_stop_refusal: 0.01}"},
             "map");
  binder.raw({.name = "observation",
              .help = "how progression was looked for, where it differs from the model",
              .example = "{every: 91 d}"},
             "map");
  binder.name({.name = "publication",
               .help = "study of the evidence documents whose figures are emulated; default: the "
                       "name"},
              out.publication);
  binder.name(
      {.name = "trial",
       .help = "running trial of the evidence documents whose results are predicted, instead "
               "of a publication",
       .example = "nct04890522"},
      out.trial);
  if (!out.trial.empty() && !out.publication.empty())
    binder.error(out.publication.place,
                 "'publication' and 'trial' contradict each other: figures are published, or not "
                 "yet",
                 "keep one of them; two emulations may share everything else");
  if (out.publication.empty()) out.publication = name;
  binder.integer({.name = "patients",
                  .help = "patients of the published study",
                  .required = true,
                  .example = "126",
                  .least = 4},
                 out.patients);
  out.patients_place = place_of(binder, "patients");
  const std::size_t before = problems(binder);
  binder.number({.name = "horizon",
                 .help = "how long lives are simulated since diagnosis; nobody is followed for "
                         "longer, and shares of measures count until then",
                 .fallback = "120 months",
                 .dimension = Dimension::time,
                 .least = Ticks{1}.days()},
                out.horizon_days);
  if (!binder.has("horizon")) out.horizon_days = 120 * days_per_month;
  std::optional<double> of_the_pool;
  bind_diagnosed_on(binder, of_the_pool);
  binder.text({.name = "origin",
               .help = "time zero of the figures: diagnosis, first_dose, progression (documented, "
                       "with a second line given), or a time since diagnosis such as 77 d",
               .fallback = "diagnosis"},
              out.origin);
  if (out.origin != "diagnosis" && out.origin != "first_dose" && out.origin != "progression" &&
      !binder.describing()) {
    const auto time = parse_quantity(out.origin);
    const Tree* node = binder.node().find("origin");
    if (time && time->dimension == Dimension::time && time->value >= 0) {
      out.origin_days = time->value;
      if (out.origin_days >= out.horizon_days)
        binder.error(node != nullptr ? node->place() : out.place,
                     "nobody can enter at '" + out.origin + "': lives end at the horizon",
                     "an earlier origin, or a later horizon");
    } else {
      binder.error(place_of(binder, "origin"), "unknown origin '" + out.origin + "'",
                   "diagnosis, first_dose, progression, or a time since diagnosis such as 77 d");
    }
  }
  out.origin_written = binder.has("origin");
  bool known = problems(binder) == before;
  condition(binder,
            {.name = "enters",
             .help = "who entered the study, of the living without an event at its origin",
             .example = "{objective_response: true}"},
            out.enters);
  const std::size_t before_follow_up = problems(binder);
  binder.number({.name = "lived",
                 .help = "patients who died sooner after the origin are missing from the series",
                 .fallback = "0 d",
                 .example = "4.6 months",
                 .dimension = Dimension::time,
                 .least = 0},
                out.lived_days);
  FollowUp follow;
  binder.child({.name = "follow_up",
                .help = "how long patients were followed, from the origin",
                .required = true,
                .example = "{least: 12 months, most: 48 months}"},
               follow);
  out.origin_place = place_of(binder, "origin");
  out.enters_place = place_of(binder, "enters");
  out.lived_place = place_of(binder, "lived");
  out.follow_place = place_of(binder, "follow_up");
  known = known && binder.has("follow_up") && problems(binder) == before_follow_up;
  out.times_known = known;
  out.follow_least_days = follow.least;
  out.follow_most_days = follow.most;
  binder.number({.name = "drop_out",
                 .help = "rate of losing sight of patients",
                 .fallback = "0 per year",
                 .dimension = Dimension::rate,
                 .least = 0},
                out.drop_out_per_day);
  binder.children({.name = "arms",
                   .help = "treatments by the names that the figures use; the first is the "
                           "reference",
                   .required = true},
                  out.arms);
  binder.list({.name = "chosen",
               .help = "how physicians chose an arm, in order; without it patients are randomised. "
                       "A patient for whom none is chosen is in the first arm"},
              out.chosen);
  binder.names({.name = "treated",
                .help = "arms on whose effect the choice may act as a bias; default: all but the "
                        "first"},
               out.treated);
  binder.flag({.name = "balanced",
               .help = "the authors matched or weighted for the measured variables of the choice",
               .fallback = "false"},
              out.balanced);
  if (out.balanced && !binder.has("chosen"))
    binder.error(place_of(binder, "balanced"), "'balanced' without 'chosen': nothing was chosen",
                 "chosen: [{arm: ..., logit: ...}], or remove 'balanced'");
  for (const EmulatedChoice& choice : out.chosen) {
    if (!out.arms.empty() && choice.arm.text == out.arms.front().first.text)
      binder.error(choice.arm.place,
                   "'" + choice.arm.text +
                       "' is the first arm: whoever is not chosen for another one is in it",
                   "name the other arms, or put another one first");
  }
  binder.children({.name = "groups", .help = "further groups by the names that the figures use"},
                  out.groups);
  const Key endpoints{.name = "endpoints",
                      .help =
                          "endpoint of the model for an endpoint of the figures, where the "
                          "names differ",
                      .example = "{PFS: PFS_cohort}"};
  if (const Tree* tree = binder.raw(endpoints, "map of names")) {
    if (!tree->is_map()) binder.error(tree->place(), "'endpoints' must be a map of names");
    for (std::size_t i = 0; tree->is_map() && i < tree->size(); ++i) {
      out.endpoints.emplace_back(Name{tree->keys()[i].text, tree->keys()[i].place},
                                 Name{tree->items()[i].text(), tree->items()[i].place()});
    }
  }
  binder.children({.name = "targets", .help = "what a figure is, where its record does not say it"},
                  out.targets);
  binder.child({.name = "taken_apart",
                .help = "hazard ratios that `validate` also shows without the effect of treatment, "
                        "and with treatment that was not chosen by the patient's state"},
               out.taken_apart);
  binder.names({.name = "source", .help = "citation keys", .example = "[you_2020]"}, out.source);
}

EmulationDoc read_emulation(const Tree& tree, const ParameterTable& parameters,
                            Diagnostics& diagnostics) {
  EmulationDoc out;
  BindContext context;
  context.diagnostics = &diagnostics;
  context.parameters = &parameters;
  Binder binder(context, tree, {});
  bind(binder, out);
  binder.finish();
  return out;
}

std::vector<KeyDescription> emulation_keys() {
  std::vector<KeyDescription> rows;
  BindContext context;
  context.descriptions = &rows;
  const Tree nothing = Tree::map();
  Binder binder(context, nothing, {});
  EmulationDoc out;
  bind(binder, out);
  return rows;
}

}  // namespace npcsim
