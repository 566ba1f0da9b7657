#include <npcsim/calibration/calibration_doc.hpp>

namespace npcsim {
namespace {

void bind(Binder& binder, CalibrationDoc& out) {
  out.place = binder.node().place();
  Name name;
  binder.name({.name = "calibration",
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
                .help = "parameters of the model that are fitted; their priors are the model's",
                .required = true,
                .example = "[gp_log_hr, pd1_log_hr, rt_d]"},
               out.parameters);
  binder.integer({.name = "seed",
                  .help = "master seed; there is no default",
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
                          "twice the coefficients of a full quadratic",
                  .fallback = "0",
                  .least = 0,
                  .most = 1'000'000},
                 out.wave_points);
  binder.integer({.name = "check_points",
                  .help = "fresh evaluations at posterior draws, which check the emulator",
                  .fallback = "100",
                  .least = 10,
                  .most = 100'000},
                 out.check_points);
  binder.integer({.name = "draws",
                  .help = "rows of the posterior file",
                  .fallback = "2000",
                  .least = 100,
                  .most = 1'000'000},
                 out.draws);
  // What the fallbacks say.
  if (!binder.has("patients")) out.patients = 4096;
  if (!binder.has("starts")) out.starts = 2;
  if (!binder.has("steps")) out.steps = 10;
  if (!binder.has("check_points")) out.check_points = 100;
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
