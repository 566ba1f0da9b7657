#ifdef NPCSIM_WRONG
static_assert(sizeof(int) == 0, "refused on purpose");
#endif
int main() { return 0; }
