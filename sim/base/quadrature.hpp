// Adaptive Gauss-Kronrod integration over finite and half-infinite ranges.
#pragma once

namespace npcsim {

/// Integral, estimate of its absolute error, and whether that met the tolerance.
struct [[nodiscard]] Quadrature {
  double value;
  double error;
  bool converged;
  int evaluations;
};

/// The estimated error is to be at most the larger of absolute and relative * |integral|.
struct QuadratureTolerance {
  double absolute = 0.0;
  double relative = 1e-10;
};

namespace detail {

/// Gauss-Kronrod pair of 10 and 21 points (Piessens et al. 1983, QUADPACK, routine QK21), the
/// largest node first; Gauss nodes are the odd ones.
inline constexpr double kronrod_nodes[11] = {0.995657163025808080735527280689003,
                                             0.973906528517171720077964012084452,
                                             0.930157491355708226001207180059508,
                                             0.865063366688984510732096688423493,
                                             0.780817726586416897063717578345042,
                                             0.679409568299024406234327365114874,
                                             0.562757134668604683339000099272694,
                                             0.433395394129247190799265943165784,
                                             0.294392862701460198131126603103866,
                                             0.148874338981631210884826001129720,
                                             0.0};
inline constexpr double kronrod_weights[11] = {
    0.011694638867371874278064396062192, 0.032558162307964727478818972459390,
    0.054755896574351996031381300244580, 0.075039674810919952767043140916190,
    0.093125454583697605535065465083366, 0.109387158802297641899210590325805,
    0.123491976262065851077958109831074, 0.134709217311473325928054001771707,
    0.142775938577060080797094273138717, 0.147739104901338491374841515972068,
    0.149445554002916905664936468389821};
inline constexpr double gauss_weights[5] = {
    0.066671344308688137593568809893332, 0.149451349150580593145776339657697,
    0.219086362515982043995534934228163, 0.269266719309996355091226921569469,
    0.295524224714752870173892994651338};

using Integrand = double (*)(const void* context, double x);

Quadrature integrate(Integrand f, const void* context, double from, double to,
                     QuadratureTolerance tolerance);
Quadrature integrate_to_infinity(Integrand f, const void* context, double from,
                                 QuadratureTolerance tolerance);

template <class Function>
double call(const void* context, double x) {
  return (*static_cast<const Function*>(context))(x);
}

}  // namespace detail

/// Integral of f over [from, to], both finite; f is never evaluated at the ends. The worst interval
/// is halved until the summed errors meet the larger tolerance, at most 500 times. A value of f
/// that is not finite ends the work with converged = false. \pre f does not throw.
template <class Function>
Quadrature integrate(const Function& f, double from, double to,
                     QuadratureTolerance tolerance = {}) {
  return detail::integrate(&detail::call<Function>, &f, from, to, tolerance);
}

/// Integral of f over [from, infinity) by x = from + t / (1 - t).
template <class Function>
Quadrature integrate_to_infinity(const Function& f, double from,
                                 QuadratureTolerance tolerance = {}) {
  return detail::integrate_to_infinity(&detail::call<Function>, &f, from, tolerance);
}

}  // namespace npcsim
