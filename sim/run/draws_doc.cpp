#include <npcsim/run/draws_doc.hpp>

namespace npcsim {

void bind(Binder& binder, DrawsDoc& out) {
  out.place = binder.node().place();
  const Tree* count = binder.node().find("count");
  out.count_place = count == nullptr ? out.place : count->place();
  binder.integer({.name = "count",
                  .help = "how many draws; from a file with more rows, evenly spaced ones; default "
                          "with a file: all its rows",
                  .example = "200",
                  .least = 1,
                  .most = DrawsDoc::most},
                 out.count);
  binder.name({.name = "from",
               .help = "prior: every parameter from its prior, independently; or a CSV file with "
                       "one column for each parameter that varies, in the unit in which the model "
                       "writes its value, and one row for each draw",
               .required = true,
               .example = "prior"},
              out.from);
  std::string others = "base";
  binder.text({.name = "others",
               .help = "parameters without a column of the file. base: they keep their values; "
                       "prior: each is drawn from its prior, independently",
               .fallback = "base",
               .choices = "base|prior"},
              others);
  out.others_from_prior = others == "prior";
  std::string patients = "common";
  binder.text({.name = "patients",
               .help = "common: the same patients with the same random numbers in every draw; "
                       "fresh: other patients in each",
               .fallback = "common",
               .choices = "common|fresh"},
              patients);
  out.fresh = patients == "fresh";
  if (!out.from_prior() || binder.describing()) return;
  if (count == nullptr)
    binder.error(out.place, "draws from the prior need 'count'", "how many, e.g. count: 200");
  if (out.others_from_prior) {
    binder.error(binder.node().find("others")->place(),
                 "'others' says what happens to parameters that a file leaves out, and these draws "
                 "come from no file",
                 "without 'others' every parameter is drawn from its prior");
  }
}

}  // namespace npcsim
