// Running trials, decision algorithms, exclusions.
#include <npcsim/evidence/detail/binders.hpp>

namespace npcsim {
namespace {

using detail::doubt_key;
using detail::quoted_key;
using detail::read_bounds;
using detail::read_condition;
using detail::source_key;
using detail::strategies_key;
using detail::where_key;

constexpr std::string_view kActions =
    "chemo|pd1|lrrt|ablate_metastases|maintenance|restage|monochemotherapy|replatinum|symptom_rt|"
    "no_radiotherapy|best_supportive_care";

}  // namespace

void bind(Binder& binder, TrialArm& out) {
  binder.names({.name = "drugs", .help = "drugs of the arm", .required = true}, out.drugs);
  binder.names({.name = "optional", .help = "drugs left to choice"}, out.optional);
  binder.names({.name = "radiotherapy", .help = "what is irradiated"}, out.radiotherapy);
  binder.names({.name = "maintenance", .help = "drugs afterwards"}, out.maintenance);
  binder.names(strategies_key(), out.strategies);
}

void bind(Binder& binder, RunningTrial& out) {
  binder.name({.name = "registry", .help = "number in the registry", .required = true},
              out.registry);
  binder.integer({.name = "phase", .help = "phase", .required = true, .least = 1, .most = 4},
                 out.phase);
  binder.integer({.name = "enrolment", .help = "planned patients", .required = true, .least = 1},
                 out.enrolment);
  read_condition(binder, {.name = "eligible", .help = "who is enrolled"}, out.eligible);
  binder.children({.name = "arms", .help = "arms, the experimental first", .required = true},
                  out.arms);
  binder.name(quoted_key(), out.quoted_in);
  binder.text(where_key(), out.where);
  binder.text(doubt_key(), out.doubt);
}

void bind(Binder& binder, DecisionAction& out) {
  binder.text({.name = "do", .help = "action", .required = true, .choices = kActions}, out.action);
  binder.names({.name = "with", .help = "one of these"}, out.with);
  binder.names({.name = "to", .help = "what is treated"}, out.to);
  binder.names({.name = "how", .help = "remarks"}, out.how);
  const Key cycles{.name = "cycles", .help = "numbers of cycles"};
  if (const Tree* tree = binder.raw(cycles, "list of numbers")) out.cycles = *tree;
  read_bounds(binder, {.name = "dose_gy", .help = "dose, Gy", .least = 0}, out.dose_gy);
  binder.text({.name = "timing", .help = "when", .choices = "upfront|deferred"}, out.timing);
  binder.text({.name = "intent", .help = "intent"}, out.intent);
  binder.text({.name = "concurrent_chemotherapy", .help = "given with radiotherapy"},
              out.concurrent_chemotherapy);
  binder.text({.name = "strength", .help = "strength of the recommendation"}, out.strength);
  binder.flag({.name = "optional", .help = "may be left out", .fallback = "false"}, out.optional);
}

void bind(Binder& binder, DecisionStep& out) {
  binder.text({.name = "branch", .help = "branch of the algorithm", .required = true}, out.branch);
  binder.integer({.name = "order",
                  .help = "place in the sequence; equal orders are alternatives",
                  .required = true,
                  .least = 1},
                 out.order);
  out.at = "start";
  binder.text({.name = "at",
               .help = "where the sequence begins",
               .fallback = "start",
               .choices = "start|progression"},
              out.at);
  read_condition(binder, {.name = "when", .help = "for whom"}, out.when);
  binder.text({.name = "words", .help = "what the condition cannot say"}, out.words);
  binder.list({.name = "then", .help = "what is done", .required = true}, out.then);
  binder.list({.name = "or", .help = "what may be done instead"}, out.alternative);
  binder.text({.name = "grade", .help = "grade of evidence as printed"}, out.grade);
  binder.text({.name = "strength", .help = "strength of the recommendation"}, out.strength);
}

void bind(Binder& binder, DecisionAlgorithm& out) {
  binder.text({.name = "title", .help = "whose algorithm", .required = true}, out.title);
  binder.names(source_key(), out.source);
  binder.name(quoted_key(), out.quoted_in);
  binder.text(where_key(), out.where);
  binder.text(doubt_key(), out.doubt);
  binder.names(strategies_key(), out.strategies);
  binder.list({.name = "steps", .help = "decisions in order", .required = true}, out.steps);
}

void bind(Binder& binder, ArmOfStudy& out) { binder.names(strategies_key(), out.strategies); }

void bind(Binder& binder, Treatment& out) {
  binder.names(strategies_key(), out.strategies);
  binder.children({.name = "by_study", .help = "studies in which other strategies stand for it"},
                  out.by_study);
  binder.names({.name = "agents",
                .help = "agents or regimens, any of which stands for the drug or the action",
                .example = "[gp, gemcitabine]"},
               out.agents);
  binder.text({.name = "reason", .help = "why nothing stands for it"}, out.reason);
}

void bind(Binder& binder, ExcludedGroup& out) {
  binder.text({.name = "reason", .help = "why they are left out", .required = true}, out.reason);
  binder.names({.name = "ids", .help = "targets", .required = true}, out.ids);
}

void bind(Binder& binder, ReplacedTarget& out) {
  binder.name({.name = "id", .help = "target that is not used", .required = true}, out.id);
  binder.name({.name = "by", .help = "target that is used", .required = true}, out.by);
  binder.text({.name = "reason", .help = "why", .required = true}, out.reason);
}

void bind(Binder& binder, Exclusions& out) {
  binder.number({.name = "most",
                 .help = "greatest share of the targets that may be left out",
                 .required = true,
                 .least = 0,
                 .most = 1},
                out.most);
  binder.list({.name = "targets", .help = "targets that calibration leaves out"}, out.targets);
  binder.list({.name = "replaced", .help = "conflicting figures: which is used"}, out.replaced);
}

void bind(Binder& binder, EffectiveNRule& out) {
  binder.text({.name = "of",
               .help = "what the number is taken from",
               .required = true,
               .choices = "printed|interval|study|class|nothing"},
              out.of);
  binder.number({.name = "factor", .help = "share of it", .least = 0, .most = 1}, out.factor);
  binder.text({.name = "reason", .help = "why", .required = true}, out.reason);
}

}  // namespace npcsim
