"""The files that belong to the project: what git tracks or would track, without what builds leave behind."""
import pathlib
import subprocess


def project_files(root):
    """Paths relative to `root`. Without git (a source archive), everything outside build folders."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", str(root), "ls-files", "-z", "--cached", "--others",
         "--exclude-standard"],
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if listing.returncode == 0 and listing.stdout:
        names = listing.stdout.decode(errors="surrogateescape").split("\0")
        return sorted(name for name in names if name and (root / name).is_file())
    skipped = {"build", ".git", ".cache", "__pycache__", "node_modules"}
    return sorted(path.relative_to(root).as_posix() for path in pathlib.Path(root).rglob("*")
                  if path.is_file() and not skipped & set(path.relative_to(root).parts))
