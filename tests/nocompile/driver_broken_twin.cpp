#ifndef NPCSIM_WRONG
static_assert(sizeof(int) == 0, "the right variant is broken on purpose");
#endif
static_assert(sizeof(int) > 0);
#ifdef NPCSIM_WRONG
static_assert(sizeof(int) == 0, "refused as expected");
#endif
int main() { return 0; }
