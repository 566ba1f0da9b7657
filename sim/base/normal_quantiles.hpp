// Quantiles of the standard normal that intervals are made of.
#pragma once

namespace npcsim {

inline constexpr double z_95 = 1.9599639845400542355;   ///< 0.975: half a central 95 % interval
inline constexpr double z_50 = 0.67448975019608174320;  ///< 0.75: half a central 50 % interval

}  // namespace npcsim
