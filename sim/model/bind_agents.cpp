// Agents and their effects.
#include <npcsim/base/units.hpp>
#include <npcsim/model/detail/nested.hpp>

namespace npcsim {
namespace {

// The width of a step that the document of a run says where none was written.
constexpr std::string_view usual_step = "21 d";

// A staircase without its half-life, or a step without its ramp, would do nothing.
void check_parts(Binder& b) {
  const Tree* const step = b.node().find("step");
  const Tree* const steps = b.node().find("steps");
  const bool width = step != nullptr && !(step->is_scalar() && step->text() == usual_step);
  if ((steps != nullptr || width) && !b.has("half_life")) {
    b.error((steps != nullptr ? steps : step)->place(),
            std::string(steps != nullptr ? "'steps'" : "'step'") +
                " without 'half_life': the effect does not wane",
            "the time in which it halves, e.g. half_life: 7.8 months; without step and steps it "
            "ends with the dosing but for its durable share");
  }
  if (const Tree* const ramp_step = b.node().find("ramp_step");
      ramp_step != nullptr && !b.has("ramp")) {
    b.error(ramp_step->place(), "'ramp_step' without 'ramp': the effect does not rise in steps",
            "the time from the onset until the full effect, e.g. ramp: 28 d");
  }
}

void read_kernel(Binder& b, KernelDoc& out) {
  constexpr Dimension time = Dimension::time;
  b.value({.name = "onset",
           .help = "from the first dose until the effect begins",
           .fallback = "0 d",
           .example = "21 d",
           .dimension = time,
           .least = 0},
          out.onset);
  b.value({.name = "ramp",
           .help = "from the onset until the full effect, in steps of ramp_step",
           .fallback = "0 d",
           .example = "28 d",
           .dimension = time,
           .least = 0},
          out.ramp);
  b.value({.name = "ramp_step",
           .help = "width of the steps of the ramp; the value of a step is that "
                   "of the ramp at its start",
           .fallback = "21 d",
           .dimension = time,
           .least = 0,
           .above_least = true},
          out.ramp_step);
  b.value({.name = "half_life",
           .help = "the effect halves in this time after the last dose; without "
                   "it the effect does not wane",
           .example = "7.8 months",
           .dimension = time,
           .least = 0,
           .above_least = true},
          out.half_life);
  b.value({.name = "step",
           .help = "width of the steps of the waning staircase; the first begins one "
                   "step after the last dose",
           .fallback = usual_step,
           .dimension = time,
           .least = 0,
           .above_least = true},
          out.step);
  b.integer({.name = "steps",
             .help = "number of steps, after which the durable share is left",
             .example = "24",
             .least = 1,
             .most = 10000},
            out.steps);
  b.value({.name = "durable",
           .help = "share of the log effect that never wanes; 1: the effect stays for good",
           .fallback = "0",
           .example = "0.1",
           .least = 0,
           .most = 1},
          out.durable);
  b.value({.name = "duration",
           .help = "the effect falls to its durable share this long after the onset, whatever the "
                   "dosing; without it dosing alone decides",
           .example = "12 months",
           .dimension = time,
           .least = 0,
           .above_least = true},
          out.duration);
  if (!b.describing()) check_parts(b);
  out.wanes = out.half_life.given;
  if (out.wanes && !b.has("steps") && !b.describing()) {
    b.error(b.node().place(), "a waning kernel needs 'steps'",
            "the number of steps, e.g. steps: 24");
  }
}

void bind_stop(Binder& binder, StopDoc& out) {
  binder.value({.name = "per_cycle",
                .help = "probability, at each cycle, that it is the last one",
                .example = "0.015",
                .least = 0,
                .most = 1,
                .below_most = true},
               out.per_cycle);
  binder.value({.name = "hazard",
                .help = "rate while on the agent, instead of per_cycle",
                .example = "0.02 per month",
                .dimension = Dimension::rate,
                .least = 0},
               out.hazard);
  binder.names({.name = "source", .help = "citation keys, or assumed"}, out.source);
}

void read_stop(Binder& binder, std::vector<std::pair<Name, StopDoc>>& out) {
  const Tree* tree =
      binder.raw({.name = "stop",
                  .help = "why dosing ends early: a cause, with a probability per cycle "
                          "or a hazard",
                  .example = "{toxicity: {per_cycle: 0.015}, refusal: {hazard: 0.02 per month}}"},
                 "map of causes");
  if (binder.describing()) {
    StopDoc stop;
    bind_inside(binder, "stop.<cause>", [&](Binder& inner) { bind_stop(inner, stop); });
  }
  if (tree == nullptr) return;
  if (!tree->is_map()) {
    binder.error(tree->place(), "'stop' must be a map of causes, found " + in_words(*tree));
    return;
  }
  for (std::size_t i = 0; i < tree->size(); ++i) {
    out.emplace_back(Name{tree->keys()[i].text, tree->keys()[i].place}, StopDoc{});
    StopDoc& stop = out.back().second;
    if (!tree->items()[i].is_map()) {
      binder.error(tree->items()[i].place(), "a cause needs {per_cycle: p} or {hazard: rate}",
                   "a bare number does not say per what; e.g. " + tree->keys()[i].text +
                       ": {per_cycle: 0.015}");
      continue;
    }
    auto path = binder.path();
    path.emplace_back("stop");
    path.push_back(tree->keys()[i].text);
    const std::size_t before = binder.context().diagnostics->error_count();
    Binder inner(binder.context(), tree->items()[i], path);
    bind_stop(inner, stop);
    inner.finish();
    if (!stop.per_cycle.given && !stop.hazard.given &&
        binder.context().diagnostics->error_count() == before) {
      binder.error(tree->keys()[i].place, "the cause has neither per_cycle nor hazard",
                   "e.g. " + tree->keys()[i].text + ": {per_cycle: 0.015}");
    }
    if (stop.per_cycle.given && stop.hazard.given) {
      binder.error(tree->keys()[i].place, "the cause has per_cycle and hazard",
                   "give one of the two");
    }
  }
}

void read_plan(Binder& binder, std::vector<std::pair<Name, Value>>& out) {
  named_values(binder,
               {.name = "plan",
                .help = "planned cycles: share of patients by number",
                .example = "{4: 0.15, 6: 0.85}",
                .least = 0,
                .most = 1},
               out);
}

}  // namespace

void bind(Binder& binder, EffectDoc& out) {
  out.place = binder.node().place();
  binder.names({.name = "process",
                .help = "the process or processes it acts on",
                .required = true,
                .example = "[distant_progression, locoregional_progression]"},
               out.process);
  binder.value({.name = "log_hr",
                .help = "log hazard ratio at full effect (treated / untreated); give this or hr",
                .example = "-0.6"},
               out.log_hr);
  binder.value(
      {.name = "hr",
       .help = "hazard ratio at full effect (treated / untreated), e.g. 0.7 for a 30 % lower "
               "hazard; 0 switches the process off; give this or log_hr",
       .example = "0.55",
       .least = 0},
      out.hr);
  out.kind = "conditional";
  binder.text({.name = "kind",
               .help = "what the hazard ratio is conditional on",
               .fallback = "conditional",
               .choices = "conditional|marginal|observational"},
              out.kind);
  if (out.kind != "conditional" && !binder.describing()) {
    binder.error(
        binder.node().find("kind")->place(), "a " + out.kind + " hazard ratio is not an effect",
        "the engine multiplies hazards given covariates and frailty; reproduce the study that "
        "reported it instead");
  }
  KernelDoc kernel;
  if (nested(binder,
             {.name = "kernel",
              .help = "how the effect comes and goes",
              .example = "{half_life: 7.8 months, step: 21 d, steps: 24, durable: 0.1}"},
             [&](Binder& b) { read_kernel(b, kernel); })) {
    out.kernel = kernel;
  }
  nested(binder,
         {.name = "masked_by",
          .help = "a class of agents that masks part of the effect while dosed",
          .example = "{class: chemotherapy, share: 0.3}"},
         [&](Binder& b) {
           b.name({.name = "class", .help = "class of agents, or one agent", .required = true},
                  out.masked_by);
           b.value({.name = "share",
                    .help = "share of the log effect that is masked",
                    .required = true,
                    .least = 0,
                    .most = 1},
                   out.masked_share);
         });
  const auto carry = [&](Binder& b) {
    std::vector<Name> to;
    Value share;
    b.names({.name = "to", .help = "processes", .required = true}, to);
    b.value({.name = "share", .help = "share of the log effect", .required = true, .least = 0},
            share);
    for (const Name& name : to) out.carry_over.emplace_back(name, share);
  };
  nested(binder,
         {.name = "carry_over",
          .help = "share of the effect that also acts on later processes",
          .example = "{to: death_after_progression, share: 0.7}"},
         carry);
  nested(binder,
         {.name = "course_share",
          .help = "share of the log effect reached during a course",
          .example = "{half_way: 0.5, end: 1}"},
         [&](Binder& b) {
           b.value({.name = "half_way",
                    .help = "from the middle of the course",
                    .fallback = "0",
                    .least = 0,
                    .most = 1},
                   out.half_way);
           b.value({.name = "end", .help = "from its end", .fallback = "1", .least = 0, .most = 1},
                   out.at_end);
         });
  bind_dose_response(binder, "logistic share of the log effect by EQD2 delivered",
                     out.eqd2_midpoint, out.eqd2_slope);
  const Key by_level{.name = "<marker>",
                     .help =
                         "share by level; levels that are not named have share 0, a marker that "
                         "was not assessed counts as share 1",
                     .example = "{CR: 1, PR: 1, SD: 0.4}",
                     .least = 0};
  if (const Tree* tree = binder.raw({.name = "gate",
                                     .help = "share of the log effect by level of a marker "
                                             "when the course begins",
                                     .example = "{response: {CR: 1, PR: 1, SD: 0.4}}"},
                                    "map with one marker, shares by level")) {
    if (tree->is_map() && tree->size() == 1) {
      out.gate_marker = {tree->keys().front().text, tree->keys().front().place};
      auto path = binder.path();
      path.emplace_back("gate");
      Binder inner(binder.context(), *tree, path);
      Key shares = by_level;
      shares.name = out.gate_marker.text;
      named_values(inner, shares, out.gate);
    } else {
      binder.error(tree->place(), "'gate' must name one marker with a share for each level");
    }
  }
  bind_inside(binder, "gate", [&](Binder& inner) { named_values(inner, by_level, out.gate); });
  named_values(binder,
               {.name = "modified_by",
                .help = "added to the log hazard ratio, times the attribute's value",
                .example = "{liver: 0.5}"},
               out.modified_by);
  binder.value({.name = "dose_exponent",
                .help = "while doses are reduced the log effect is multiplied by the dose level "
                        "(1: full dose) to this power; 0: a reduced dose works as well",
                .fallback = "0",
                .example = "1",
                .least = 0,
                .most = 100},
               out.dose_exponent);
  condition(binder,
            {.name = "when",
             .help = "only patients for whom this holds at diagnosis have the effect",
             .example = "{pdl1_positive: true}"},
            out.when);
  nested(
      binder,
      {.name = "responders",
       .help = "a share of patients in whom the effect is another one",
       .example = "{share: 0.23, hr: 0.2}"},
      [&](Binder& b) {
        b.value(
            {.name = "share", .help = "share of patients", .required = true, .least = 0, .most = 1},
            out.responders_share);
        b.value({.name = "log_hr", .help = "their log hazard ratio, instead of that of the effect"},
                out.responders_log_hr);
        b.value({.name = "hr", .help = "their hazard ratio", .least = 0}, out.responders_hr);
      });
  binder.names({.name = "source", .help = "citation keys, or assumed"}, out.source);
  const bool both = binder.has("log_hr") && binder.has("hr");
  if (!binder.describing() && (both || (!binder.has("log_hr") && !binder.has("hr")))) {
    binder.error(binder.node().place(),
                 both ? "give log_hr or hr, not both" : "the effect has neither log_hr nor hr");
  }
}

void bind(Binder& binder, AgentDoc& out) {
  binder.text({.name = "title", .help = "name for people"}, out.title);
  binder.names(
      {.name = "class",
       .help = "class or classes; masked_by, toxicities, markers and conditions may name a class",
       .example = "[chemotherapy, platinum]"},
      out.classes);
  out.has_cycle = nested(
      binder, {.name = "cycle", .help = "dosing in cycles", .example = "{every: 21 d, cap: 35}"},
      [&](Binder& b) {
        b.number({.name = "every",
                  .help = "from one dose to the next",
                  .required = true,
                  .example = "21 d",
                  .dimension = Dimension::time,
                  .least = Ticks{1}.days()},
                 out.every_days);
        b.integer({.name = "cap",
                   .help = "most doses since the agent's first dose",
                   .least = 1,
                   .most = 100000},
                  out.cap);
      });
  read_plan(binder, out.plan);
  read_stop(binder, out.stop);
  HoldDoc hold;
  if (nested(binder,
             {.name = "hold",
              .help = "doses delayed for toxicity",
              .example = "{per_cycle: 0.1, delay: 7 d, most: 3}"},
             [&](Binder& b) {
               b.value({.name = "per_cycle",
                        .help = "probability before each dose but the first",
                        .required = true,
                        .least = 0,
                        .most = 1,
                        .below_most = true},
                       hold.per_cycle);
               b.number({.name = "delay",
                         .help = "length of one delay",
                         .fallback = "7 d",
                         .dimension = Dimension::time,
                         .least = 0,
                         .above_least = true},
                        hold.delay_days);
               b.integer({.name = "most",
                          .help = "most delays of one dose",
                          .fallback = "3",
                          .least = 1,
                          .most = 20},
                         hold.most);
             })) {
    out.hold = hold;
  }
  CourseDoc course;
  if (nested(binder,
             {.name = "course",
              .help = "a course of radiotherapy",
              .example = "{dose: 70 Gy, fractions: 33, over: 45 d, alpha_beta: 10 Gy}"},
             [&](Binder& b) {
               b.value({.name = "dose",
                        .help = "total dose",
                        .required = true,
                        .example = "70 Gy",
                        .dimension = Dimension::dose,
                        .least = 0,
                        .above_least = true},
                       course.dose);
               b.integer({.name = "fractions",
                          .help = "number of fractions",
                          .required = true,
                          .least = 1,
                          .most = 200},
                         course.fractions);
               b.number({.name = "over",
                         .help = "overall time",
                         .required = true,
                         .example = "45 d",
                         .dimension = Dimension::time,
                         .least = 0},
                        course.over_days);
               course.alpha_beta = Value::of(10);
               b.value({.name = "alpha_beta",
                        .help = "alpha / beta of the linear-quadratic model",
                        .fallback = "10 Gy",
                        .dimension = Dimension::dose,
                        .least = 0,
                        .above_least = true},
                       course.alpha_beta);
             })) {
    out.course = course;
  }
  binder.flag({.name = "procedure",
               .help = "a single intervention that is over at once",
               .fallback = "false",
               .example = "true"},
              out.procedure);
  ControlsDoc controls;
  if (nested(binder,
             {.name = "controls",
              .help = "lesions that it ablates (the model needs lesion_control)",
              .example = "{lesions: lesions_liver, control: 0.85}"},
             [&](Binder& b) {
               b.name({.name = "lesions",
                       .help = "attribute: how many lesions it treats",
                       .required = true},
                      controls.lesions);
               b.value({.name = "control",
                        .help = "proportion of treated lesions controlled",
                        .required = true,
                        .least = 0,
                        .most = 1,
                        .above_least = true},
                       controls.control);
               controls.effect_share = Value::of(1);
               b.value({.name = "effect_share",
                        .help = "share of the lost hazard that a deferred treatment still saves",
                        .fallback = "1",
                        .least = 0,
                        .most = 1},
                       controls.effect_share);
               controls.feasible = Value::of(1);
               b.value({.name = "feasible",
                        .help = "chance that it can be done at all",
                        .fallback = "1",
                        .least = 0,
                        .most = 1},
                       controls.feasible);
             })) {
    out.controls = controls;
  }
  condition(binder,
            {.name = "given_when",
             .help = "the agent is left out for patients for whom this does not hold",
             .example = "{lesions_liver: {min: 1, max: 3}}"},
            out.given_when);
  binder.list({.name = "effects",
               .help = "what it does to processes",
               .example = "[{process: progression, hr: 0.55, source: assumed}]"},
              out.effects);
  binder.names({.name = "source", .help = "citation keys, or assumed"}, out.source);
}

}  // namespace npcsim
