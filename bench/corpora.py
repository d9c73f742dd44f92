#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fetches the real source trees that the benchmarks and the ctags comparison read.

Every tree comes from a package at a pinned version, through the package manager's ordinary
client (apt-get, npm, cargo, pip), with whatever mirror that client is configured to use. Nothing
is installed: packages are downloaded and unpacked below one directory (default
${XDG_CACHE_HOME:-~/.cache}/repomap-corpora), one sub-directory for each language, one below that
for each package. A package that is already unpacked is left alone, so a second run is free.

When a mirror no longer carries the pinned version of a Debian package, its present version is
taken and the difference is printed; FETCHED.txt in the directory records what was used.

    python3 bench/corpora.py                 everything
    python3 bench/corpora.py rust lua        these languages only
    python3 bench/corpora.py --sample        the small trees that the tests use
    python3 bench/corpora.py --list          what there is
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from corpora_files import default_directory  # noqa: E402


@dataclass(frozen=True)
class Package:
    """One package: which client fetches it, and which folders of it are source (all when empty)."""

    client: str
    name: str
    version: str
    keep: tuple = ()


def debian(name, version, *keep):
    return Package("debian", name, version, keep)


def debian_source(name, version, *keep):
    return Package("debian-source", name, version, keep)


def npm(name, version, *keep):
    return Package("npm", name, version, keep)


def crate(name, version):
    return Package("crate", name, version)


def sdist(name, version, *keep):
    return Package("sdist", name, version, keep)


PACKAGES = {
    "c": [debian("linux-source-6.1", "6.1.192-2")],
    "cpp": [
        npm("leveldown", "6.1.1", "deps/leveldb", "binding.cc"),
        npm("re2", "1.27.1", "lib", "vendor"),
    ],
    "python": [
        debian("libpython3.11-stdlib", "3.11.2-6+deb12u9", "usr/lib/python3.11"),
        debian("libpython3.11-minimal", "3.11.2-6+deb12u9", "usr/lib/python3.11"),
    ],
    "java": [debian("openjdk-17-source", "17.0.21.1+2-1~deb12u1")],
    "go": [debian("golang-1.19-src", "1.19.8-2", "usr/share/go-1.19/src")],
    "rust": [
        crate("clap_builder", "4.5.7"),
        crate("hyper", "1.3.1"),
        crate("rayon", "1.10.0"),
        crate("regex-automata", "0.4.7"),
        crate("regex-syntax", "0.8.4"),
        crate("serde", "1.0.203"),
        crate("serde_derive", "1.0.203"),
        crate("syn", "2.0.66"),
        crate("tokio", "1.38.0"),
    ],
    "javascript": [
        npm("eslint", "10.15.0", "lib"),
        npm("express", "5.3.0", "lib"),
        npm("jquery", "4.0.0", "src"),
        npm("lodash", "4.18.1"),
        npm("mocha", "12.0.3", "lib"),
        npm("three", "0.187.0", "src"),
        npm("webpack", "5.112.2", "lib"),
    ],
    "typescript": [
        npm("@deck.gl/core", "9.4.0", "src"),
        npm("@reduxjs/toolkit", "2.14.0", "src"),
        npm("apache-arrow", "21.2.0", "src"),
        npm("mobx", "7.1.3", "src"),
        npm("rxjs", "7.8.2", "src"),
        npm("zod", "4.6.7", "src"),
    ],
    "ruby": [
        debian("libruby3.1", "3.1.2-7+deb12u1", "usr/lib/ruby"),
        debian("ruby-actionpack", "2:6.1.7.10+dfsg-1~deb12u3", "usr/share/rubygems-integration"),
        debian("ruby-activerecord", "2:6.1.7.10+dfsg-1~deb12u3", "usr/share/rubygems-integration"),
        debian("ruby-activesupport", "2:6.1.7.10+dfsg-1~deb12u3", "usr/share/rubygems-integration"),
        debian("ruby-rack", "2.2.22-0+deb12u2", "usr/share/rubygems-integration"),
    ],
    "php": [
        debian("php-doctrine-orm", "2.14.1+dfsg-1", "usr/share/php"),
        debian("php-illuminate-database", "8.83.26+dfsg-2", "usr/share/php"),
        debian("php-symfony-console", "5.4.53+dfsg-0+deb12u1", "usr/share/php"),
        debian("php-symfony-dependency-injection", "5.4.53+dfsg-0+deb12u1", "usr/share/php"),
        debian("php-symfony-http-foundation", "5.4.53+dfsg-0+deb12u1", "usr/share/php"),
        debian("php-symfony-http-kernel", "5.4.53+dfsg-0+deb12u1", "usr/share/php"),
        debian("php-twig", "3.5.1-1+deb12u3", "usr/share/php"),
        debian("phpunit", "9.6.7-1+deb12u1", "usr/share/php"),
    ],
    "csharp": [
        debian_source("keepass2", "2.47+dfsg-2"),
        debian_source("newtonsoft-json", "6.0.8+dfsg-1.1"),
        npm("edge-js", "26.1.0", "src"),
        sdist("pythonnet", "3.0.5", "src"),
    ],
    "lua": [
        debian("awesome", "4.3-7", "usr/share/awesome/lib"),
        debian("lua-busted", "2.1.1-1", "usr/share/lua/5.1"),
        debian("lua-ldoc", "1.4.6-2"),
        debian("lua-penlight", "1.13.1-3", "usr/share/lua/5.1"),
        debian("luarocks", "3.8.0+dfsg1-1", "usr/share/lua/5.1"),
        debian("neovim-runtime", "0.7.2-7", "usr/share/nvim"),
    ],
    "bash": [
        debian("bash-completion", "1:2.11-6", "usr/share/bash-completion"),
        debian("debootstrap", "1.0.128+nmu2+deb12u2"),
        debian("devscripts", "2.23.4+deb12u2", "usr/bin"),
        debian("dracut-core", "059-4"),
        debian("git", "1:2.39.5-0+deb12u3", "usr/lib/git-core", "usr/share/bash-completion"),
        debian("initramfs-tools-core", "0.142+deb12u3"),
    ],
}

# A small tree for each language, for the comparison that runs with the tests: some 10 MB of downloads.
SAMPLE = {
    "c": [npm("tree-sitter", "0.25.0", "vendor/tree-sitter/lib")],
    "cpp": [npm("leveldown", "6.1.1", "deps/leveldb")],
    "python": [debian("libpython3.11-minimal", "3.11.2-6+deb12u9", "usr/lib/python3.11")],
    "java": [npm("react-native-svg", "15.16.1", "android/src")],
    "go": [debian("golang-golang-x-tools-dev", "1:0.5.0+ds-1", "usr/share/gocode")],
    "rust": [
        debian("librust-regex-syntax-dev", "0.6.27-1", "usr/share/cargo/registry"),
        debian("librust-syn-dev", "1.0.107-1", "usr/share/cargo/registry"),
    ],
    "javascript": [npm("express", "5.3.0", "lib"), npm("mocha", "12.0.3", "lib")],
    "typescript": [npm("rxjs", "7.8.2", "src")],
    "ruby": [debian("ruby-activesupport", "2:6.1.7.10+dfsg-1~deb12u3", "usr/share/rubygems-integration")],
    "php": [debian("php-symfony-console", "5.4.53+dfsg-0+deb12u1", "usr/share/php")],
    "csharp": [sdist("pythonnet", "3.0.5", "src")],
    "lua": [debian("lua-penlight", "1.13.1-3", "usr/share/lua/5.1")],
    "bash": [
        debian("dracut-core", "059-4"),
        debian("initramfs-tools-core", "0.142+deb12u3"),
    ],
}


class FetchFailed(Exception):
    """A client could not deliver a package; the message carries the client's own words."""


def run(arguments, where, environment=None):
    """Runs a client in the folder `where`; its output is kept for the message of a failure."""
    done = subprocess.run(arguments, cwd=where, env=environment, text=True, capture_output=True)
    if done.returncode != 0:
        raise FetchFailed(f"{' '.join(arguments)}: {(done.stderr or done.stdout).strip()[-400:]}")
    return done.stdout


def only_file(folder, pattern):
    found = sorted(folder.glob(pattern))
    if not found:
        raise FetchFailed(f"no {pattern} arrived")
    return found[0]


def extract_tar(archive, to, members=None):
    arguments = ["tar", "-xf", str(archive), "-C", str(to), "--no-same-owner"]
    run(arguments + list(members or ()), to)


def keep_folders(tree, package, destination):
    """Moves what `package.keep` names (everything when it is empty) from `tree` to `destination`."""
    for name in package.keep or [entry.name for entry in sorted(tree.iterdir())]:
        source = tree / name
        if not source.exists():
            raise FetchFailed(f"{package.name} has no {name}")
        target = destination / (name if len(package.keep) > 1 or not package.keep else "")
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


def download_debian(package, scratch):
    """Downloads the .deb; returns the version that came, which is another one when the mirror moved on."""
    try:
        run(["apt-get", "download", f"{package.name}={package.version}"], scratch)
        return package.version
    except FetchFailed:
        run(["apt-get", "download", package.name], scratch)
        archive = only_file(scratch, "*.deb")
        version = run(["dpkg-deb", "-f", str(archive), "Version"], scratch).strip()
        print(f"  {package.name}: {package.version} is gone, took {version}", file=sys.stderr)
        return version


def fetch_debian(package, destination, scratch):
    version = download_debian(package, scratch)
    tree = scratch / "tree"
    tree.mkdir()
    run(["dpkg-deb", "-x", str(only_file(scratch, "*.deb")), str(tree)], scratch)
    if package.name.startswith("linux-source-"):
        extract_tar(tree / "usr/src" / f"{package.name}.tar.xz", destination.parent)
        return version
    if package.name.startswith("openjdk-"):
        with zipfile.ZipFile(only_file(tree, "usr/lib/jvm/*/lib/src.zip")) as archive:
            archive.extractall(destination, [n for n in archive.namelist() if n.startswith("java.base/")])
        return version
    keep_folders(tree, package, destination)
    return version


def source_lists(scratch):
    """Copies the system's apt sources with the source type switched on; returns the apt options that use them."""
    parts, lists = scratch / "parts", scratch / "lists"
    parts.mkdir()
    (lists / "partial").mkdir(parents=True)
    for entry in pathlib.Path("/etc/apt/sources.list.d").glob("*.sources"):
        text = entry.read_text(encoding="utf-8")
        (parts / entry.name).write_text(text.replace("Types: deb\n", "Types: deb-src\n"), encoding="utf-8")
    classic = pathlib.Path("/etc/apt/sources.list")
    main = scratch / "sources.list"
    lines = classic.read_text(encoding="utf-8").splitlines() if classic.exists() else []
    main.write_text("".join(f"deb-src{l[3:]}\n" for l in lines if l.startswith("deb ")), encoding="utf-8")
    return ["-o", f"Dir::Etc::sourcelist={main}", "-o", f"Dir::Etc::sourceparts={parts}",
            "-o", f"Dir::State::lists={lists}", "-o", "APT::Sandbox::User=root"]


def fetch_debian_source(package, destination, scratch):
    options = source_lists(scratch)
    run(["apt-get", *options, "update"], scratch)
    run(["apt-get", *options, "source", "--tar-only", f"{package.name}={package.version}"], scratch)
    tree = scratch / "tree"
    tree.mkdir()
    extract_tar(only_file(scratch, "*.orig.tar.*"), tree)
    keep_folders(tree, package, destination)
    return package.version


def fetch_npm(package, destination, scratch):
    run(["npm", "pack", "--silent", f"{package.name}@{package.version}"], scratch)
    tree = scratch / "tree"
    tree.mkdir()
    extract_tar(only_file(scratch, "*.tgz"), tree)
    keep_folders(next(tree.iterdir()), package, destination)
    return package.version


def fetch_crate(package, destination, scratch):
    """Lets cargo vendor a project that depends on the crate, and keeps that crate's own folder."""
    (scratch / "src").mkdir()
    (scratch / "src/lib.rs").write_text("", encoding="utf-8")
    (scratch / "Cargo.toml").write_text(
        '[package]\nname = "corpus"\nversion = "0.0.0"\nedition = "2021"\n'
        f'[dependencies]\n{package.name} = "={package.version}"\n', encoding="utf-8")
    run(["cargo", "vendor", "--quiet", "--versioned-dirs", "vendor"], scratch)
    shutil.copytree(scratch / "vendor" / f"{package.name}-{package.version}", destination, dirs_exist_ok=True)
    return package.version


def fetch_sdist(package, destination, scratch):
    run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:",
         f"{package.name}=={package.version}"], scratch)
    tree = scratch / "tree"
    tree.mkdir()
    extract_tar(only_file(scratch, "*.tar.gz"), tree)
    keep_folders(next(tree.iterdir()), package, destination)
    return package.version


FETCHERS = {
    "debian": fetch_debian,
    "debian-source": fetch_debian_source,
    "npm": fetch_npm,
    "crate": fetch_crate,
    "sdist": fetch_sdist,
}


def destination_of(root, language, package):
    """Where a package's sources lie; the kernel has its own folder because other tools unpack it there too."""
    if package.name.startswith("linux-source-"):
        return root / package.name
    return root / language / package.name.replace("/", "_").lstrip("@")


def fetch(root, language, package):
    """Brings one package; True when it is there afterwards."""
    destination = destination_of(root, language, package)
    if destination.is_dir():
        return True
    print(f"{language}: {package.client} {package.name} {package.version}", file=sys.stderr)
    with tempfile.TemporaryDirectory(dir=root, prefix=".fetch-") as scratch_name:
        scratch = pathlib.Path(scratch_name)
        staged = scratch / "staged" / destination.name
        staged.mkdir(parents=True)
        try:
            work = scratch / "work"
            work.mkdir()
            version = FETCHERS[package.client](package, staged, work)
        except (FetchFailed, OSError, tarfile.TarError, zipfile.BadZipFile) as error:
            print(f"  failed: {error}", file=sys.stderr)
            return False
        destination.parent.mkdir(parents=True, exist_ok=True)
        os.rename(staged, destination)
    with open(root / "FETCHED.txt", "a", encoding="utf-8") as record:
        record.write(f"{language} {package.client} {package.name} {version}\n")
    return True


def fetch_all(directory, packages, languages):
    """Brings the languages' packages into `directory`; returns the names of those that did not come."""
    directory.mkdir(parents=True, exist_ok=True)
    root = directory.resolve()
    return [p.name for language in languages for p in packages[language] if not fetch(root, language, p)]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("languages", nargs="*", choices=[[], *PACKAGES], help="languages to fetch (default: all)")
    parser.add_argument("--directory", type=pathlib.Path, default=default_directory())
    parser.add_argument("--sample", action="store_true", help="the small trees instead of the large ones")
    parser.add_argument("--list", action="store_true", help="print the packages and stop")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    packages = SAMPLE if arguments.sample else PACKAGES
    languages = arguments.languages or list(packages)
    if arguments.list:
        for language in languages:
            for package in packages[language]:
                print(f"{language:11} {package.client:14} {package.name} {package.version}")
        return 0
    missing = fetch_all(arguments.directory, packages, languages)
    if missing:
        print(f"not fetched: {', '.join(missing)}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
