// Bundles one page: node bundle.mjs ENTRY OUT.js. Run in the folder that holds node_modules.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [entry, out] = process.argv.slice(2);
const modules = resolve("node_modules");
const { build } = createRequire(join(modules, "_"))("esbuild");

const result = await build({
  entryPoints: [entry],
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  format: "iife",
  target: "es2020",
  platform: "browser",
  charset: "utf8",
  legalComments: "none",
  nodePaths: [modules],
  logLevel: "warning",
});

/** Licence texts of everything in the bundle; equal texts are printed once. */
function licences() {
  const packages = new Set();
  for (const input of Object.keys(result.metafile.inputs)) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) packages.add(found[1]);
  }
  const texts = new Map();
  for (const name of [...packages].sort()) {
    const folder = join(modules, name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = existsSync(folder) && readdirSync(folder).find((f) => /^licen[cs]e/i.test(f));
    const text = (file ? readFileSync(join(folder, file), "utf8") : `Licence: ${license}`)
      .trim()
      .replace(/\*\//g, "* /");
    const [, copyright = "", rest = text] = /((?:^Copyright.*\n?)+)([\s\S]*)/m.exec(text) ?? [];
    const key = rest.trim().replace(/\s+/g, " ");
    texts.set(key, [
      ...(texts.get(key) ?? []),
      `${name} ${version}. ${copyright.trim().replace(/\n/g, "; ")}`,
    ]);
  }
  return [...texts].map(([text, names]) => `${names.join("\n")}\n\n${text}`).join("\n\n----\n\n");
}

const script = `/*!\n${licences()}\n*/\n${result.outputFiles[0].text}`;
if (/<\/script|<!--/i.test(script)) throw new Error("the bundle would end its own script element");
if (/\beval\s*\(|new Function\s*\(/.test(script))
  throw new Error("the bundle uses eval, which the page forbids");
writeFileSync(out, script);
writeFileSync(`${out}.sha256`, createHash("sha256").update(script, "utf8").digest("base64"));
