#include <npcsim/base/units.hpp>
#include <npcsim/emulation/detail/figure_numbers.hpp>
#include <npcsim/evidence/effective_n.hpp>

namespace npcsim::detail {

void read_numbers(const Target& target, double longest_days, Figure& out) {
  const auto scaled = [&](double natural) { return to_scale(out.scale, natural); };
  const double by = target.statistic == Statistic::count && target.n > 0
                        ? 1.0 / static_cast<double>(target.n)
                        : 1.0;
  if (is_printed(target.value)) {
    out.printed.value = target.value * by;
    out.value = scaled(out.printed.value);
  }
  switch (target.reading) {
    case Reading::exact:
    case Reading::about:
      break;
    case Reading::more_than:
    case Reading::at_least:
      out.reading = FigureReading::above;
      break;
    case Reading::less_than:
    case Reading::at_most:
      out.reading = FigureReading::below;
      break;
    case Reading::range:
      out.reading = FigureReading::within;
      break;
    case Reading::not_reached:
      out.reading = FigureReading::above;
      out.printed.value = longest_days / days_per_month;
      out.value = scaled(out.printed.value);
      break;
  }
  if (is_printed(target.range.low)) {
    out.reading = FigureReading::within;
    out.printed = {not_printed, target.range.low * by, target.range.high * by, not_printed};
    out.low = scaled(out.printed.low);
    out.high = scaled(out.printed.high);
    out.value = 0.5 * (out.low + out.high);
  } else {
    out.printed.low = target.interval.low * by;
    out.printed.high = target.interval.high * by;
    out.printed.level = target.level;
  }
  if (!is_printed(target.interval.low) || !is_printed(target.level)) return;
  // The quantile that the library uses for the interval of a ratio is asked for on its own scale.
  Target as_scaled = target;
  as_scaled.unit = "scaled";
  as_scaled.interval.low = scaled(target.interval.low * by);
  as_scaled.interval.high = scaled(target.interval.high * by);
  out.se = standard_error_of_interval(as_scaled).value_or(0);
}

}  // namespace npcsim::detail
