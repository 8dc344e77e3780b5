// Imported first by the commands that people type. Its syntax is old on purpose: a Node too old for the rest must still
// be able to read this file and report that in one line.
const wanted = '20.20';
const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) {
  process.stderr.write(
    `Tailnet Observatory needs Node.js ${wanted} or newer, and this is ${process.versions.node}: install a current one from https://nodejs.org and run the command again.\n`,
  );
  process.exit(1);
}
