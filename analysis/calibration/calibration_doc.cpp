#include <npcsim/base/quantity_text.hpp>
#include <npcsim/calibration/calibration_doc.hpp>
#include <npcsim/model/prior.hpp>

#include <algorithm>

namespace npcsim {
namespace {

// The priors of what differs between studies, by their names.
struct BetweenDoc {
  std::vector<BetweenPrior> priors = default_between_priors();
};

std::string written(const BetweenPrior& prior) {
  if (prior.half_normal) return "{half_normal: [" + shortest(prior.sd) + "]}";
  return "{normal: [" + shortest(prior.mean) + ", " + shortest(prior.sd) + "]}";
}

// {fixed: 0} switches a term off; any other value holds it there. Whether it is one of these.
bool read_fixed(Binder& binder, const Tree& tree, BetweenPrior& prior) {
  const Tree* const written = tree.is_map() && tree.size() == 1 ? tree.find("fixed") : nullptr;
  if (written == nullptr) return false;
  const auto number =
      written->is_scalar() && !written->quoted() ? parse_number(written->text()) : std::nullopt;
  if (!number || (prior.half_normal && *number < 0)) {
    binder.error(written->place(),
                 "'" + prior.name + "' can be fixed at a number" +
                     (prior.half_normal ? " that is 0 or above" : "") + ", found " +
                     in_words(*written),
                 "e.g. {fixed: 0}");
    return true;
  }
  prior.half_normal = false;
  prior.mean = *number;
  prior.sd = 0;
  return true;
}

void bind(Binder& binder, BetweenDoc& out) {
  for (BetweenPrior& prior : out.priors) {
    const std::string fallback = written(prior);
    const Tree* const tree =
        binder.raw({.name = prior.name, .help = prior.meaning, .fallback = fallback},
                   prior.half_normal ? "half_normal, or {fixed: 0}" : "normal, or {fixed: 0}");
    if (tree == nullptr || read_fixed(binder, *tree, prior)) continue;
    const Prior read = read_prior(binder, *tree);
    if (read.kind == Prior::Kind::none) continue;  // told already
    const Prior::Kind wanted = prior.half_normal ? Prior::Kind::half_normal : Prior::Kind::normal;
    if (read.kind != wanted) {
      binder.error(tree->place(),
                   "the prior of '" + prior.name + "' must be " +
                       (prior.half_normal ? "half-normal: it is a standard deviation"
                                          : "normal: it is a mean"),
                   "e.g. " + fallback + ", or {fixed: 0} without it");
      continue;
    }
    prior.mean = prior.half_normal ? 0 : read.first;
    prior.sd = prior.half_normal ? read.first : read.second;
  }
}

// What is listed twice would be fitted, or counted, twice.
void refuse_repeated(Binder& binder, const std::vector<Name>& list, const std::string& what) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const bool before = std::any_of(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(i),
                                    [&](const Name& name) { return name.text == list[i].text; });
    if (before)
      binder.error(list[i].place, "the " + what + " '" + list[i].text + "' is listed twice",
                   "remove one of them");
  }
}

// The columns of draws that are no parameters, and those of the tables beside them.
void refuse_reserved(Binder& binder, const std::vector<Name>& parameters) {
  for (const Name& name : parameters) {
    const bool prefixed = name.text.rfind("study_", 0) == 0 || name.text.rfind("hyper_", 0) == 0;
    if (!prefixed && name.text != "draw" && name.text != "mean" && name.text != "parameter")
      continue;
    binder.error(name.place, "a calibrated parameter cannot be called '" + name.text + "'",
                 "tables of a posterior have columns 'draw', 'mean', 'parameter', 'study_...' and "
                 "'hyper_...' of their own; rename it in the model");
  }
}

// The emulator cannot be fitted to fewer points, see build_wave(): twice the parameters and 4, and
// one for each set of patients, of at least four points.
void check_wave_points(Binder& binder, const CalibrationDoc& doc) {
  const auto least = static_cast<std::int64_t>((4 * (2 * doc.parameters.size() + 4) + 2) / 3);
  if (binder.describing() || doc.wave_points == 0 || doc.wave_points >= least) return;
  binder.error(binder.node().find("wave_points")->place(),
               "'wave_points' must be 0 or at least " + std::to_string(least) + " with " +
                   std::to_string(doc.parameters.size()) +
                   (doc.parameters.size() == 1 ? " parameter" : " parameters") + ", found " +
                   std::to_string(doc.wave_points),
               "0: as many as the emulator needs");
}

void bind(Binder& binder, CalibrationDoc& out) {
  out.place = binder.node().place();
  Name name;
  binder.own_name({.name = "calibration",
                   .help = "name of the calibration; its folder is called so",
                   .required = true,
                   .example = "dmnpc"},
                  name);
  out.name = name.text;
  binder.text({.name = "title", .help = "one line for people"}, out.title);
  if (out.title.empty()) out.title = out.name;
  binder.text({.name = "description", .help = "what a reader should know"}, out.description);
  binder.names({.name = "emulations",
                .help = "published studies whose figures are fitted: names or paths of emulations; "
                        "default: all in configs/emulations",
                .example = "[gem20110714, you_2020]"},
               out.emulations);
  binder.names({.name = "parameters",
                .help = "parameters of the model that are fitted, with a prior that is normal, "
                        "log_normal or beta; a beta is replaced by the normal on the logit with "
                        "its mean and standard deviation",
                .required = true,
                .example = "[gp_log_hr, pd1_log_hr, rt_d]"},
               out.parameters);
  refuse_reserved(binder, out.parameters);
  refuse_repeated(binder, out.emulations, "emulation");
  refuse_repeated(binder, out.parameters, "parameter");
  if (const Tree* list = binder.node().find("emulations");
      list != nullptr && list->is_list() && list->size() == 0)
    binder.error(list->place(),
                 "'emulations' must name at least one emulation, found an empty list",
                 "leave it out for all in configs/emulations");
  if (const Tree* list = binder.node().find("parameters");
      list != nullptr && list->is_list() && list->size() == 0)
    binder.error(list->place(),
                 "'parameters' must name at least one parameter, found an empty list",
                 "e.g. [gp_log_hr, pd1_log_hr, rt_d]");
  binder.integer({.name = "seed",
                  .help = "master seed, from 0 to below 2^63; there is no default",
                  .required = true,
                  .example = "20240217",
                  .least = 0},
                 out.seed);
  binder.integer({.name = "patients",
                  .help = "virtual patients of each pool in one evaluation",
                  .fallback = "4096",
                  .least = 64,
                  .most = 10'000'000},
                 out.patients);
  binder.integer(
      {.name = "starts",
       .help = "searches for the mode: from the prior mean, then from draws of the prior",
       .fallback = "2",
       .least = 1,
       .most = 100},
      out.starts);
  binder.integer({.name = "steps",
                  .help = "steps of each search, at most",
                  .fallback = "10",
                  .least = 1,
                  .most = 1000},
                 out.steps);
  binder.integer({.name = "wave_points",
                  .help = "evaluations of each of the two waves that the emulator learns from; 0: "
                          "1.25 and 2 times the coefficients of a full quadratic, and at least 20 "
                          "and 10 times the parameters; else at least a third more than twice the "
                          "parameters and 4",
                  .fallback = "0",
                  .least = 0,
                  .most = 1'000'000},
                 out.wave_points);
  check_wave_points(binder, out);
  binder.integer(
      {.name = "check_points",
       .help = "fresh evaluations at posterior draws, which check the emulator; Pareto's k "
               "needs 25",
       .fallback = "100",
       .least = 25,
       .most = 100'000},
      out.check_points);
  binder.integer({.name = "check_streams",
                  .help = "sets of patients averaged in each of them, so that chance between "
                          "patients is not taken for an error of the emulator",
                  .fallback = "4",
                  .least = 1,
                  .most = 1000},
                 out.check_streams);
  binder.integer({.name = "draws",
                  .help = "rows of the posterior file",
                  .fallback = "2000",
                  .least = 100,
                  .most = 1'000'000},
                 out.draws);
  BetweenDoc between;
  binder.child({.name = "between_studies",
                .help = "priors of how studies differ from the model beyond chance, on log hazards "
                        "but for phi_proportion; those that are not named keep their defaults, "
                        "{fixed: 0} switches one off",
                .example = "{tau_death: {half_normal: [0.1]}}"},
               between);
  out.between = std::move(between.priors);
  // What the fallbacks say.
  if (!binder.has("patients")) out.patients = 4096;
  if (!binder.has("starts")) out.starts = 2;
  if (!binder.has("steps")) out.steps = 10;
  if (!binder.has("check_points")) out.check_points = 100;
  if (!binder.has("check_streams")) out.check_streams = 4;
  if (!binder.has("draws")) out.draws = 2000;
}

}  // namespace

CalibrationDoc read_calibration(const Tree& tree, Diagnostics& diagnostics) {
  CalibrationDoc out;
  if (!tree.is_map()) {
    diagnostics.error(tree.place(),
                      "a calibration document must be a map of keys, found " + in_words(tree));
    return out;
  }
  BindContext context;
  context.diagnostics = &diagnostics;
  Binder binder(context, tree, {});
  bind(binder, out);
  binder.finish();
  return out;
}

std::vector<KeyDescription> calibration_keys() {
  std::vector<KeyDescription> rows;
  BindContext context;
  context.descriptions = &rows;
  const Tree nothing = Tree::map();
  Binder binder(context, nothing, {});
  CalibrationDoc out;
  bind(binder, out);
  return rows;
}

}  // namespace npcsim
