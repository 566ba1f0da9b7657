// Median of a Weibull survival time that a small document describes.
#include <npcsim/base/diagnostics.hpp>
#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/tree.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/hazard/baseline.hpp>
#include <npcsim/hazard/family_info.hpp>
#include <npcsim/io/yaml_reader.hpp>

#include <array>
#include <cstdio>

int main() {
  npcsim::Diagnostics diagnostics;
  const npcsim::Tree document = npcsim::read_yaml_text(
      "example", "family: weibull\nshape: 1.5\nscale: 20 months\n", diagnostics);
  if (diagnostics.has_errors()) {
    std::fputs(diagnostics.text("nothing was computed").c_str(), stderr);
    return 65;
  }
  const npcsim::FamilyInfo* family = npcsim::find_family(document.find("family")->text());
  const auto shape = npcsim::parse_number(document.find("shape")->text());
  const auto scale = npcsim::parse_quantity(document.find("scale")->text());
  if (family == nullptr || !shape || !scale) {
    return 65;
  }
  npcsim::Baseline baseline;
  baseline.family = family->family;
  const std::array<double, 2> parameters{*shape, scale->value};
  const double days = npcsim::time_at(baseline, parameters.data(), npcsim::portable::log(2.0));
  std::printf("median %.2f months\n", npcsim::Months::from_days(days).count());
  return 0;
}
