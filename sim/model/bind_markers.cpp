// Markers and toxicities.
#include <npcsim/model/detail/nested.hpp>

namespace npcsim {
namespace {

void bind_dose_changes(Binder& binder, ToxicityDoc& out) {
  binder.value({.name = "delay",
                .help = "the next dose waits this long, after each cycle with it; needs per_cycle",
                .example = "7 d",
                .dimension = Dimension::time,
                .least = 0,
                .above_least = true},
               out.delay);
  out.reduces =
      nested(binder,
             {.name = "reduce",
              .help = "later doses of the agent are smaller, after each cycle with it; needs "
                      "per_cycle",
              .example = "{by: 25 %, most: 2}"},
             [&](Binder& b) {
               b.value({.name = "by",
                        .help = "share that is taken off the dose each time",
                        .required = true,
                        .example = "25 %",
                        .least = 0,
                        .most = 1,
                        .above_least = true,
                        .below_most = true},
                       out.reduce_by);
               b.integer({.name = "most",
                          .help = "no reduction once the agent has been reduced so often, "
                                  "whatever the cause",
                          .fallback = "2",
                          .example = "2",
                          .least = 1,
                          .most = 100},
                         out.reduce_most);
             });
}

}  // namespace

void bind(Binder& binder, MarkerDoc& out) {
  binder.text({.name = "title", .help = "name for people"}, out.title);
  binder.names({.name = "levels",
                .help = "levels of an ordered marker, best first; the last is progression",
                .example = "[CR, PR, SD, PD]"},
               out.levels);
  if (nested(
          binder,
          {.name = "ordered_probit",
           .help = "latent normal with cuts, graded at assessments",
           .example = "{cuts: [1.5, -0.7, -1.4], patient_effect: 0.8}"},
          [&](Binder& b) {
            b.values({.name = "cuts",
                      .help = "decreasing limits between the levels, one fewer than levels",
                      .required = true,
                      .example = "[1.55, -0.68, -1.45]"},
                     out.cuts);
            named_values(
                b,
                {.name = "loads",
                 .help = "added per standard deviation of a frailty, or per unit of an attribute",
                 .example = "{aggressiveness: -0.5, liver: -0.25}"},
                out.loads);
            named_values(b,
                         {.name = "shifts",
                          .help = "added once an agent has been given",
                          .example = "{pd1: 0.5}"},
                         out.shifts);
            b.value({.name = "patient_effect",
                     .help = "standard deviation of the patient's own part",
                     .required = true,
                     .least = 0},
                    out.patient_effect);
          })) {
    out.kind = {"ordered_probit", binder.node().place()};
  }
  if (nested(binder,
             {.name = "kinetics", .help = "logarithmic fall with cycles, detection limit, rebound"},
             [&](Binder& b) {
               b.name({.name = "baseline",
                       .help = "attribute: decimal logarithm at diagnosis",
                       .required = true},
                      out.baseline);
               b.name({.name = "detectable_at_start", .help = "flag: detectable at diagnosis"},
                      out.detectable_at_start);
               b.name({.name = "falls_with",
                       .help = "agent or class whose cycles count",
                       .required = true},
                      out.falls_with);
               b.value({.name = "fall", .help = "mean fall of log10 per cycle", .required = true},
                       out.fall);
               b.value({.name = "fall_sd",
                        .help = "its standard deviation between patients",
                        .fallback = "0",
                        .least = 0},
                       out.fall_sd);
               b.name({.name = "shares_effect_of",
                       .help = "another marker whose patient effect is shared"},
                      out.fall_loads_on);
               b.value({.name = "fall_load",
                        .help = "loading of the fall on that effect",
                        .fallback = "0"},
                       out.fall_load);
               b.value({.name = "detection_limit",
                        .help = "limit of detection in the unit of the marker",
                        .required = true,
                        .least = 0,
                        .above_least = true},
                       out.detection_limit);
               nested(b,
                      {.name = "rebound",
                       .help = "rises again when a process has spent part of its threshold"},
                      [&](Binder& r) {
                        r.names({.name = "of", .help = "processes", .required = true},
                                out.rebound_of);
                        std::vector<Value> beta;
                        r.values({.name = "beta",
                                  .help = "beta distribution of the spent share",
                                  .required = true,
                                  .example = "[8, 2]",
                                  .least = 0,
                                  .above_least = true},
                                 beta);
                        if (beta.size() == 2) {
                          out.rebound_a = beta[0];
                          out.rebound_b = beta[1];
                        } else if (!beta.empty()) {
                          r.error(r.node().place(), "'beta' needs two numbers");
                        }
                      });
             })) {
    out.kind = {"kinetics", binder.node().place()};
  }
  binder.names({.name = "source", .help = "citation keys, or assumed"}, out.source);
  if (out.kind.empty() && !binder.describing()) {
    binder.error(binder.node().place(), "the marker has no kind",
                 "one of ordered_probit, kinetics");
  }
}

void bind(Binder& binder, ToxicityDoc& out) {
  const std::size_t before = binder.describing() ? 0 : binder.context().diagnostics->error_count();
  binder.text({.name = "title", .help = "name for people"}, out.title);
  binder.names({.name = "of",
                .help = "agents or classes that cause it",
                .required = true,
                .example = "chemotherapy"},
               out.agents);
  binder.value({.name = "per_cycle",
                .help = "probability per cycle",
                .example = "0.15",
                .least = 0,
                .most = 1,
                .below_most = true},
               out.per_cycle);
  binder.value({.name = "per_course",
                .help = "probability per course or procedure",
                .example = "0.34",
                .least = 0,
                .most = 1},
               out.per_course);
  binder.value({.name = "hazard",
                .help = "rate while on the agent, or after it with after_end",
                .example = "0.009 per month",
                .dimension = Dimension::rate,
                .least = 0},
               out.hazard);
  binder.flag({.name = "after_end",
               .help = "the hazard runs for life from the end of the treatment",
               .fallback = "false"},
              out.after_end);
  named_values(binder,
               {.name = "more_with",
                .help = "log odds ratio (per_cycle, per_course) or log hazard ratio, by agent or "
                        "class that was also given"},
               out.more_with);
  named_values(binder,
               {.name = "modified_by",
                .help = "added to the log odds (per_cycle, per_course) or the log hazard, times "
                        "the attribute's value",
                .example = "{age50: 0.3}"},
               out.modified_by);
  bind_dose_response(binder, "share of the risk by EQD2 delivered, logistic; of courses",
                     out.eqd2_midpoint, out.eqd2_slope);
  out.action.text = "none";
  binder.name({.name = "action",
               .help = "none, or stop: the agent is stopped",
               .fallback = "none",
               .choices = "none|stop"},
              out.action);
  bind_dose_changes(binder, out);
  binder.name({.name = "to", .help = "final state entered when it is fatal", .example = "dead"},
              out.to);
  binder.number({.name = "duration",
                 .help = "how long an episode lasts",
                 .fallback = "0 d",
                 .example = "7 d",
                 .dimension = Dimension::time,
                 .least = 0},
                out.duration_days);
  binder.value(
      {.name = "disutility", .help = "loss of utility while it lasts", .least = 0, .most = 1},
      out.disutility);
  binder.value({.name = "cost", .help = "cost of an episode, in the study's currency", .least = 0},
               out.cost);
  binder.names({.name = "source", .help = "citation keys, or assumed"}, out.source);
  if (!binder.describing() && binder.context().diagnostics->error_count() > before) return;
  const int given =
      (out.per_cycle.given ? 1 : 0) + (out.per_course.given ? 1 : 0) + (out.hazard.given ? 1 : 0);
  if (binder.describing()) return;
  if (given != 1) {
    binder.error(binder.node().place(),
                 "a toxicity has exactly one of per_cycle, per_course, hazard");
  }
  if (out.after_end && given == 1 && !out.hazard.given) {
    binder.error(binder.node().find("after_end")->place(), "'after_end' needs 'hazard'",
                 "the rate of the late harm, e.g. hazard: 0.01 per month");
  }
  if (!out.per_cycle.given && (out.delay.given || out.reduces)) {
    binder.error(binder.node().find(out.delay.given ? "delay" : "reduce")->place(),
                 "only a toxicity per cycle can delay or reduce doses", "use per_cycle");
  }
  if (out.action.text == "stop" && (out.delay.given || out.reduces)) {
    binder.error(out.action.place, "no dose is left to delay or to reduce after 'action: stop'",
                 "leave out 'action', or 'delay' and 'reduce'");
  }
}

}  // namespace npcsim
