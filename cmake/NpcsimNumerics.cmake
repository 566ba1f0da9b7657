# npcsim_numerics(<target> <PUBLIC|PRIVATE>)
#
# Same bits with every compiler, optimisation level and processor: no contraction of a * b + c into one rounding.
# It is public, because inline functions of our headers are compiled by whoever includes them, and the linker may
# keep that copy. The two other flags change no result: nobody reads floating-point traps or errno, and without them
# the compiler may vectorise. Never -ffast-math.
function(npcsim_numerics target visibility)
  target_compile_options(${target} ${visibility} -ffp-contract=off)
  target_compile_options(${target} PRIVATE -fno-trapping-math -fno-math-errno)
endfunction()
