// The page code, the fixture and what C++ writes against the types of the data contract:
// node check_types.mjs MODULES_DIR MAKE_DEMO_PAGES
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const project = resolve(here, "../..");
const modules = resolve(process.argv[2], "node_modules");
const work = mkdtempSync(join(tmpdir(), "npcsim-types-"));
try {
  // The source tree holds no node_modules, so the compiler is shown the tree beside the installed
  // packages.
  symlinkSync(join(project, "analysis"), join(work, "analysis"));
  symlinkSync(join(project, "tests"), join(work, "tests"));
  symlinkSync(modules, join(work, "node_modules"));
  writeFileSync(
    join(work, "globals.d.ts"),
    "declare const process: { stdout: { write(text: string): void } };\n",
  );
  execFileSync(resolve(process.argv[3]), [work]);
  for (const [page, type] of [
    ["validation", "ValidationData"],
    ["calibration", "CalibrationData"],
  ]) {
    const json = readFileSync(join(work, `${page}.json`), "utf8");
    writeFileSync(
      join(work, `${page}.ts`),
      `import type { ${type} } from "./analysis/report/figures/${page}_data";\n` +
        `export const data: ${type} = ${json};\n`,
    );
  }
  writeFileSync(
    join(work, "tsconfig.json"),
    JSON.stringify({
      extends: "./analysis/report/tsconfig.json",
      compilerOptions: { allowJs: true, checkJs: true, preserveSymlinks: true },
      include: [
        "globals.d.ts",
        "validation.ts",
        "calibration.ts",
        "analysis/report/figures/*.ts",
        "analysis/report/page/*.ts",
        "tests/report/fixture.mjs",
      ],
    }),
  );
  const run = spawnSync(process.execPath, [join(modules, "typescript/bin/tsc"), "-p", work], {
    stdio: "inherit",
  });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
