#include <npcsim/model/model_doc.hpp>
#include <npcsim/run/population_doc.hpp>

namespace npcsim {

void bind(Binder& binder, PopulationDoc& out) {
  std::string text;
  binder.text({.name = "population", .help = "name of the population", .example = "fujian"}, text);
  binder.text({.name = "model",
               .help = "model whose attributes and parameters it sets",
               .example = "dmnpc"},
              text);
  binder.text({.name = "title", .help = "name for people"}, text);
  binder.text({.name = "description", .help = "what a reader should know"}, text);
  if (binder.describing()) {
    // These are put into the model before the rest is read.
    binder.raw(
        {.name = "preset",
         .help = "another population whose entries hold where this one has none; an attribute, a "
                 "parameter or a test under `eligible` is replaced as a whole",
         .example = "review"},
        "name");
    binder.raw({.name = "parameters",
                .help = "other values for parameters of the model, by name",
                .example = "{lesion_extra: 6.4}"},
               "map");
    binder.raw({.name = "attributes",
                .help = "attributes that replace those of the model or are added to them, written "
                        "as in a model",
                .example = "{age: {normal: {mean: 55, sd: 10}, unit: years}}"},
               "map");
    binder.raw({.name = "copulas", .help = "replaces the copulas of the model"}, "list");
  }
  condition(binder,
            {.name = "eligible",
             .help = "only patients for whom this holds at diagnosis; others are drawn again",
             .example = "{ecog1: true, age: {max: 70}}"},
            out.eligible);
  binder.name({.name = "resample",
               .help = "CSV file of real patients, drawn with replacement; attributes of the kind "
                       "`resample` take its columns",
               .example = "patients.csv"},
              out.resample);
  std::vector<Name> source;
  binder.names({.name = "source", .help = "citation keys, or assumed"}, source);
}

PopulationDoc read_population(const Tree& tree, const ParameterTable& parameters,
                              Diagnostics& diagnostics) {
  PopulationDoc out;
  if (!tree.is_map()) return out;
  BindContext context{&diagnostics, &parameters, nullptr, nullptr};
  Binder binder(context, tree, {"population"});
  bind(binder, out);
  binder.finish();
  return out;
}

}  // namespace npcsim
